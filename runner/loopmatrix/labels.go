package main

import (
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

const labelsHelp = "measure only the claims, of those of --claims, whose labels this ginkgo `filter` selects:\n" +
	"id:ID, family:FAMILY, level:LEVEL, rfc:NUMBER, headline, with && || ! ( )"

// labelled returns the flags with the ids of the claims that --label-filter selects as --claims, which is how targets and the
// processes of --repeat get them: no shell reads an exclamation mark in an id.
func (f runFlags) labelled() (runFlags, error) {
	if f.labels == "" {
		return f, nil
	}
	among, err := claim.Select(f.claims, claim.Catalogue())
	if err != nil {
		return f, usage("--claims: %w", err)
	}
	selected, err := claim.Filter(f.labels, among)
	if err != nil {
		return f, usage("--label-filter: %w", err)
	}
	if len(selected) == 0 {
		return f, usage("--label-filter: %q selects no claim; the labels are id:, family:, level: and rfc: with a value, and headline", f.labels)
	}
	f.claims = strings.Join(ids(selected), ",")
	return f, nil
}
