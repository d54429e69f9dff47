package site

import (
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/reports/schema"
	"github.com/loopmatrix/loopmatrix/suites/claim"
)

// data adds what programs read: the whole matrix with its schema, and a small file for each claim and each platform.
func (b *builder) data() error {
	whole, err := render.JSON(b.matrix)
	if err != nil {
		return err
	}
	b.add("matrix.json", whole)
	b.add("matrix.schema.json", []byte(schema.Matrix()))
	for _, c := range b.matrix.Claims {
		small, err := claimJSON(b.matrix, c)
		if err != nil {
			return err
		}
		b.add("claims/"+c.ID+".json", small)
	}
	for _, p := range b.matrix.Platforms {
		small, err := platformJSON(b.matrix, p)
		if err != nil {
			return err
		}
		b.add("platforms/"+p.ID+".json", small)
	}
	return nil
}

// claimJSON is one claim and what every platform shows for it.
func claimJSON(m model.Matrix, c claim.Claim) ([]byte, error) {
	return model.Encode(struct {
		claim.Claim
		Cells map[string]model.Cell `json:"cells"`
	}{c, m.Cells[c.ID]})
}

// platformJSON is one platform and what it shows for every claim.
func platformJSON(m model.Matrix, p model.Column) ([]byte, error) {
	cells := map[string]model.Cell{}
	for _, c := range m.Claims {
		if cell, measured := m.Cell(c.ID, p.ID); measured {
			cells[c.ID] = cell
		}
	}
	return model.Encode(struct {
		model.Column
		Cells map[string]model.Cell `json:"cells"`
	}{p, cells})
}
