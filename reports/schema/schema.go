// Package schema holds the JSON Schemas of report, matrix and comparison, which are generated from package model. A test fails when
// they are not what the model says; go generate writes them anew.
package schema

import _ "embed" // for the files

//go:generate go test . -run TestGenerated -update

//go:embed report.schema.json
var report string

//go:embed matrix.schema.json
var matrix string

//go:embed comparison.schema.json
var comparison string

// Report is the JSON Schema (draft 2020-12) of a report.
func Report() string { return report }

// Matrix is the JSON Schema (draft 2020-12) of a matrix.
func Matrix() string { return matrix }

// Comparison is the JSON Schema (draft 2020-12) of a comparison.
func Comparison() string { return comparison }
