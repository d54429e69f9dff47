package engine

import (
	"cmp"
	"context"
	"errors"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/sweep"
)

// Ask returns a sweep that has not begun: everything of the prefix is left.
func Ask(p sweep.Protocol, prefix netip.Prefix) model.Sweep {
	return model.Sweep{Protocol: string(p), Prefix: prefix.String(), Left: []string{prefix.String()}}
}

// Sweep asks every address that the sweep has left, and returns the sweep with what came of it. The
// end of the context ends it with what was asked until then; the rest is left, and another Sweep
// goes on. Done counts the addresses that have been asked, from the beginning, and may be read at
// any time. A sweep that can't be made at all says so in its reason. Keep is given what was asked
// by then, every few seconds, from another goroutine; nil keeps nothing.
func Sweep(ctx context.Context, plan sweep.Plan, s model.Sweep, done *atomic.Int64, keep func(model.Sweep)) (after model.Sweep, interrupted bool, err error) {
	f, err := field(s)
	if err != nil {
		return s, false, err
	}
	plan.Protocol, plan.Broadcast = sweep.Protocol(s.Protocol), s.Broadcast
	if plan.Prefix, err = netip.ParsePrefix(s.Prefix); err != nil {
		return s, false, err
	}
	begun := time.Now()
	soFar := func(f *sweep.Field) model.Sweep {
		now := counted(s, f)
		now.Seconds, now.Workers = s.Seconds+time.Since(begun).Seconds(), plan.Lanes()
		return now
	}
	if keep != nil {
		plan.KeepEach = cmp.Or(plan.KeepEach, keepEach)
		plan.Keep = func(f *sweep.Field) func() {
			now := soFar(f)
			return func() { keep(now) }
		}
	}
	err = sweep.Run(ctx, plan, f, done)
	after = soFar(f)
	if ctx.Err() != nil && errors.Is(err, context.Cause(ctx)) {
		return after, true, nil
	}
	if err != nil && after.Addresses == 0 {
		after.Reason = sock.Reason(err)
		return after, false, nil
	}
	return after, false, err
}

// keepEach is what a sweep that is killed loses at most: little beside what a sweep takes.
const keepEach = 3 * time.Second

// field has the outcomes that a sweep already has.
func field(s model.Sweep) (*sweep.Field, error) {
	f := sweep.NewField()
	set := func(cidr string, r sweep.Result) error {
		p, err := netip.ParsePrefix(cidr)
		if err == nil {
			f.Set(p, r)
		}
		return err
	}
	err := set(s.Prefix, sweep.Result{Outcome: observation.OK})
	for _, x := range s.Exceptions {
		err = errors.Join(err, set(x.CIDR, sweep.Result{Outcome: x.Outcome, Errno: x.Errno}))
	}
	for _, cidr := range s.Left {
		err = errors.Join(err, set(cidr, sweep.Result{}))
	}
	return f, err
}

// counted fills a sweep from the field.
func counted(s model.Sweep, f *sweep.Field) model.Sweep {
	s.Addresses, s.Delivered, s.Exceptions, s.Left = 0, 0, nil, nil
	for _, r := range f.Ranges(netip.MustParsePrefix(s.Prefix)) {
		size := r.Size()
		switch {
		case r.Open():
			for _, p := range r.Prefixes() {
				s.Left = append(s.Left, p.String())
			}
			continue
		case r.Outcome == observation.OK:
			s.Delivered += size
			if r.Late {
				s.Late += size
			}
		default:
			for _, p := range r.Prefixes() {
				s.Exceptions = append(s.Exceptions, model.Exception{CIDR: p.String(), Outcome: r.Outcome, Errno: r.Errno})
			}
		}
		s.Addresses += size
	}
	return s
}
