package render

import (
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// TestAnswersGolden asks a claim to which the platforms of the sample give different answers, or
// none.
func TestAnswersGolden(t *testing.T) {
	g := gomega.NewWithT(t)
	m := sample()
	for _, c := range sampleClaims() {
		if c.ID != "v4.icmp.replysrc" {
			continue
		}
		golden(t, "answers.txt", AnswersText(m, c, Terminal{Width: 80}))
		b, err := model.Encode(AnswersTo(m, c))
		g.Expect(err).NotTo(gomega.HaveOccurred())
		golden(t, "answers.json", b)
	}
}

// TestHereGolden shows a platform of the sample as the machine beside the others; the third is
// published as well.
func TestHereGolden(t *testing.T) {
	others := sample()
	for name, i := range map[string]int{"here-linux.txt": 0, "here-published.txt": 2} {
		golden(t, name, Here(Machine{Now: sample(i), Others: others, Nearest: others.Platforms[3].ID, Chosen: "same family, user; release 2, here 1"}, Terminal{Width: 80}))
	}
	golden(t, "here-first.txt", Here(Machine{Now: sample(0), Others: others}, Terminal{Width: 80}))
	golden(t, "table-80.txt", Table(others, Terminal{Width: 80}))
}

// TestHereSaysWhatLacks: what no column has an answer to is no lack of this machine, and what
// others answer is.
func TestHereSaysWhatLacks(t *testing.T) {
	g := gomega.NewWithT(t)
	now, others := sample(0), sample(0, 3)
	here, there := now.Platforms[0].ID, others.Platforms[1].ID
	notRun := model.Cell{Verdict: "not-run", Detail: "read a file: ENOENT (2)"}
	for _, id := range []string{"name.sub", "if.lo.mtu"} {
		now.Cells[id][here] = &notRun
		others.Cells[id][here], others.Cells[id][there] = &notRun, &notRun
	}
	others.Cells["name.sub"][there] = &model.Cell{Verdict: "conforms", Behaviour: "resolves"}
	shown := string(Here(Machine{Now: now, Others: others}, Terminal{Width: 80}))
	g.Expect(shown).To(gomega.ContainSubstring("Not run here\n– read a file: ENOENT (2): 1 claim\n  name.sub\n"))
	g.Expect(shown).To(gomega.ContainSubstring("\n3 claims more could not be run here, nor for any published column:\nv4.egress.dst.default v4.forward.dst if.lo.mtu\n"))
}

// TestRecorded: a claim that is tested nowhere is named once, and stands in no list of what a
// platform lacks.
func TestRecorded(t *testing.T) {
	g := gomega.NewWithT(t)
	for _, m := range []model.Matrix{sample(0), sample(0, 3)} {
		last := &m.Claims[len(m.Claims)-1]
		last.Exempt = "an exception"
		for _, p := range m.Platforms {
			m.Cells[last.ID][p.ID] = &model.Cell{Verdict: "not-run", Detail: "recorded, not tested: an exception"}
		}
		shown := string(textOf(m, Terminal{Width: 80}))
		g.Expect(shown).To(gomega.ContainSubstring("\nRecorded, and tested nowhere: if.lo.mtu\n"))
		g.Expect(shown).NotTo(gomega.ContainSubstring("an exception"))
	}
}
