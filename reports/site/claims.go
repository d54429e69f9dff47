package site

import (
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// claimPage is one claim with the evidence of every platform.
type claimPage struct {
	page
	Claim      claim.Claim
	Answers    []render.Answer
	Documented []render.Known // for systems that were not measured, or not in their newest version
	Said       []saidOf       // everything that is documented, by system
	Systems    []systemEvidence
	Sentences  []sentence // of RFCs, that it tests
}

// saidOf is what is documented about a claim for a kind of system.
type saidOf struct {
	render.System
	Known []render.Known
}

// systemEvidence is the evidence of the platforms of one kind.
type systemEvidence struct {
	render.System
	Evidence []evidence
}

func (b *builder) claims() error {
	for _, c := range b.matrix.Claims {
		asked := render.Ask(b.matrix, c)
		p := claimPage{Claim: c, Answers: asked.Answers, Documented: asked.Documented, Said: saidOn(b.matrix, c.ID), Sentences: b.testedBy(c.ID),
			page: page{Root: "../", Title: c.Question, About: c.Sentence, Data: "claims/" + c.ID + ".json", Badge: "badges/claims/" + c.ID + ".svg"}}
		for _, s := range b.systems {
			group := systemEvidence{System: s.System}
			for _, platform := range s.Platforms() {
				group.Evidence = append(group.Evidence, b.evidence(c, platform))
			}
			p.Systems = append(p.Systems, group)
		}
		if err := b.page("claims/"+c.ID+".html", "claim", p); err != nil {
			return err
		}
	}
	return nil
}

// saidOn is what is documented about a claim, by system.
func saidOn(m model.Matrix, id string) []saidOf {
	var out []saidOf
	for _, k := range render.Entries(m, id) {
		if n := len(out); n == 0 || out[n-1].System != k.System {
			out = append(out, saidOf{System: k.System})
		}
		last := &out[len(out)-1]
		last.Known = append(last.Known, k)
	}
	return out
}
