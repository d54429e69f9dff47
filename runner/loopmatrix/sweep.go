package main

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/runner/engine"
	"github.com/loopmatrix/loopmatrix/runner/progress"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sweep"
)

// sweepHelp describes --sweep.
const sweepHelp = "ask every address of the block: a `list` of udp, bind, tcp, icmp, each also as udp=PREFIX,\n" +
	"and again for another PREFIX;\n" +
	"listeners[=N] holds as many listeners on one port as there is room for"

// sweepWord begins every line about a sweep, by which a kit that sent another one to a target knows them.
const sweepWord = "sweep "

// asks reads what --sweep asks for: "udp,bind=127.64.0.0/10".
func asks(list string) ([]model.Sweep, error) {
	if list == "" {
		return nil, nil
	}
	if _, err := listenersAsked(list); err != nil {
		return nil, err
	}
	var out []model.Sweep
	for item := range strings.SplitSeq(list, ",") {
		word, part, has := strings.Cut(strings.TrimSpace(item), "=")
		if word == listenersWord {
			continue
		}
		prefix := sweep.Block
		if has {
			var err error
			if prefix, err = netip.ParsePrefix(part); err != nil || prefix.Bits() < sweep.Block.Bits() || !sweep.Block.Contains(prefix.Addr()) {
				return nil, usage("--sweep %s: %q is no part of %s, such as 127.64.0.0/10", item, part, sweep.Block)
			}
		}
		if p := sweep.Protocol(word); !p.Known() {
			return nil, usage("--sweep %q: it takes udp, bind, tcp, icmp, each alone or as in udp=127.64.0.0/10, and listeners or listeners=N", item)
		}
		s := engine.Ask(sweep.Protocol(word), prefix.Masked())
		for _, other := range out {
			if other.Protocol == s.Protocol && netip.MustParsePrefix(other.Prefix).Overlaps(prefix) {
				return nil, usage("--sweep %s: a part of it is asked twice", list)
			}
		}
		out = append(out, s)
	}
	return out, nil
}

// sweepAll makes the sweeps of a report that have something left, one after the other. After an interrupt the rest is
// left for --resume.
func (f runFlags) sweepAll(ctx context.Context, r *model.Report) (interrupted bool, err error) {
	for i := 0; i < len(r.Sweeps); i++ {
		if len(r.Sweeps[i].Left) > 0 {
			if r.Sweeps[i], interrupted, err = f.sweepOne(ctx, r.Sweeps[i]); err != nil {
				return interrupted, kit("the sweep %s: %w", r.Sweeps[i].Protocol, err)
			}
		}
		if interrupted {
			return true, nil
		}
		r.Sweeps = addSweeps(r.Sweeps, permitted(r.Sweeps[i])) // an interrupt may have come before they were
	}
	return false, nil
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

// permitted are the sweeps that ask once more, now with SO_BROADCAST, what was denied without.
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

func (f runFlags) sweepOne(ctx context.Context, s model.Sweep) (model.Sweep, bool, error) {
	shown := f.display()
	announce(ctx, shown, s)
	var done atomic.Int64
	end := shown.Follow(fmt.Sprintf(sweepWord+"%-4s", s.Protocol), "", func() progress.Amount {
		return progress.Amount{Done: done.Load(), Total: int64(size(s.Prefix))}
	})
	s, interrupted, err := engine.Sweep(ctx, sweep.Plan{}, s, &done)
	end()
	return s, interrupted, err
}

// slow are the protocols that take minutes, so that people want to know before.
var slow = map[sweep.Protocol]bool{sweep.TCP: true, sweep.ICMP: true}

// announce says how long it will take, for those that take long. If that can't be found out, the sweep will say why.
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
