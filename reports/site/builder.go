package site

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// builder is a site under way. Its matrices and reports are cleaned.
type builder struct {
	matrix   model.Matrix
	shown    model.Matrix // with titles that tell the platforms apart, for the pages
	reports  map[string]model.Report
	results  map[string]map[string]model.Result // by claim and platform
	captures map[string]map[string][]byte
	pictures map[string][]picture // by platform
	systems  []system
	older    []model.Column
	asked    []model.Document // what RFCs ask
	files    []File
}

func newBuilder(m model.Matrix, reports []model.Report, o Options) *builder {
	b := &builder{matrix: render.Clean(m), reports: map[string]model.Report{}, results: map[string]map[string]model.Result{},
		captures: o.Captures, asked: o.Sentences.Documents, pictures: map[string][]picture{}}
	for _, r := range reports {
		r = render.CleanReport(r)
		b.reports[r.Platform.ID] = r
		for _, result := range r.Results {
			if result.About() != model.Kernel {
				continue
			}
			if b.results[result.Claim] == nil {
				b.results[result.Claim] = map[string]model.Result{}
			}
			b.results[result.Claim][r.Platform.ID] = result
		}
	}
	b.shown = b.matrix
	b.shown.Platforms = slices.Clone(b.matrix.Platforms)
	tellApart(b.shown.Platforms)
	b.systems = systems(b.shown)
	b.older = render.Clean(model.Matrix{Platforms: o.Older}).Platforms
	slices.SortFunc(b.older, func(x, y model.Column) int { return cmp.Compare(x.ID, y.ID) })
	return b
}

// maxTitle is the longest title that the pages show, in characters: three times that of any
// platform so far. The head of the table is always in view, and one report must not fill it.
const maxTitle = 100

// tellApart shortens long titles, and adds the id to those that several platforms share.
func tellApart(platforms []model.Column) {
	times := map[string]int{}
	for i := range platforms {
		p := &platforms[i]
		if title := []rune(p.Title); len(title) > maxTitle {
			p.Title = string(title[:maxTitle-1]) + "…"
		}
		times[p.Title]++
	}
	for i := range platforms {
		if p := &platforms[i]; times[p.Title] > 1 {
			p.Title += " (" + p.ID + ")"
		}
	}
}

func (b *builder) add(path string, bytes []byte) {
	b.files = append(b.files, File{Path: path, Bytes: bytes})
}

// sorted is all files by path.
func (b *builder) sorted() []File {
	slices.SortFunc(b.files, func(x, y File) int { return cmp.Compare(x.Path, y.Path) })
	return b.files
}

// claimID is what an id of a claim is made of. With a dot or a dash only between two others, it is
// no device name of Windows and no hidden file, and it needs no escape in an address.
var claimID = regexp.MustCompile(`^[a-z][a-z0-9]*([.-][a-z0-9]+)+$`)

// captureName is the name of a capture as the kit gives it.
var captureName = regexp.MustCompile(`^[a-z0-9]+([.-][a-z0-9]+)*\.pcapng$`)

// safe says which ids and verdicts of a matrix can't stand in an address or a page.
func safe(m model.Matrix, older []model.Column) error {
	all := &multierror.Error{ErrorFormat: model.Lines}
	for _, c := range m.Claims {
		if !claimID.MatchString(c.ID) || len(c.ID) > 100 {
			all = multierror.Append(all, fmt.Errorf("%.100q is no id of a claim", c.ID))
		}
	}
	for _, p := range slices.Concat(m.Platforms, older) {
		if !model.ValidPlatformID(p.ID) {
			all = multierror.Append(all, fmt.Errorf("%.100q is no id of a platform", p.ID))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(m.Cells)) {
		for _, platform := range slices.Sorted(maps.Keys(m.Cells[id])) {
			if c, _ := m.Cell(id, platform); !slices.Contains(claim.Verdicts(), c.Verdict) {
				all = multierror.Append(all, fmt.Errorf("%.100q is no verdict (%.100q on %.100q)", c.Verdict, id, platform))
			}
		}
	}
	return all.ErrorOrNil()
}
