package combine

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/reports/errata"
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// Table takes reports one by one, in any order and from several goroutines, and keeps of each only
// what a matrix shows: a report is some hundred times larger than its column.
type Table struct {
	catalogue []claim.Entry
	rows      map[string]int

	mutex   sync.Mutex
	columns []column
	cells   map[model.Cell]*model.Cell // most of a row are the same on every platform, so each is kept once

	errata []model.Erratum
	wrong  error // with the errata
}

// column is what is kept of a report.
type column struct {
	model.Column
	file string
	// cells holds the cell of each row; nil is unknown.
	cells []*model.Cell
	// wrong is what keeps the report from being combined, whatever the others are.
	wrong []error
}

// NewTable is an empty table with the claims of the catalogue down.
func NewTable(catalogue []claim.Entry) *Table {
	t := &Table{catalogue: catalogue, rows: rowsOf(catalogue), cells: map[model.Cell]*model.Cell{}}
	t.errata, t.wrong = errata.All()
	return t
}

// Add adds the column of a report.
func (t *Table) Add(r model.Report) {
	started := r.Run.Started.UTC().Round(0)
	c := column{
		Column: model.Column{Platform: r.Platform, Measured: started, Report: r.Platform.ID + ".json", Kit: r.Kit},
		file:   r.File,
		cells:  make([]*model.Cell, len(t.catalogue)),
		wrong:  t.uncombinable(r),
	}
	t.mutex.Lock()
	defer t.mutex.Unlock()
	for _, result := range r.Results {
		if row, known := t.rows[result.Claim]; known && result.About() == model.Kernel {
			c.cells[row] = t.shared(t.cell(r, result))
		}
	}
	t.columns = append(t.columns, c)
}

// shared is the one cell that is equal to this. Platforms of a matrix share it, so nobody may
// change it.
func (t *Table) shared(c model.Cell) *model.Cell {
	if t.cells[c] == nil {
		t.cells[c] = &c
	}
	return t.cells[c]
}

func (t *Table) cell(report model.Report, r model.Result) model.Cell {
	if e, withdrawn := errata.Of(t.errata, report, r); withdrawn {
		return model.Cell{Verdict: claim.Withdrawn, Detail: fmt.Sprintf("it said %s: %s", e.Shows, e.Reason)}
	}
	c := model.Cell{Verdict: r.Verdict, Behaviour: r.Behaviour, Detail: r.Reason}
	if r.Runs.Same < r.Runs.N {
		c.Unstable = fmt.Sprintf("%d of %d", r.Runs.Same, r.Runs.N)
	}
	return c
}

// uncombinable collects what keeps a report from being combined.
func (t *Table) uncombinable(r model.Report) (all []error) {
	if !model.Readable(r.Schema) {
		all = append(all, &OtherSchema{r.File, r.Schema})
	}
	if !model.ValidPlatformID(r.Platform.ID) {
		all = append(all, &UnsafePlatform{r.File, r.Platform.ID})
	}
	type answer struct {
		claim string
		about model.Subject
	}
	seen := make(map[answer]bool, len(r.Results))
	for _, result := range r.Results {
		if _, known := t.rows[result.Claim]; !known {
			all = append(all, &UnknownClaim{r.File, result.Claim})
		}
		one := answer{result.Claim, result.About()}
		if seen[one] {
			all = append(all, &SameClaim{r.File, result.Claim})
		}
		seen[one] = true
		if result.Verdict.Rank() < 0 {
			all = append(all, &UnknownVerdict{r.File, result.Claim, result.Verdict})
		}
	}
	return all
}

// Matrix is the matrix of the reports that were added, or everything that keeps them from being
// combined.
func (t *Table) Matrix() (model.Matrix, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	slices.SortStableFunc(t.columns, func(a, b column) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), a.Measured.Compare(b.Measured), cmp.Compare(a.file, b.file))
	})
	if t.wrong != nil {
		return model.Matrix{}, t.wrong
	}
	if err := t.combinable(); err != nil {
		return model.Matrix{}, err
	}
	m := model.Matrix{
		Schema:    model.MatrixSchema,
		Claims:    make([]claim.Claim, 0, len(t.catalogue)),
		Platforms: make([]model.Column, 0, len(t.columns)),
		Cells:     make(map[string]map[string]*model.Cell, len(t.catalogue)),
	}
	for _, c := range t.columns {
		m.Platforms = append(m.Platforms, c.Column)
		m.Generated = later(m.Generated, c.Measured)
	}
	for i, e := range t.catalogue {
		m.Claims = append(m.Claims, data(e.Claim))
		if row := t.row(i); len(row) > 0 {
			m.Cells[e.ID] = row
		}
	}
	return m, nil
}

// row is what was measured of a claim, by platform.
func (t *Table) row(i int) map[string]*model.Cell {
	measured := 0
	for _, c := range t.columns {
		if c.cells[i] != nil {
			measured++
		}
	}
	row := make(map[string]*model.Cell, measured)
	for _, c := range t.columns {
		if cell := c.cells[i]; cell != nil {
			row[c.ID] = cell
		}
	}
	return row
}

// data is a claim as a matrix holds it: without its rule, and with lists where they are empty.
func data(c claim.Claim) claim.Claim {
	c.Rule = nil
	c.Behaviours = append([]claim.Behaviour{}, c.Behaviours...)
	c.Gates = append([]claim.Gate{}, c.Gates...)
	return c
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// combinable collects everything that keeps the columns from standing side by side. They are in
// order.
func (t *Table) combinable() error {
	all := &multierror.Error{ErrorFormat: model.Lines}
	for i, c := range t.columns {
		if i > 0 && t.columns[i-1].ID == c.ID {
			all = multierror.Append(all, &SamePlatform{c.ID, t.columns[i-1].file, c.file})
		}
		all = multierror.Append(all, c.wrong...)
	}
	return all.ErrorOrNil()
}
