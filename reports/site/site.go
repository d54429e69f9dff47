// Package site is the published page: the table that people link to, a page for every claim and
// every platform, and beside them what programs read. All of it is a pure function of a matrix, the
// reports behind it and the options: the same input gives the same bytes. No page asks anything of
// any host but the one it came from.
package site

import (
	"fmt"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// File is one file of the site.
type File struct {
	// Path is relative, with slashes, and safe on every system: "claims/v4.block.bind.html".
	Path string
	// Bytes is what the file holds.
	Bytes []byte
}

// Options are what the site is made with besides the matrix and its reports. How old a measurement
// is depends on when the page is read, so the page's script tells it; the page itself has the date.
type Options struct {
	// Captures are the captures that the reports name as evidence: by platform, then by the name in
	// the evidence. One that is not given is named, and not linked to.
	Captures map[string]map[string][]byte
	// Older are platforms that newer releases have taken the place of: they are listed with links
	// to their reports, and have no column and no page.
	Older []model.Column
	// Sentences are what RFCs ask, for the page of what no claim tests.
	Sentences model.Sentences
}

// Build makes the files of the site, ordered by path. The reports are those that the matrix was
// combined from; of a platform without its report the cells are shown, and that the observations
// are missing. The error holds every id that can't be the name of a file.
func Build(m model.Matrix, reports []model.Report, o Options) ([]File, error) {
	if err := safe(m, o.Older); err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	b := newBuilder(m, reports, o)
	for _, part := range []func() error{b.assets, b.maps, b.index, b.claims, b.platforms, b.documented, b.sentences, b.data, b.badges} {
		if err := part(); err != nil {
			return nil, fmt.Errorf("site: %w", err)
		}
	}
	return b.sorted(), nil
}
