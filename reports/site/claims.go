package site

import (
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// claimPage is one claim with the evidence of every platform.
type claimPage struct {
	page
	Claim   claim.Claim
	Answers []render.Answer
	Systems []systemEvidence
}

// systemEvidence is the evidence of the platforms of one kind.
type systemEvidence struct {
	render.System
	Evidence []evidence
}

func (b *builder) claims() error {
	for _, c := range b.matrix.Claims {
		p := claimPage{Claim: c, Answers: render.Ask(b.matrix, c).Answers,
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
