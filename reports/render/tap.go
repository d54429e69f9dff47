package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// test is one result as JUnit and TAP show it.
type test struct {
	model.Result
	claim    claim.Claim
	unstable string
	micros   int64 // the slowest of each kind of observation, added up
}

// tests are the results of a report in the order of the catalogue, cleaned. What the catalogue does
// not have is left out.
func tests(r model.Report, catalogue []claim.Entry) []test {
	results := map[string]model.Result{}
	for _, result := range r.Results {
		if result.About() == model.Kernel {
			results[result.Claim] = result
		}
	}
	var out []test
	for _, e := range catalogue {
		result, has := results[e.ID]
		if !has {
			continue
		}
		t := test{Result: cleanResult(result), claim: cleanClaim(e.Claim)}
		for _, o := range result.Observations {
			t.micros += max(o.TookMicros, 0)
		}
		if result.Runs.Same < result.Runs.N {
			t.unstable = fmt.Sprintf("%d of %d", result.Runs.Same, result.Runs.N)
		}
		out = append(out, t)
	}
	return out
}

// fails says whether a result makes a run fail: only a deviation from a MUST or SHOULD does.
func (t test) fails() bool { return t.Verdict == claim.Deviates && t.claim.Level.Binding() }

// TAP is a report in the Test Anything Protocol, version 14. A deviation from a MUST or SHOULD and
// an inconclusive claim are "not ok"; a deviation from what a standard merely states is a TODO,
// which does not count; what did not run is a SKIP.
func TAP(r model.Report, catalogue []claim.Entry) []byte {
	all := tests(r, catalogue)
	var b bytes.Buffer
	fmt.Fprintf(&b, "TAP version 14\n1..%d\n# loopmatrix %s on %s\n", len(all), cleanText(r.Kit.Version), cleanText(r.Platform.ID))
	for i, t := range all {
		result, directive := "ok", ""
		switch {
		case t.fails(), t.Verdict == claim.Inconclusive:
			result = "not ok"
		case t.Verdict == claim.Deviates:
			result, directive = "not ok", " # TODO deviates at level "+string(t.claim.Level)+", which does not bind"
		case t.Verdict == claim.NotRun:
			directive = " # SKIP " + tapText(t.Reason)
		}
		fmt.Fprintf(&b, "%s %d - %s: %s%s\n", result, i+1, tapText(t.claim.ID), tapText(says(model.Cell{Verdict: t.Verdict, Behaviour: t.Behaviour, Unstable: t.unstable})), directive)
		if result == "not ok" {
			diagnose(&b, t)
		}
	}
	return b.Bytes()
}

// diagnose writes the YAML block of a test. A JSON string is a YAML string.
func diagnose(b *bytes.Buffer, t test) {
	b.WriteString("  ---\n")
	for _, f := range []struct{ name, value string }{{"claim", t.claim.Sentence}, {"level", string(t.claim.Level)}, {"source", source(t.claim)},
		{"verdict", string(t.Verdict)}, {"behaviour", t.Behaviour}, {"reason", t.Reason}} {
		if value, err := json.Marshal(f.value); err == nil && f.value != "" {
			fmt.Fprintf(b, "  %s: %s\n", f.name, value)
		}
	}
	b.WriteString("  ...\n")
}

// tapText escapes what would begin a directive.
func tapText(s string) string { return strings.NewReplacer(`\`, `\\`, "#", `\#`).Replace(s) }
