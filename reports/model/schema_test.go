package model

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// TestFirst holds the ids of schema 1 against the list of all that were ever published: each is
// still there, in the same order.
func TestFirst(t *testing.T) {
	g := gomega.NewWithT(t)
	text, err := os.ReadFile("../../suites/kit/claim/ids.txt")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	var all []string
	for line := range strings.Lines(string(text)) {
		if id, _, listed := strings.Cut(line, "\t"); listed {
			all = append(all, id)
		}
	}
	all = slices.DeleteFunc(all, func(id string) bool { return !slices.Contains(First(), id) })
	g.Expect(First()).To(gomega.Equal(all))
	g.Expect(First()).To(gomega.HaveLen(130))
}

// TestAYoungerClaimIsMissingNowhere checks a report of either schema with a catalogue that has
// grown since.
func TestAYoungerClaimIsMissingNowhere(t *testing.T) {
	for _, r := range []Report{good(), older()} {
		g := gomega.NewWithT(t)
		grown := append(catalogue(), yesNo("v4.younger", "MUST"))
		g.Expect(r.Check(grown)).To(gomega.Succeed())
		r.Catalogue = append(r.Catalogue, "v4.younger")
		if r.Schema == 2 {
			g.Expect(r.Check(grown)).To(gomega.MatchError(gomega.ContainSubstring("results: there is none for v4.younger;")))
		}
	}
}

// TestAFrozenClaimIsMissed takes a result out of a report of schema 1, and a claim that every kit
// has out of a catalogue.
func TestAFrozenClaimIsMissed(t *testing.T) {
	g := gomega.NewWithT(t)
	frozen := []string{First()[0], First()[1]}
	of := append(catalogue(), yesNo(frozen[0], "FOLK"), yesNo(frozen[1], "FOLK"))
	r := older()
	g.Expect(r.Check(of)).To(gomega.MatchError(gomega.ContainSubstring("there is none for " + strings.Join(frozen, ", "))))
	r = good()
	g.Expect(r.Check(of)).To(gomega.MatchError(gomega.ContainSubstring("catalogue: it lacks " + strings.Join(frozen, ", ") + ", which every version")))
}

// TestEachVersionHasItsOwnFields puts fields into reports of the version that does not have them.
func TestEachVersionHasItsOwnFields(t *testing.T) {
	for want, text := range map[string]string{
		"subject: schema 1 has no such field":                strings.Replace(string(encoded(t, older())), `"kit": {`, `"subject": "", "kit": {`, 1),
		"catalogue: schema 1 has no such field":              strings.Replace(string(encoded(t, good())), `"schema": 2`, `"schema": 1`, 1),
		"results[0].subject: schema 1 has no such field":     strings.Replace(string(encoded(t, older())), `"verdict"`, `"subject": "kernel", "verdict"`, 1),
		"run.target: schema 2 has no such field":             strings.Replace(string(encoded(t, older())), `"schema": 1`, `"schema": 2`, 1),
		"evidence[0].section: schema 1 has no such field":    strings.Replace(string(encoded(t, older())), `"kind"`, `"section": "x", "kind"`, 1),
		"results[0].observation: schema 2 has no such field": strings.Replace(string(encoded(t, good())), `"observations"`, `"observation"`, 1),
	} {
		gomega.NewWithT(t).Expect(decodeError(t, []byte(text))).To(gomega.ContainSubstring(want))
	}
}

// TestSchema2 spoils what schema 2 has and schema 1 had not.
func TestSchema2(t *testing.T) {
	add := func(r *Report) *Addition {
		r.Added = []Addition{{Kit: r.Kit, Platform: r.Platform, Run: r.Run, Claims: []string{"v4.folk"}}}
		return &r.Added[0]
	}
	for want, spoil := range map[string]func(*Report){
		"":                      func(r *Report) { add(r) },
		`subject: "edge" is no`: func(r *Report) { r.Subject = "edge" },
		`results[0].subject: "edge" is no subject that this kit knows; one of kernel, machine`: func(r *Report) { r.Results[0].Subject = "edge" },
		`catalogue: it is missing`:               func(r *Report) { r.Catalogue = nil },
		`catalogue[3]: "v4.must" is there twice`: func(r *Report) { r.Catalogue = append(r.Catalogue, "v4.must") },
		`catalogue: this kit does not know v4.new, v4.newer; the report is of another version of the kit (1.0.0)`: func(r *Report) {
			r.Catalogue = append(r.Catalogue, "v4.new", "v4.newer")
			r.Results = append(r.Results, Result{Claim: "v4.new", Finding: claim.Finding{Verdict: "brand-new"}})
		},
		`results[1].claim: "v4.folk" is not in the report's catalogue`:      func(r *Report) { r.Catalogue = []string{"v4.must", "exempt.draft"} },
		`added[0].claims: it is missing`:                                    func(r *Report) { add(r).Claims = nil },
		`added[0].claims[0]: "v4.x" is not in the report's catalogue`:       func(r *Report) { add(r).Claims[0] = "v4.x" },
		`added[0].claims[1]: "v4.folk" is of added[0] already`:              func(r *Report) { a := add(r); a.Claims = append(a.Claims, "v4.folk") },
		`added[0].platform.id: "linux-1-amd64" is another platform`:         func(r *Report) { add(r).Platform.ID = "linux-1-amd64" },
		`added[0].run.id: it is missing`:                                    func(r *Report) { add(r).Run.ID = "" },
		`outside.amended[0].name: "kit.version" is no fact of the platform`: func(r *Report) { r.Outside.Amended[0].Name = "kit.version" },
		`outside.kit.version: it is missing`:                                func(r *Report) { r.Outside.Kit.Version = "" },
	} {
		t.Run(want, func(t *testing.T) {
			g := gomega.NewWithT(t)
			r := good()
			spoil(&r)
			r.File = "r.json"
			if want == "" {
				g.Expect(r.Check(catalogue())).To(gomega.Succeed())
				g.Expect(resealed(t, r)).To(gomega.Succeed())
				return
			}
			err := r.Validate(catalogue())
			g.Expect(err).To(gomega.MatchError(gomega.HavePrefix("r.json: " + want)))
			g.Expect(strings.Count(err.Error(), "\n")).To(gomega.BeZero(), "one problem, one line: %v", err)
		})
	}
}

// resealed seals a report and looks at it again after a way through a file.
func resealed(t *testing.T, r Report) error {
	t.Helper()
	read, err := Decode(strings.NewReader(string(encoded(t, sealed(t, r)))), "r.json", catalogue())
	if err != nil {
		return err
	}
	return read.Intact()
}

// TestAClaimOfTwoSubjects has a result about the kernel and one about the machine.
func TestAClaimOfTwoSubjects(t *testing.T) {
	g := gomega.NewWithT(t)
	r := good()
	about := r.Results[0]
	about.Subject = Machine
	r.Results = append(r.Results, about)
	g.Expect(r.Validate(catalogue())).To(gomega.Succeed())
	g.Expect(resealed(t, r)).To(gomega.Succeed())
	r.Results = append(r.Results, about)
	g.Expect(r.Validate(catalogue())).To(gomega.MatchError(gomega.ContainSubstring("has a result already, results[3]")))
}

func TestAmended(t *testing.T) {
	g := gomega.NewWithT(t)
	inside := good().Platform
	known := inside
	known.Version, known.State.User, known.State.Evidence = "20260905", "ordinary", nil
	told, err := Amended(inside, known)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(told).To(gomega.Equal([]Amendment{{"platform.state.evidence", `["DMI says QEMU"]`}, {"platform.state.user", `"root"`}, {"platform.version", `"Debian 13.1"`}}))
}

func TestBy(t *testing.T) {
	g := gomega.NewWithT(t)
	r := good()
	later := r.Run
	later.ID = "later"
	r.Added = []Addition{{Run: later, Claims: []string{"v4.folk"}}}
	g.Expect(r.By("v4.folk").Run.ID).To(gomega.Equal("later"))
	g.Expect(r.By("v4.must").Run.ID).To(gomega.Equal(r.Run.ID))
	g.Expect(r.By("v4.must").How()).To(gomega.Equal("libvirt with TCG"))
	g.Expect(older().By("v4.must").How()).To(gomega.Equal("libvirt with TCG"))
	g.Expect(older().Target()).To(gomega.Equal("vagrant:debian-13"))
}
