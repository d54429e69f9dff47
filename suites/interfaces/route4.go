package interfaces

import (
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
	return append(routes(h, block), way(h, host.One), way(h, host.Two), way(h, netip.AddrFrom4([4]byte{127, 255, 255, 254})))
})

func blockRoute(seen observation.Set) claim.Answer {
	all := table(seen)
	one, found := best(all, one4)
	rest, covered := best(all, block)
	inner := slices.DeleteFunc(slices.Clone(all), func(e entry) bool {
		return e.Bits() <= block.Bits() || e.Prefix == one4 || e.IsSingleIP() && (e.Addr() == host.Low || e.Addr() == host.High)
	})
	inside := func(keep func(entry) bool) bool { return slices.ContainsFunc(inner, keep) }
	switch {
	case len(seen.Op("interface")) == 0:
		return claim.Unclear("no listing")
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
