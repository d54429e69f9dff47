package interfaces

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

var (
	block = netip.MustParsePrefix("127.0.0.0/8")
	one4  = netip.PrefixFrom(host.One, 32)
)

var _ = claim.It(claim.Claim{
	ID:       "rt.v4.block",
	Family:   claim.Interface,
	Level:    claim.Impl,
	Source:   free("NetBSD's and OpenBSD's start-up scripts add a reject route for 127.0.0.0/8, Linux has a local route for it"),
	Sentence: "The routing table sends all of 127.0.0.0/8 to the loopback interface.",
	Question: "Where does the routing table send 127.0.0.2?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "block-rejected",
	Behaviours: []claim.Behaviour{
		{Word: "whole-block", Means: "a route sends all of 127.0.0.0/8 to a loopback interface"},
		{Word: "rejects-rest", Means: "127.0.0.1 goes to a loopback interface, the rest of the block is rejected"},
		{Word: "host-route", Means: "127.0.0.1 goes to a loopback interface; the rest of the block has no route of its own, and follows the default route if there is one"},
		{Word: "partial", Means: "part of the block goes to a loopback interface"},
		{Word: "elsewhere", Means: "a route for the block leads to an interface that is no loopback interface"},
		{Word: "none", Means: "no route but a default one holds 127.0.0.1, or it is rejected"},
	},
	Rule: blockRoute,
}, func(h *host.Host) observation.Set {
	listing := routes(h, block)
	return append(listing, ways(h, listing, block)...)
})

// blockRoute reads where packets go, by what the system answered; where it has no such question,
// what the table lists.
func blockRoute(seen observation.Set) claim.Answer {
	all, asked := table(seen), answered(seen)
	one, tried := asked.Target(host.One.String()).First()
	switch {
	case len(seen.Op("interface")) == 0:
		return claim.Unclear("no listing")
	case !tried:
		return blockTable(all)
	case one.Outcome != observation.OK || rejected(one):
		return claim.Shows("none", "the way to 127.0.0.1: %s", cmp.Or(one.Problem(), one.Variant))
	}
	loopbacks := seen.Op("interface").Outcome(observation.OK).Targets()
	if first, found := best(all, one4); !inside(one, loopbacks) {
		if !found {
			return claim.Shows("none", "no route to 127.0.0.1 but a default one")
		}
		return claim.Shows("elsewhere", "%s leads to %s", first.Prefix, one.Value)
	}
	outside := asked.Where(func(o observation.Observation) bool { return !inside(o, loopbacks) })
	within := asked.Where(func(o observation.Observation) bool { return inside(o, loopbacks) }).Targets()
	within = slices.DeleteFunc(within, func(a string) bool { return a == host.One.String() || ownRoute(all, a) })
	away := slices.IndexFunc(all, func(e entry) bool {
		return e.Bits() > 0 && e.Bits() <= block.Bits() && e.Overlaps(block) && !e.loopback && !e.reject
	})
	switch {
	case len(within) > 0 && len(outside) == 0:
		return claim.Shows("whole-block", "%s leads to %s", block, one.Value)
	case len(within) > 0:
		return claim.Shows("partial", "%s leads to %s, %s does not", within[0], one.Value, outside.FirstTarget())
	case len(outside.Where(rejected)) < len(outside) && away >= 0:
		return claim.Shows("elsewhere", "%s leads to %s", all[away].Prefix, all[away].name)
	case len(outside.Where(rejected)) > 0:
		what := outside.Where(rejected).FirstTarget()
		if e, listed := best(all, block); listed && e.reject {
			what = e.String()
		}
		return claim.Shows("rejects-rest", "%s is rejected, %s leads to %s", what, one4, one.Value)
	default:
		return claim.Shows("host-route", "%s leads to %s", one4, one.Value)
	}
}

// ownRoute reports whether an address of the block has an entry of its own to a loopback interface,
// as an alias has on the BSDs; that says nothing about the block.
func ownRoute(all []entry, a string) bool {
	return slices.ContainsFunc(all, func(e entry) bool { return e.IsSingleIP() && e.loopback && e.Addr().String() == a })
}

// blockTable reads the entries of the routing table.
func blockTable(all []entry) claim.Answer {
	one, found := best(all, one4)
	rest, covered := best(all, block)
	inner := slices.DeleteFunc(slices.Clone(all), func(e entry) bool {
		return e.Bits() <= block.Bits() || e.Prefix == one4 || e.IsSingleIP() && (e.Addr() == host.Low || e.Addr() == host.High)
	})
	inside := func(keep func(entry) bool) bool { return slices.ContainsFunc(inner, keep) }
	switch {
	case !found || one.reject:
		return claim.Shows("none", "no route to 127.0.0.1%s", unless(one.reject, " but a reject route"))
	case !one.loopback:
		return claim.Shows("elsewhere", "%s leads to %s", one.Prefix, one.name)
	case covered && rest.loopback && inside(func(e entry) bool { return !e.loopback }):
		return claim.Shows("partial", "%s leads to %s, but not all that is inside", rest.Prefix, rest.name)
	case covered && rest.loopback:
		return claim.Shows("whole-block", "%s leads to %s", rest.Prefix, rest.name)
	case covered && !rest.reject:
		return claim.Shows("elsewhere", "%s leads to %s", rest.Prefix, rest.name)
	case inside(func(e entry) bool { return e.loopback && !e.IsSingleIP() }):
		return claim.Shows("partial", "part of the block leads to %s", one.name)
	case covered:
		return claim.Shows("rejects-rest", "%s is rejected, %s leads to %s", rest.Prefix, one.Prefix, one.name)
	default:
		return claim.Shows("host-route", "%s leads to %s", one.Prefix, one.name)
	}
}

func unless(cond bool, text string) string {
	if cond {
		return text
	}
	return ""
}
