package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/loopmatrix/loopmatrix/reports/combine"
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/runner/targets"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// home is where the reports of all targets come together.
type home struct {
	flags   runFlags
	lines   io.Writer // for what is to be said
	mu      sync.Mutex
	reports []model.Report
	files   map[string]string // which target a file of this run is from
}

// keep takes in what came back from a target and writes it, if it is to be written.
func (h *home) keep(t targets.Target, r targets.Returned) error {
	report, err := decode(t, r)
	if err != nil {
		return err
	}
	if report, err = h.flags.completed(report); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.flags.away.bundle {
		h.reports = append(h.reports, report)
		return h.flags.stream(report, r.Captures)
	}
	if h.flags.out != "" && h.flags.out != standardOutput {
		err = h.write(t, &report, r.Captures)
	}
	h.reports = append(h.reports, report)
	return err
}

// write puts a report and its captures into files. Captures of several platforms lie in one folder, so their names begin
// with that of the platform.
func (h *home) write(t targets.Target, r *model.Report, captures map[string][]byte) error {
	path := h.unused(t, in(h.flags.out, r.Platform.ID+".json"))
	for i := range r.Results {
		for j := range r.Results[i].Evidence {
			e := &r.Results[i].Evidence[j]
			b, has := captures[e.Name]
			if !has {
				continue
			}
			e.Name = r.Platform.ID + "." + e.Name
			if err := h.flags.desk.write(func() error { return model.WriteFile(filepath.Join(filepath.Dir(path), e.Name), b) }); err != nil {
				return err
			}
		}
	}
	b, err := finished(*r)
	if err == nil {
		err = h.flags.desk.write(func() error { return model.WriteFile(path, b) })
	}
	if err == nil && !h.flags.quiet {
		_, _ = fmt.Fprintf(h.lines, "%s: wrote %s: %s\n", t.Name(), path, summary(*r))
	}
	if err == nil {
		tellPrivate(h.lines, path, *r)
	}
	return err
}

// unused is a file that no other target of this run has written: two machines may well be of one platform.
func (h *home) unused(t targets.Target, path string) string {
	free := path
	for n := 2; h.files[free] != ""; n++ {
		free = fmt.Sprintf("%s.%d.json", path[:len(path)-len(".json")], n)
	}
	if free != path {
		_, _ = fmt.Fprintf(h.lines, "%s: %s is of the same platform, from %s\n", t.Name(), path, h.files[path])
	}
	h.files[free] = t.Name()
	return free
}

// show puts the reports side by side if they were not written, and whatever else is made of one.
func (h *home) show() error {
	f := h.flags
	switch {
	case f.away.bundle || len(h.reports) == 0:
		return nil
	case f.away.single() && f.out != "" && f.out != standardOutput: // that one is written
		return f.extras(h.reports[0])
	case f.away.single():
		return f.write(h.reports[0])
	case f.out != "":
		return nil
	}
	m, err := combine.Combine(h.distinct(), claim.Catalogue())
	if err != nil {
		return err
	}
	return putEach(func(w io.Writer) error {
		render.Text(w, m, looking())
		return nil
	})
}

// distinct is one report for each platform, the first that came.
func (h *home) distinct() []model.Report {
	var out []model.Report
	seen := map[string]bool{}
	for _, r := range h.reports {
		if seen[r.Platform.ID] {
			fmt.Fprintf(os.Stderr, "loopmatrix: %s was measured twice; the first is shown\n", r.Platform.ID)
			continue
		}
		seen[r.Platform.ID] = true
		out = append(out, r)
	}
	return out
}

// verdict is that of the worst report.
func (h *home) verdict() error {
	if len(h.reports) == 0 {
		return kit("no report came back")
	}
	reports := slices.Clone(h.reports) // in the order in which they came
	slices.SortStableFunc(reports, func(a, b model.Report) int { return cmp.Compare(a.Platform.ID, b.Platform.ID) })
	return h.flags.conclude(false, reports...)
}
