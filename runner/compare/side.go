package compare

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/reports/combine"
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/published"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// Published is the name of the published reports where that of a file is expected.
const Published = "published"

// Side is one side of a comparison: reports, or the matrix that was made of some.
type Side struct {
	Reports []model.Report
	// Single says that it is one report, and not a folder or the published ones, which may happen
	// to hold one.
	Single bool
	// Published says that these are the published reports, of which no run measures all.
	Published bool
	// Matrix is what a file held that is no report; nil for reports.
	Matrix *model.Matrix
}

// Load reads the side of that name: a report, a folder of reports, a matrix, or Published. The
// error holds everything that is wrong with all files.
func Load(name string, catalogue []claim.Entry) (Side, error) {
	if name == Published {
		reports, err := published.Reports(catalogue)
		return Side{Reports: reports, Published: true}, err
	}
	folder := combine.IsFolder(name)
	if !folder && holdsMatrix(name) {
		m, err := readMatrix(name)
		return Side{Matrix: &m}, err
	}
	paths, err := combine.Paths(name)
	if err != nil {
		return Side{}, err
	}
	out := Side{Single: !folder}
	all := &multierror.Error{ErrorFormat: model.Lines}
	for _, path := range paths {
		r, err := model.Read(path, catalogue)
		if err != nil {
			all = multierror.Append(all, err)
		}
		out.Reports = append(out.Reports, r)
	}
	return out, all.ErrorOrNil()
}

// holdsMatrix reports whether a file looks like a matrix. Whatever it is, reading it as what it
// looks like says what is wrong with it.
func holdsMatrix(path string) bool {
	b, err := model.ReadFile(path, model.MaxBytes)
	var looks struct{ Cells json.RawMessage }
	return err == nil && json.Unmarshal(b, &looks) == nil && looks.Cells != nil
}

func readMatrix(path string) (model.Matrix, error) {
	b, err := model.ReadFile(path, model.MaxBytes)
	if err != nil {
		return model.Matrix{}, err
	}
	m, err := model.DecodeMatrix(bytes.NewReader(b), path)
	if err != nil {
		return m, err
	}
	return m, Valid(m, path)
}

// Of returns the report of a platform. A single report stands for the only report of a run as well,
// whatever the platforms, so that a kernel can be compared with its predecessor.
func (s Side) Of(platform string, only bool) (model.Report, bool) {
	if s.Single && only {
		return s.Reports[0], true
	}
	i := slices.IndexFunc(s.Reports, func(r model.Report) bool { return r.Platform.ID == platform })
	if i < 0 {
		return model.Report{}, false
	}
	return s.Reports[i], true
}

// Sides compares two sides: two reports whatever their platforms, and otherwise what both should
// have.
func Sides(old, now Side, catalogue []claim.Entry) (model.Comparison, error) {
	if old.Single && now.Single {
		return Reports(old.Reports[0], now.Reports[0], catalogue)
	}
	old.Reports = Both(old.Reports, now.Reports)
	before, err := old.columns(catalogue)
	if err != nil {
		return model.Comparison{}, err
	}
	after, err := now.columns(catalogue)
	if err != nil {
		return model.Comparison{}, err
	}
	if now.Single || old.Published {
		before = Only(before, columnIDs(after)...)
	}
	if old.Single || now.Published {
		after = Only(after, columnIDs(before)...)
	}
	c := Matrices(before, after)
	c.Rejudged = old.Matrix == nil && now.Matrix == nil
	return Sweeps(c, old.Reports, now.Reports), nil // a matrix has none
}

func (s Side) columns(catalogue []claim.Entry) (model.Matrix, error) {
	if s.Matrix != nil {
		return *s.Matrix, nil
	}
	return Judged(s.Reports, catalogue)
}

func columnIDs(m model.Matrix) []string {
	var out []string
	for _, p := range m.Platforms {
		out = append(out, p.ID)
	}
	return out
}
