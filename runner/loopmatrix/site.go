package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/loopmatrix/loopmatrix/reports/combine"
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/platforms"
	"github.com/loopmatrix/loopmatrix/reports/sentences"
	"github.com/loopmatrix/loopmatrix/reports/site"
	"github.com/loopmatrix/loopmatrix/runner/submission"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// siteOf is the command with --format html. Whether the pages can be written shows before the long
// work.
func siteOf(ctx context.Context, o *outputs, f runFlags, args []string, table *combine.Table, out, older, known string) error {
	if out == "" || out == standardOutput {
		return usage("--format html needs --out with a folder: it is many files")
	}
	if err := site.Writable(out); err != nil {
		return usage("--out: %w", err)
	}
	reports := keptReports{table: table}
	if err := gather(ctx, o, f, args, combine.Files, reports.add); err != nil {
		return err
	}
	m, err := table.Matrix()
	if err != nil {
		return usage("%w", err)
	}
	if m, err = withDocumented(m, known); err != nil {
		return err
	}
	displaced, err := columns(older)
	if err != nil {
		return usage("--older: %w", err)
	}
	return writeSite(o, m, reports.reports, out, displaced)
}

// columns reads what the page lists of the reports in a folder, of which there may be none. Nothing
// is judged, so that a report stays on the list whatever becomes of its claims.
func columns(folder string) ([]model.Column, error) {
	if folder == "" {
		return nil, nil
	}
	names, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return nil, err
	}
	var out []model.Column
	for _, name := range names {
		b, err := model.ReadFile(name, model.MaxBytes)
		if err != nil {
			return nil, err
		}
		var r struct {
			Platform model.Platform `json:"platform"`
			Run      struct {
				Started time.Time `json:"started"`
			} `json:"run"`
		}
		if err := json.Unmarshal(b, &r); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, model.Column{Platform: r.Platform, Measured: r.Run.Started})
	}
	return out, nil
}

// keptReports keeps reports whole, for the evidence on the pages, while a table takes what it needs
// of them.
type keptReports struct {
	table *combine.Table
	sync.Mutex
	reports []model.Report
}

// add is called from several goroutines.
func (s *keptReports) add(r model.Report) {
	s.table.Add(r)
	s.Lock()
	defer s.Unlock()
	s.reports = append(s.reports, r)
}

// writeSite makes the pages, with the captures that lie beside the reports and are the ones that
// those name.
func writeSite(o *outputs, m model.Matrix, reports []model.Report, out string, older []model.Column) error {
	targets, err := platforms.Targets()
	if err != nil {
		return toolError("the list of platforms: %w", err)
	}
	m.Wanted = platforms.Unmeasured(targets, m.Platforms)
	captures := map[string]map[string][]byte{}
	for _, r := range reports {
		captures[r.Platform.ID] = beside(r)
	}
	asked, err := sentences.All(claim.Catalogue())
	if err != nil {
		return toolError("%w", err)
	}
	files, err := site.Build(m, reports, site.Options{Captures: captures, Older: older, Sentences: asked})
	if err != nil {
		return usage("%w", err)
	}
	if err := o.do(func() error { return site.Write(out, files) }); err != nil {
		return toolError("--out: %w", err)
	}
	fmt.Fprintf(os.Stderr, "wrote %d files to %s\n", len(files), out)
	return nil
}

// beside reads the captures of a report. What is not there is only named on the pages, and so is
// what is not the file that the report was made with.
func beside(r model.Report) map[string][]byte {
	out := map[string][]byte{}
	for _, result := range r.Results {
		for _, e := range result.Evidence {
			if e.Name == "" || e.Name != filepath.Base(e.Name) || e.SHA256 == "" || r.File == "" || out[e.Name] != nil {
				continue
			}
			b, err := model.ReadFile(filepath.Join(filepath.Dir(r.File), e.Name), submission.MaxCapture)
			if err != nil {
				continue // the page says that it is not at hand
			}
			if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) == e.SHA256 {
				out[e.Name] = b
			}
		}
	}
	return out
}
