package combine

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/onsi/gomega"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/schema"
	"github.com/loopmatrix/loopmatrix/runner/platform"
	_ "github.com/loopmatrix/loopmatrix/suites"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// measured is a report of the machine that runs the test, with the claims of one family.
func measured(t *testing.T) model.Report {
	t.Helper()
	under := host.This(1)
	where, _ := platform.Detect(under.Network) // what it can't read stands in the report, and differs from user to user
	r := model.Report{Schema: model.Schema, Kit: model.Kit{Version: "test"}, Platform: where,
		Catalogue: ids(claim.Catalogue()), Run: model.Run{ID: "test", Started: under.Started.UTC().Truncate(time.Second), Seed: 1, Repeat: 1}}
	for _, e := range claim.Catalogue() {
		one := claim.Result{Claim: e.ID, Finding: claim.Finding{Verdict: claim.NotRun, Reason: "not asked for"}}
		if e.Family == claim.Block {
			one = claim.Measure(t.Context(), e, under)
		}
		r.Results = append(r.Results, model.Result{Claim: e.ID, Finding: one.Finding, Observations: append(observation.Set{}, one.Observations...),
			Runs: model.Runs{N: 1, Same: 1}})
	}
	return r
}

// ids returns the ids of claims.
func ids(entries []claim.Entry) (out []string) {
	for _, e := range entries {
		out = append(out, e.ID)
	}
	return out
}

// TestRealOutput takes a report of this machine through file, check, combination and both schemas.
func TestRealOutput(t *testing.T) {
	g := gomega.NewWithT(t)
	r := measured(t)
	text, err := model.Encode(r)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	valid(t, schema.Report(model.Schema), text)
	r, err = model.Decode(bytes.NewReader(text), "r.json", claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(r.Check(claim.Catalogue())).To(gomega.Succeed())
	g.Expect(Rejudge(r, claim.Catalogue())).To(gomega.Equal(r))
	m, err := Combine([]model.Report{r}, claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	text, err = model.Encode(m)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	valid(t, schema.Matrix(), text)
	again, err := model.DecodeMatrix(bytes.NewReader(text), "m.json")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(model.Encode(again)).To(gomega.Equal(text))
}

func valid(t *testing.T, schema string, text []byte) {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := jsonschema.UnmarshalJSON(strings.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.AddResource("schema.json", s); err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.MustCompile("schema.json").Validate(v); err != nil {
		t.Error(err)
	}
}
