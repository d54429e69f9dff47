package block

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// listed is the operation of the observation that names the addresses which the system lists on its
// interfaces.
const listed = "list addresses"

// extent reads how much of the block an operation works for: whole-block, only-127.0.0.1,
// assigned-only, partial or none. An address counts as working only if every observation of it is
// OK.
func extent(op string) claim.Rule {
	return func(seen observation.Set) claim.Answer {
		own := seen.Op(listed).Targets()
		seen = seen.Op(op)
		failed := seen.Where(func(o observation.Observation) bool {
			return o.Outcome != observation.OK && o.Outcome != observation.Intermittent
		})
		again := without(seen.Outcome(observation.Intermittent).Targets(), failed.Targets())
		all, bad := seen.Targets(), failed.Targets()
		good := without(all, bad)
		errs := strings.Join(failed.Errors(), ", ")
		switch {
		case len(all) < 2:
			return claim.Unclear("only %d addresses were tried", len(all))
		case len(bad) == 0 && len(again) > 0:
			return claim.Shows("intermittent", "%d of %d addresses failed now and then, and worked when they were asked again (%s)",
				len(again), len(all), strings.Join(seen.Outcome(observation.Intermittent).Values(), ", "))
		case len(bad) == 0:
			return claim.Shows("whole-block", "all %d addresses tried", len(all))
		case len(good) == 0:
			return claim.Shows("none", "all %d addresses gave %s", len(bad), errs)
		case slices.Equal(good, []string{"127.0.0.1"}):
			return claim.Shows("only-127.0.0.1", "the other %d addresses gave %s", len(bad), errs)
		case len(without(good, own)) == 0:
			return claim.Shows("assigned-only", "%s, which an interface carries; the other %d addresses gave %s",
				strings.Join(good, ", "), len(bad), errs)
		default:
			return claim.Shows("partial", "%d of %d addresses gave %s, %s first", len(bad), len(all), errs, failed.FirstTarget())
		}
	}
}

// without gives what is in all and not in some.
func without(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(a string) bool { return slices.Contains(some, a) })
}

// extents are the behaviours of extent; does is what an address does if it works: "can be bound".
func extents(does string) []claim.Behaviour {
	return []claim.Behaviour{
		{Word: "whole-block", Means: "every address of the sample " + does, Conforms: true},
		{Word: "only-127.0.0.1", Means: "127.0.0.1 " + does + ", and no other address of the sample"},
		{Word: "assigned-only", Means: "only addresses that an interface carries: each of them " + does},
		{Word: "partial", Means: "some addresses of the sample: not every one " + does},
		{Word: "intermittent", Means: "every address of the sample " + does + ", but not every time: it failed once or more, and worked when it was asked again"},
		{Word: "none", Means: "not even 127.0.0.1 " + does},
	}
}

// tried is the sample together with the addresses of the block that an interface carries, and the
// observation which names those. If the system does not list its interfaces, there is no such
// observation.
func tried(h *host.Host) ([]netip.Addr, observation.Set) {
	interfaces, err := h.Network.Interfaces()
	if err != nil {
		return h.Sample, nil
	}
	addrs := slices.Clone(h.Sample)
	own := observation.Observation{Op: listed, Outcome: observation.OK, Count: 1}
	for _, i := range interfaces {
		for _, p := range i.Addresses {
			a := p.Addr().Unmap()
			if !a.Is4() || !sock.IsLoopback(a) || slices.Contains(own.Targets, a.String()) {
				continue
			}
			own.Targets = append(own.Targets, a.String())
			if !slices.Contains(addrs, a) {
				addrs = append(addrs, a)
			}
		}
	}
	return addrs, observation.Set{own}
}
