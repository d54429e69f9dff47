// Package readme writes reports/README.md: the published reports as a table, with a paragraph on
// each cell that surprises and what was seen there. It is a pure function of the reports.
package readme

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/combine"
	"github.com/loopmatrix/loopmatrix/reports/documented"
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/notes"
	"github.com/loopmatrix/loopmatrix/reports/platforms"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

//go:generate go test . -run TestReadme -update

// Matrix is the reports side by side, judged by the rules of the catalogue, with the platforms that
// the table still wants. It has the claims that one of the reports was measured against: a younger
// one, of which the table could tell nothing, comes in with the first report that has it, so that
// who adds a claim need not write the tables anew.
func Matrix(reports []model.Report, catalogue []claim.Entry) (model.Matrix, error) {
	catalogue = known(reports, catalogue)
	judged := make([]model.Report, len(reports))
	for i, r := range reports {
		judged[i] = combine.Rejudge(r, catalogue)
	}
	m, err := combine.Combine(judged, catalogue)
	if err != nil {
		return m, err
	}
	targets, err := platforms.Targets()
	if err != nil {
		return m, err
	}
	m.Wanted = platforms.Unmeasured(targets, m.Platforms)
	said, err := documented.All(claim.Catalogue())
	return m.With(said), err
}

// known are the claims of the catalogue that one of the reports was measured against, or that there
// were from the first.
func known(reports []model.Report, catalogue []claim.Entry) []claim.Entry {
	ids := map[string]bool{}
	for _, id := range model.First() {
		ids[id] = true
	}
	for _, r := range reports {
		for _, id := range r.MeasuredAgainst() {
			ids[id] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(catalogue), func(e claim.Entry) bool { return !ids[e.ID] })
}

const head = `# What loopback really does

Written by ` + "`go generate ./reports/readme`" + ` from the reports in [published](published); a test proves that it is up to date.
A cell shows what came back from the calls, and whether the source of the claim asks for that.

## What people ask

`

const contribute = `
## Platforms that nobody has measured

A question mark is never a no. These are wanted: %s.

Whoever has one of them can add its columns, one of an ordinary user and one of root:

    loopmatrix run --target local --out reports/published    # measures the machine it is started on
    loopmatrix check reports/published/ID.json               # says whether the report can be published

and send them as a pull request; [the guide](published/README.md) is short. [vagrant](../vagrant) has boxes for most of them, and
` + "`loopmatrix targets`" + ` lists the other ways to take the kit there.

## Everything

`

const sweeps = `
## Every address

Claims ask a sample of addresses; these are sweeps, which ask each one: whether a datagram to it arrives at 0.0.0.0 (udp), and whether
it can be bound (bind). Where a system took too long for all 16,777,216, its line says which part was asked.

`

// listeners stands above the table of held listeners.
const listeners = `
## Listeners on one port

As many TCP listeners as there was room for, all on one port and each on an address of its own
(` + "`loopmatrix run --sweep listeners`" + `, which takes half of the free memory at most).

`

// account stands above what became of documented entries.
const account = `
## What is documented, held against what was measured

[documented](documented) holds what sources, makers, public tests and public reports say of systems that nobody has measured
with this kit. It counts for nothing, and a measurement replaces it.

`

// Page is the whole of reports/README.md.
func Page(reports []model.Report, catalogue []claim.Entry) ([]byte, error) {
	m, err := Matrix(reports, catalogue)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString(head)
	b.Write(render.HeadlineTable(m))
	fmt.Fprintf(&b, contribute, titles(m.Wanted))
	render.Details(&b, m)
	if table := render.SweepTable(reports); table != nil {
		b.WriteString(sweeps)
		b.Write(table)
	}
	if table := render.ListenersTable(reports); table != nil {
		b.WriteString(listeners)
		b.Write(table)
	}
	b.WriteString(account)
	render.AccountMarkdown(&b, m, render.Held(m))
	b.WriteString("\n## What surprises\n\n")
	explanations, err := notes.All()
	for _, n := range explanations {
		paragraph(&b, m, reports, n)
	}
	return b.Bytes(), err
}

func titles(wanted []model.Wanted) string {
	out := make([]string, len(wanted))
	for i, w := range wanted {
		out[i] = render.Escape(w.Title)
	}
	return strings.Join(out, "; ")
}

// sentence is what a claim says.
func sentence(m model.Matrix, id string) string {
	for _, c := range m.Claims {
		if c.ID == id {
			return c.Sentence
		}
	}
	return ""
}

// found words a verdict for the platforms that follow it.
func found(v claim.Verdict) string {
	switch v {
	case claim.Conforms:
		return "It holds on"
	case claim.Deviates:
		return "It does not hold on"
	default:
		return "Seen as explained here on"
	}
}

// paragraph is a note with the cells that it is about and what was seen in the first of them.
func paragraph(b *bytes.Buffer, m model.Matrix, reports []model.Report, n notes.Note) {
	on := explained(m, n)
	if len(on) == 0 {
		return
	}
	cell, _ := m.Cell(n.Claim, on[0].ID)
	fmt.Fprintf(b, "### %s: %s\n\n", n.Claim, strings.Join(n.Shows, ", "))
	fmt.Fprintf(b, "*%s* %s %s.\n\n", render.Escape(sentence(m, n.Claim)), found(cell.Verdict), render.Names(on))
	fmt.Fprintf(b, "%s\n\n", render.Escape(n.Text))
	result, measured := resultOf(reports, on[0].ID, n.Claim)
	if !measured {
		return
	}
	fmt.Fprintf(b, "Seen on %s: %s\n\n", render.Escape(on[0].Title), render.Escape(cell.Detail))
	for _, l := range n.Look {
		if o, seen := l.In(result.Observations); seen {
			fmt.Fprintf(b, "%s\n", render.Fenced(sight(o)))
		}
	}
}

// explained are the platforms that show what a note explains.
func explained(m model.Matrix, n notes.Note) []model.Column {
	var out []model.Column
	for _, p := range m.Platforms {
		if cell, measured := m.Cell(n.Claim, p.ID); measured && n.Explains(n.Claim, p.ID, cell.Behaviour) {
			out = append(out, p)
		}
	}
	return out
}

func resultOf(reports []model.Report, platform, claim string) (model.Result, bool) {
	for _, r := range reports {
		if r.Platform.ID != platform {
			continue
		}
		for _, result := range r.Results {
			if result.Claim == claim {
				return result, true
			}
		}
	}
	return model.Result{}, false
}

// most is how many calls of an observation are shown; the last ones matter.
const most = 5

// sight is an observation with the calls behind it.
func sight(o observation.Observation) []string {
	said := strings.Join(words(o.Op, o.Proto, strings.Join(o.Targets, " ")), " ")
	if o.Variant != "" {
		said += " (" + o.Variant + ")"
	}
	lines := []string{said + ": " + strings.Join(words(string(o.Outcome), o.Errno, o.Source, o.Value), " ")}
	calls := o.Calls[max(0, len(o.Calls)-most):]
	for _, c := range calls {
		lines = append(lines, "    "+c)
	}
	return lines
}

func words(all ...string) []string {
	var out []string
	for _, w := range all {
		if w != "" {
			out = append(out, w)
		}
	}
	return out
}
