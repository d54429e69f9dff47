package model

import (
	"errors"

	"github.com/hashicorp/go-multierror"
)

// Checked is what is to be said about a file to be published.
type Checked struct {
	// File is the name of the file.
	File string
	// Report is what the file holds, as far as it could be read.
	Report Report
	// Holds says what the file holds if that is no report: "114 documented entries".
	Holds string
	// Withdrawn are the claims whose published answers errata withdraw.
	Withdrawn []string
	// Wrong are the problems that make it no valid report.
	Wrong []Problem
	// Unfit are the problems that keep a valid report from being published.
	Unfit []Problem
}

// Valid says whether the file holds a valid report.
func (c Checked) Valid() bool { return len(c.Wrong) == 0 }

// Fit says whether the report can be published.
func (c Checked) Fit() bool { return c.Valid() && len(c.Unfit) == 0 }

// Problems are those that an error holds, one or several. What is none becomes one of the file as a
// whole.
func Problems(file string, err error) []Problem {
	if err == nil {
		return nil
	}
	each := []error{err}
	if several, is := errors.AsType[*multierror.Error](err); is {
		each = several.Errors
	}
	var out []Problem
	for _, err := range each {
		p, is := errors.AsType[Problem](err)
		if !is {
			p = Problem{File: file, Text: err.Error()}
		}
		out = append(out, p)
	}
	return out
}
