package session

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/runner/targets"
)

// Collect measures on targets and hands each outcome to save as soon as it is there, from several
// goroutines. order makes the order for a target, but for its flags. A target whose outcome could
// not be saved has failed.
func (p Plan) Collect(ctx context.Context, from []targets.Target, order func(targets.Target) targets.Order, save func(targets.Target, Outcome) error) []targets.Result {
	saving := make([]targets.Target, len(from))
	for i, t := range from {
		saving[i] = savingTarget{t, p, save}
	}
	results, _ := targets.MeasureAll(ctx, saving, targets.AtOnce, func(t targets.Target) targets.Order {
		o := order(t)
		o.Flags = p.arguments(p.Repeat)
		if p.Sweep != "" {
			o.Flags = append(o.Flags, "--sweep", p.Sweep, "--memory-share", strconv.FormatFloat(p.MemoryShare, 'g', -1, 64))
		}
		o.Log = &sweepLines{to: o.Log, step: o.Step}
		return o
	})
	return results
}

// savingTarget is a target whose outcomes are saved before anything else is done.
type savingTarget struct {
	targets.Target
	plan Plan
	save func(targets.Target, Outcome) error
}

// Measure saves every report that comes back, also beside an error.
func (s savingTarget) Measure(ctx context.Context, o targets.Order) ([]targets.Returned, error) {
	started := time.Now()
	returned, err := s.Target.Measure(ctx, o)
	all := &multierror.Error{ErrorFormat: targets.Joined}
	if err != nil {
		all = multierror.Append(all, err)
	}
	for _, r := range returned {
		out, err := s.plan.received(s.Target, r)
		if err == nil {
			err = s.save(s.Target, out)
		}
		if err != nil {
			all = multierror.Append(all, fmt.Errorf("as %s: %w", r.User, err))
		}
	}
	o.Step(fmt.Sprintf("done, %d reports in %.1f s", len(returned), time.Since(started).Seconds()))
	return returned, all.ErrorOrNil()
}

// received reads what a target returned, and adds what is only known from outside.
func (p Plan) received(t targets.Target, r targets.Returned) (Outcome, error) {
	report, err := decode(r.Report, "the report of "+t.Name())
	if err != nil {
		return Outcome{}, err
	}
	inside := report.Platform
	out := Outcome{Report: report, Capture: r.Captures[CaptureName(report)]}
	if r.Amend != nil {
		out.Report.Platform = r.Amend(inside)
	}
	out.Rename(CaptureName(report), CaptureName(out.Report))
	if report.Schema == 1 { // of an older kit, which keeps nothing apart
		out.Report.Run.Target, out.Report.Run.How = targets.Label(t), r.How
		return p.completed(out)
	}
	out.Report.Outside = &model.Outside{Kit: p.Kit, Target: targets.Label(t), How: r.How}
	if out.Report.Outside.Amended, err = model.Amended(inside, out.Report.Platform); err != nil {
		return out, err
	}
	return p.completed(out)
}

// perAddress is how much longer a run on a target may take for each address that it sweeps: several
// times what the slowest of our own machines, Wine, was seen to need for one (0.4 ms to bind it).
const perAddress = time.Millisecond

// perListener is how much longer a run on a target may take for each listener: several times what
// an emulated Linux 5.10, which looks at all of them for each, was seen to need for one of 20,000
// (4 ms).
const perListener = 20 * time.Millisecond

// anyListeners is how many listeners are to be expected of as many as there is room for: what half
// of a gigabyte takes.
const anyListeners = 512 << 20 / 4096

// Limits returns limits that leave time for the sweeps of the plan.
func (p Plan) Limits(limits targets.Limits) targets.Limits {
	for _, s := range p.sweeps {
		limits.Run += time.Duration(size(s.Prefix)) * perAddress
	}
	switch {
	case p.listeners == nil:
	case p.listeners.Most == 0:
		limits.Run += anyListeners * perListener
	default:
		limits.Run += time.Duration(p.listeners.Most) * perListener
	}
	return limits
}

// sweepLines is the log of a target, which several processes may write to at once, and from which
// lines about sweeps go to the display as well. A kernel's comes at its end.
type sweepLines struct {
	to   io.Writer
	step func(string)
	mu   sync.Mutex
	line []byte
}

// longestLine is longer than any line of a sweep; what is longer is none.
const longestLine = 200

func (l *sweepLines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range p {
		switch {
		case c == '\n':
			if line := string(bytes.TrimSpace(l.line)); strings.HasPrefix(line, sweepWord) {
				l.step(line)
			}
			l.line = l.line[:0]
		case len(l.line) < longestLine:
			l.line = append(l.line, c)
		}
	}
	return l.to.Write(p)
}
