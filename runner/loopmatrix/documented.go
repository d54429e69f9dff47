package main

import (
	"github.com/loopmatrix/loopmatrix/reports/documented"
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// withDocumented returns a matrix with what is documented, if the flag --documented does not say
// off.
func withDocumented(m model.Matrix, flag string) (model.Matrix, error) {
	if flag == "off" {
		return m, nil
	}
	all, err := documented.All(claim.Catalogue())
	if err != nil {
		return m, toolError("%w", err)
	}
	return m.With(all), nil
}
