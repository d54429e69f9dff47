package session

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/runner/engine"
	"github.com/loopmatrix/loopmatrix/runner/progress"
	"github.com/loopmatrix/loopmatrix/suites/kit/capacity"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sweep"
)

// sweepWord begins every line about a sweep, by which a kit that sent another one to a target finds
// them.
const sweepWord = "sweep "

// listenersWord is what a list of sweeps calls the holding of listeners.
const listenersWord = "listeners"

// parseSweeps reads a list of sweeps: "udp,bind=127.64.0.0/10,listeners=100000". listeners is nil
// without that word.
func parseSweeps(list string) (sweeps []model.Sweep, listeners *capacity.Plan, err error) {
	if list == "" {
		return nil, nil, nil
	}
	for item := range strings.SplitSeq(list, ",") {
		item = strings.TrimSpace(item)
		word, part, has := strings.Cut(item, "=")
		if word == listenersWord {
			if listeners != nil {
				return nil, nil, usage("--sweep %s: listeners stands there twice", list)
			}
			listeners = &capacity.Plan{}
			if !has {
				continue
			}
			if listeners.Most, err = strconv.Atoi(part); err != nil || listeners.Most < 1 || listeners.Most > capacity.Whole {
				return nil, nil, usage("--sweep %s: listeners takes a number from 1 to %d, and %q is none", item, capacity.Whole, part)
			}
			continue
		}
		prefix := sweep.Block
		if has {
			if prefix, err = netip.ParsePrefix(part); err != nil || prefix.Bits() < sweep.Block.Bits() || !sweep.Block.Contains(prefix.Addr()) {
				return nil, nil, usage("--sweep %s: %q is no part of %s, such as 127.64.0.0/10", item, part, sweep.Block)
			}
		}
		p := sweep.Protocol(word)
		if !p.Known() {
			return nil, nil, usage("--sweep %q: it takes udp, bind, tcp, icmp, each alone or as in udp=127.64.0.0/10, and listeners or listeners=N", item)
		}
		if slices.ContainsFunc(sweeps, func(other model.Sweep) bool {
			return other.Protocol == word && netip.MustParsePrefix(other.Prefix).Overlaps(prefix)
		}) {
			return nil, nil, usage("--sweep %s: a part of it is asked twice", list)
		}
		sweeps = append(sweeps, engine.Ask(p, prefix.Masked()))
	}
	return sweeps, listeners, nil
}

// sweepAll makes the sweeps of a report that have something left, one after the other. After an
// interrupt the rest is left for Resume. Keep, if it is not nil, is given what is measured at the
// begin of each sweep and every few seconds.
func sweepAll(ctx context.Context, shown *progress.Display, out *Outcome, keep func(Outcome)) (err error) {
	r := &out.Report
	var keepOne func(model.Sweep)
	for i := 0; i < len(r.Sweeps); i++ {
		if len(r.Sweeps[i].Left) > 0 {
			var cut bool
			if keep != nil {
				keepOne = func(s model.Sweep) {
					now := *out
					now.Report.Sweeps = slices.Clone(r.Sweeps)
					now.Report.Sweeps[i] = s
					keep(now)
				}
				keepOne(r.Sweeps[i])
			}
			if r.Sweeps[i], cut, err = sweepOne(ctx, shown, r.Sweeps[i], keepOne); err != nil {
				return fmt.Errorf("the sweep %s: %w", r.Sweeps[i].Protocol, err)
			}
			if cut {
				out.Interrupted = true
				return nil
			}
		}
		r.Sweeps = addSweeps(r.Sweeps, permitted(r.Sweeps[i])) // an interrupt may have come before they were
	}
	return nil
}

// addSweeps adds those that are not there yet.
func addSweeps(all, more []model.Sweep) []model.Sweep {
	for _, s := range more {
		if !slices.ContainsFunc(all, func(o model.Sweep) bool {
			return o.Protocol == s.Protocol && o.Prefix == s.Prefix && o.Broadcast == s.Broadcast
		}) {
			all = append(all, s)
		}
	}
	return all
}

// permitted returns the sweeps that ask once more, now with SO_BROADCAST, what was denied without.
func permitted(s model.Sweep) []model.Sweep {
	var out []model.Sweep
	if s.Broadcast || s.Protocol != string(sweep.UDP) && s.Protocol != string(sweep.ICMP) {
		return nil
	}
	for _, x := range s.Exceptions {
		if x.Outcome == observation.Denied {
			again := engine.Ask(sweep.Protocol(s.Protocol), netip.MustParsePrefix(x.CIDR))
			again.Broadcast = true
			out = append(out, again)
		}
	}
	return out
}

func sweepOne(ctx context.Context, shown *progress.Display, s model.Sweep, keep func(model.Sweep)) (model.Sweep, bool, error) {
	announce(ctx, shown, s)
	var done atomic.Int64
	end := shown.Follow(fmt.Sprintf(sweepWord+"%-4s", s.Protocol), "", func() progress.Amount {
		return progress.Amount{Done: done.Load(), Total: int64(size(s.Prefix))}
	})
	defer end()
	return engine.Sweep(ctx, sweep.Plan{}, s, &done, keep)
}

// slow are the protocols that take minutes, so that people want to know before.
var slow = map[sweep.Protocol]bool{sweep.TCP: true, sweep.ICMP: true}

// announce says how long a sweep will take, for those that take long. If that can't be found out,
// the sweep says why.
func announce(ctx context.Context, shown *progress.Display, s model.Sweep) {
	prefix, err := netip.ParsePrefix(s.Prefix)
	if err != nil || shown.Quiet || !slow[sweep.Protocol(s.Protocol)] {
		return
	}
	estimate, err := sweep.Estimate(ctx, sweep.Plan{Protocol: sweep.Protocol(s.Protocol), Prefix: prefix, Broadcast: s.Broadcast}, time.Now)
	if err == nil && estimate > time.Second {
		_, _ = fmt.Fprintf(shown, sweepWord+"%s: %s addresses of %s, about %s\n", s.Protocol, render.Thousands(size(s.Prefix)), s.Prefix, estimate.Round(time.Second))
	}
}

// size returns how many addresses a part of the block has.
func size(prefix string) int {
	p, err := netip.ParsePrefix(prefix)
	if err != nil {
		return 0
	}
	return 1 << (32 - p.Bits())
}

// listen holds listeners if the plan says so, after everything else, whose memory it would take.
func (p Plan) listen(ctx context.Context, shown *progress.Display, out *Outcome) {
	if p.listeners == nil {
		return
	}
	plan := *p.listeners
	plan.Share = p.MemoryShare / 100
	var now capacity.Progress
	end := shown.Follow(listenersWord+" ", "held", func() progress.Amount {
		held := now.Held.Load()
		if now.Full.Load() {
			return progress.Amount{Done: held, Total: held, Remark: "asking some who they are, and letting go of all"}
		}
		return progress.Amount{Done: held, Total: now.Goal.Load()}
	})
	defer end()
	var cut bool
	out.Report, cut = engine.Listeners(ctx, plan, out.Report, &now)
	out.Interrupted = out.Interrupted || cut
}
