package render_test

import (
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	_ "github.com/loopmatrix/loopmatrix/suites" // completes the catalogue
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// TestEveryHeadlineIsAnsweredInWords keeps a new behaviour of a headline from standing there
// without an answer.
func TestEveryHeadlineIsAnsweredInWords(t *testing.T) {
	g := gomega.NewWithT(t)
	asked := 0
	for _, e := range claim.Catalogue() {
		if !e.Headline {
			continue
		}
		asked++
		for _, b := range e.Behaviours {
			word := b.Word
			if word == claim.AnyErrno {
				word = "EINVAL"
			}
			r := render.ReplyTo(e.Claim, model.Cell{Verdict: claim.Observed, Behaviour: word})
			g.Expect(r).NotTo(gomega.Equal(render.Reply{Short: word, Text: b.Means}), "%s: %s has no answer in reply.go", e.ID, word)
			g.Expect(r.Text).NotTo(gomega.Or(gomega.BeEmpty(), gomega.ContainSubstring("<"), gomega.HaveSuffix(".")), "%s: %s", e.ID, word)
		}
	}
	g.Expect(asked).To(gomega.BeNumerically(">=", 12))
}

// TestTheTimeOfARefusalIsSaid takes the time from what the claim's own rule says, and does without
// where it says none.
func TestTheTimeOfARefusalIsSaid(t *testing.T) {
	g := gomega.NewWithT(t)
	found, err := claim.Select("v4.closed.refused", claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	seen := observation.Set{{Op: "connect", Proto: "tcp", Targets: []string{"127.0.0.1"}, Outcome: observation.Refused, Count: 1, TookMicros: 2_030_000},
		{Op: "send", Proto: "udp", Targets: []string{"127.0.0.1"}, Outcome: observation.Refused, Count: 1}}
	is := claim.Judge(found[0].Claim, seen)
	g.Expect(is.Verdict).To(gomega.Equal(claim.Conforms))
	cell := model.Cell{Verdict: is.Verdict, Behaviour: is.Behaviour, Detail: is.Reason}
	g.Expect(render.ReplyTo(found[0].Claim, cell).Short).To(gomega.Equal("It fails after 2 s"))
	cell.Detail = "1 of 2 runs"
	g.Expect(render.ReplyTo(found[0].Claim, cell).Short).To(gomega.Equal("It fails late"))
}

func TestHeadlinesBySystem(t *testing.T) {
	g := gomega.NewWithT(t)
	found, err := claim.Select("v4.block.bind", claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(found).To(gomega.HaveLen(1))
	e := found[0]
	m := model.Matrix{Claims: []claim.Claim{e.Claim}, Cells: map[string]map[string]*model.Cell{e.ID: {
		"linux-1-a": {Verdict: claim.Observed, Behaviour: "whole-block"},
		"linux-2-a": {Verdict: claim.Observed, Behaviour: "partial"},
		"linux-3-a": {Verdict: claim.NotRun, Detail: "no"},
		"macos-1-a": {Verdict: claim.Observed, Behaviour: "only-127.0.0.1"},
		"haiku-1-a": {Verdict: claim.NotRun, Detail: "no sockets"},
	}}}
	for _, p := range []struct{ id, family string }{{"haiku-1-a", "haiku"}, {"linux-1-a", "linux"}, {"linux-2-a", "linux"}, {"linux-3-a", "linux"}, {"macos-1-a", "macos"}, {"wine-1-a", "wine"}} {
		m.Platforms = append(m.Platforms, model.Column{Platform: model.Platform{ID: p.id, Family: p.family}})
	}
	asked := render.Headlines(m)
	g.Expect(asked).To(gomega.HaveLen(1))
	var got []string
	for _, a := range asked[0].Answers {
		for _, s := range a.Systems {
			g.Expect(s.Of).To(gomega.Equal(map[string]int{"Linux": 2}[s.Name] + map[string]int{"macOS": 1, "haiku": 1, "Wine": 1}[s.Name]))
			got = append(got, s.Name+" "+a.String())
		}
	}
	g.Expect(got).To(gomega.Equal([]string{
		"Linux Yes: any address of 127.0.0.0/8 can be bound",
		"Linux Some of them: not every address can be bound",
		"macOS No: 127.0.0.1 is the only one that can be bound",
		"haiku Not run: no sockets",
		"Wine Unknown: nobody has measured it",
	}))
}
