package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/reports/combine"
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/runner/progress"
	"github.com/loopmatrix/loopmatrix/runner/session"
	"github.com/loopmatrix/loopmatrix/runner/targets"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// collector writes what comes back from targets.
type collector struct {
	run     *measuring
	lines   io.Writer // for what is to be said
	mu      sync.Mutex
	reports []model.Report
	files   map[string]string // which target a file of this run is from
}

// collect measures on targets, and keeps what each returns as soon as it is there.
func (m *measuring) collect(ctx context.Context, from []targets.Target) error {
	logs, err := openLogs(m.targets.log, from, m.bundle)
	if err != nil {
		return err
	}
	shown := m.display()
	c := &collector{run: m, lines: shown, files: map[string]string{}}
	lines := map[string]*progress.Line{}
	for _, t := range from {
		lines[t.Name()] = shown.Show(progress.Unknown, t.Name())
	}
	limits := m.targets.limits
	if !m.targets.limited {
		limits = m.plan.Limits(limits)
	}
	results := m.plan.Collect(ctx, from, func(t targets.Target) targets.Order {
		limits := limits
		if !m.targets.prepared {
			limits.Prepare = targets.PrepareLimit(t)
		}
		return targets.Order{Kits: m.targets.binaries(), Users: m.targets.users(t), Limits: limits, Keep: m.targets.keep,
			Log: logs.files[t.Name()], Step: func(step string) { lines[t.Name()].Set(0, step, "") }}
	}, c.save)
	for _, line := range lines {
		line.End()
	}
	failed := logs.close(results)
	if err := c.show(); err != nil {
		failed = multierror.Append(failed, err)
	}
	verdict := c.verdict()
	if err := failed.ErrorOrNil(); err != nil { // which outweighs what the others found
		return toolError("%w", err)
	}
	return verdict
}

// save writes what came back from a target, if it is to be written.
func (c *collector) save(t targets.Target, out session.Outcome) (err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.run.bundle: // this kit is itself on a target, where it measures as another user
		err = c.run.stream(out)
	case c.run.out != "" && c.run.out != standardOutput:
		err = c.write(t, &out)
	}
	c.reports = append(c.reports, out.Report)
	return err
}

// write puts a report and its capture into files.
func (c *collector) write(t targets.Target, out *session.Outcome) error {
	path := c.unused(t, fileIn(c.run.out, out.Report.Platform.ID+".json"))
	name := session.CaptureName(out.Report)
	if base := filepath.Base(path); strings.HasPrefix(base, out.Report.Platform.ID+".") { // and not that of a file that was named
		name = strings.TrimSuffix(base, ".json") + ".pcapng"
	}
	out.Rename(session.CaptureName(out.Report), name)
	if err := c.run.save(path, filepath.Join(filepath.Dir(path), name), *out); err != nil {
		return err
	}
	if !c.run.quiet {
		_, _ = fmt.Fprintf(c.lines, "%s: wrote %s: %s\n", t.Name(), path, session.Summary(out.Report))
	}
	warnPrivate(c.lines, path, out.Report)
	return nil
}

// unused returns a file that no other target of this run has written: two machines may well be of
// one platform.
func (c *collector) unused(t targets.Target, path string) string {
	free := path
	for n := 2; c.files[free] != ""; n++ {
		free = fmt.Sprintf("%s.%d.json", path[:len(path)-len(".json")], n)
	}
	if free != path {
		_, _ = fmt.Fprintf(c.lines, "%s: %s is of the same platform, from %s\n", t.Name(), path, c.files[path])
	}
	c.files[free] = t.Name()
	return free
}

// show puts the reports side by side if they were not written, and whatever else is made of one.
func (c *collector) show() error {
	single := c.run.targets.single()
	switch {
	case c.run.bundle || len(c.reports) == 0:
		return nil
	case single && c.run.out != "" && c.run.out != standardOutput: // that one is written
		return c.run.extras(c.reports[0])
	case single:
		return c.run.write(session.Outcome{Report: c.reports[0]})
	case c.run.out != "":
		return nil
	}
	m, err := combine.Combine(c.distinct(), claim.Catalogue())
	if err != nil {
		return err
	}
	return streamStdout(func(w io.Writer) error {
		render.Text(w, m, looking())
		return nil
	})
}

// distinct returns one report for each platform, the first that came.
func (c *collector) distinct() []model.Report {
	var out []model.Report
	seen := map[string]bool{}
	for _, r := range c.reports {
		if seen[r.Platform.ID] {
			fmt.Fprintf(os.Stderr, "loopmatrix: %s was measured twice; the first is shown\n", r.Platform.ID)
			continue
		}
		seen[r.Platform.ID] = true
		out = append(out, r)
	}
	return out
}

// verdict returns that of the worst report.
func (c *collector) verdict() error {
	if len(c.reports) == 0 {
		return toolError("no report came back")
	}
	reports := slices.Clone(c.reports) // in the order in which they came
	slices.SortStableFunc(reports, func(a, b model.Report) int { return cmp.Compare(a.Platform.ID, b.Platform.ID) })
	return c.run.conclude(false, reports...)
}
