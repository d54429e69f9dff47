package main

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/runner/engine"
	"github.com/loopmatrix/loopmatrix/suites/observe"
	"github.com/loopmatrix/loopmatrix/suites/sweep"
)

// sweepHelp describes --sweep.
const sweepHelp = "ask every address of the block: a `list` of udp, bind, tcp, icmp, each also as udp=PREFIX"

// asks reads what --sweep asks for: "udp,bind=127.64.0.0/10".
func asks(list string) ([]model.Sweep, error) {
	if list == "" {
		return nil, nil
	}
	var out []model.Sweep
	for item := range strings.SplitSeq(list, ",") {
		word, part, has := strings.Cut(strings.TrimSpace(item), "=")
		prefix := sweep.Block
		if has {
			var err error
			if prefix, err = netip.ParsePrefix(part); err != nil || prefix.Bits() < sweep.Block.Bits() || !sweep.Block.Contains(prefix.Addr()) {
				return nil, usage("--sweep %s: %q is no part of %s, such as 127.64.0.0/10", item, part, sweep.Block)
			}
		}
		if p := sweep.Protocol(word); !p.Known() {
			return nil, usage("--sweep %q: it takes udp, bind, tcp, icmp, each alone or as in udp=127.64.0.0/10", item)
		}
		out = append(out, engine.Ask(sweep.Protocol(word), prefix.Masked()))
	}
	return out, nil
}

// sweepAll makes the sweeps of a report that have something left, one after the other. After an interrupt the rest is
// left for --resume.
func (f runFlags) sweepAll(ctx context.Context, r *model.Report) (interrupted bool, err error) {
	for i := 0; i < len(r.Sweeps) && !interrupted; i++ {
		if len(r.Sweeps[i].Left) == 0 {
			continue
		}
		if r.Sweeps[i], interrupted, err = f.sweepOne(ctx, r.Sweeps[i]); err != nil {
			return interrupted, kit("the sweep %s: %w", r.Sweeps[i].Protocol, err)
		}
		if !interrupted {
			r.Sweeps = append(r.Sweeps, permitted(r.Sweeps[i])...)
		}
	}
	return interrupted, nil
}

// permitted are the sweeps that ask once more, now with SO_BROADCAST, what was denied without.
func permitted(s model.Sweep) []model.Sweep {
	var out []model.Sweep
	if s.Broadcast || s.Protocol != string(sweep.UDP) && s.Protocol != string(sweep.ICMP) {
		return nil
	}
	for _, x := range s.Exceptions {
		if x.Outcome == observe.Denied {
			again := engine.Ask(sweep.Protocol(s.Protocol), netip.MustParsePrefix(x.CIDR))
			again.Broadcast = true
			out = append(out, again)
		}
	}
	return out
}

func (f runFlags) sweepOne(ctx context.Context, s model.Sweep) (model.Sweep, bool, error) {
	f.announce(ctx, s)
	var done atomic.Int64
	end := follow(s, &done, f.quiet)
	s, interrupted, err := engine.Sweep(ctx, sweep.Plan{}, s, &done)
	end()
	return s, interrupted, err
}

// slow are the protocols that take minutes, so that people want to know before.
var slow = map[sweep.Protocol]bool{sweep.TCP: true, sweep.ICMP: true}

// announce says how long it will take, for those that take long. If that can't be found out, the sweep will say why.
func (f runFlags) announce(ctx context.Context, s model.Sweep) {
	prefix, err := netip.ParsePrefix(s.Prefix)
	if err != nil || f.quiet || !slow[sweep.Protocol(s.Protocol)] {
		return
	}
	estimate, err := sweep.Estimate(ctx, sweep.Plan{Protocol: sweep.Protocol(s.Protocol), Prefix: prefix, Broadcast: s.Broadcast}, time.Now)
	if err == nil && estimate > time.Second {
		fmt.Fprintf(os.Stderr, "sweep %s: %s addresses of %s, about %s\n", s.Protocol, thousands(1<<(32-prefix.Bits())), s.Prefix, estimate.Round(time.Second))
	}
}
