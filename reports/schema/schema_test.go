package schema

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/onsi/gomega"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// validate says what a JSON text has against a schema.
func validate(t *testing.T, schema string, text []byte) error {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.AddResource("schema.json", v); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	v, err = jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return compiled.Validate(v)
}

func sample() model.Report {
	yes := true
	return model.Report{
		Schema: model.Schema, Kit: model.Kit{Version: "1.0.0"}, Catalogue: []string{"v4.block.bind"},
		Platform: model.Platform{ID: "linux-6.12-vm-amd64", State: model.State{IPv6: &yes, Switches: map[string]string{"net.ipv4.ip_nonlocal_bind": "0"}}},
		Run:      model.Run{ID: "1", Started: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC), Seed: 1<<64 - 1, Repeat: 1},
		Results: []model.Result{{Claim: "v4.block.bind", Finding: claim.Finding{Verdict: claim.Observed, Behaviour: "whole-block"},
			Observations: observation.Set{{Op: "bind", Outcome: observation.OK, Count: 1}}, Runs: model.Runs{N: 1, Same: 1}}},
	}
}

func TestSchemaTakesAReport(t *testing.T) {
	g := gomega.NewWithT(t)
	b, err := model.Encode(sample())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(validate(t, Report(model.Schema), b)).To(gomega.Succeed())
	for old, spoilt := range map[string]string{
		`"schema": 2`:                       `"schema": 1`,
		`"catalogue": [`:                    `"catalog": [`,
		`"observed"`:                        `"maybe"`,
		`"outcome": "ok"`:                   `"outcome": "fine"`,
		`"behaviour"`:                       `"word"`,
		`"2026-03-04T05:06:07Z"`:            `"yesterday"`,
		`"ipv6": true`:                      `"ipv6": "yes"`,
		`"count": 1`:                        `"count": "1"`,
		`"net.ipv4.ip_nonlocal_bind": "0"`:  `"net.ipv4.ip_nonlocal_bind": 0`,
		`"id": "linux-6.12-vm-amd64",`:      ``,
		`"seed": 18446744073709551615`:      `"seed": 1.5`,
		`"lo": null`:                        `"lo": "none"`,
		`"claim": "v4.block.bind"`:          `"claim": null`,
		`"started": "2026-03-04T05:06:07Z"`: `"begun": "2026-03-04T05:06:07Z"`,
	} {
		text := strings.Replace(string(b), old, spoilt, 1)
		g.Expect(text).NotTo(gomega.Equal(string(b)), old)
		g.Expect(validate(t, Report(model.Schema), []byte(text))).NotTo(gomega.Succeed(), spoilt)
	}
}

// TestEachVersionHasItsFields holds the published reports, which are of schema 1, and a report with
// every field of schema 2 against both schemas.
func TestEachVersionHasItsFields(t *testing.T) {
	g := gomega.NewWithT(t)
	r := sample()
	r.Subject, r.Results[0].Subject = model.Kernel, model.Machine
	r.Outside = &model.Outside{Kit: r.Kit, Target: "kernel", How: "QEMU", Amended: []model.Amendment{{Name: "platform.version", Inside: `"x"`}}}
	r.Results[0].Evidence = []model.Evidence{{Kind: "pcap", Name: "x.pcapng", Section: "v4.block.bind"}}
	r.Added = []model.Addition{{Kit: r.Kit, Platform: r.Platform, Run: r.Run, Outside: r.Outside, Claims: []string{"v4.block.bind"}}}
	b, err := model.Encode(r)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(validate(t, Report(2), b)).To(gomega.Succeed())
	g.Expect(validate(t, Report(1), b)).NotTo(gomega.Succeed())
	old, err := os.ReadFile("../../reports/combine/testdata/measured/linux-6.12.json")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(validate(t, Report(1), old)).To(gomega.Succeed())
	g.Expect(validate(t, Report(2), old)).NotTo(gomega.Succeed())
	g.Expect(Report(3)).To(gomega.BeEmpty())
	for _, newer := range []string{`"subject"`, `"catalogue"`, `"outside"`, `"added"`, `"section"`, "Outside", "Addition"} {
		g.Expect(Report(1)).NotTo(gomega.ContainSubstring(newer))
	}
}
