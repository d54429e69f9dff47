// Package schema holds the JSON Schemas of report, matrix, comparison and the published answers,
// which are generated from package model. A test fails when they are not what the model says; go
// generate writes them anew.
package schema

import _ "embed" // for the files

//go:generate go test . -run TestGenerated -update

//go:embed report.schema.json
var report1 string

//go:embed report-2.schema.json
var report2 string

//go:embed matrix.schema.json
var matrix string

//go:embed comparison.schema.json
var comparison string

//go:embed claim.schema.json
var claimAnswers string

//go:embed platform.schema.json
var platformAnswers string

// Report returns the JSON Schema (draft 2020-12) of a version of the report's format; empty if
// there is no such version.
func Report(version int) string {
	switch version {
	case 1:
		return report1
	case 2:
		return report2
	default:
		return ""
	}
}

//go:embed documented.schema.json
var documented string

// Documented returns the JSON Schema (draft 2020-12) of a file of reports/documented.
func Documented() string { return documented }

//go:embed sentences.schema.json
var sentences string

// Sentences returns the JSON Schema (draft 2020-12) of a file of reports/sentences.
func Sentences() string { return sentences }

// Matrix is the JSON Schema (draft 2020-12) of a matrix.
func Matrix() string { return matrix }

// Comparison is the JSON Schema (draft 2020-12) of a comparison.
func Comparison() string { return comparison }

// Claim is the JSON Schema (draft 2020-12) of the published answers to one claim.
func Claim() string { return claimAnswers }

// Platform is the JSON Schema (draft 2020-12) of the published answers of one platform.
func Platform() string { return platformAnswers }
