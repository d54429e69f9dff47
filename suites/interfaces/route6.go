package interfaces

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

var (
	one6       = netip.PrefixFrom(host.One6, 128)
	compatible = netip.MustParsePrefix("::/96")
	mapped     = netip.MustParsePrefix("::ffff:0:0/96")
)

var _ = claim.It(claim.Claim{
	ID:       "rt.v6",
	Family:   claim.Interface,
	Level:    claim.Impl,
	Source:   free("the start-up scripts of the BSDs reject ::/96 and ::ffff:0:0/96"),
	Sentence: "The routing table has a host route for ::1, and rejects ::/96 and ::ffff:0:0/96.",
	Question: "Where does the routing table send ::1 and IPv4-mapped addresses?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "mapped-rejected",
	Behaviours: []claim.Behaviour{
		{Word: "host-route", Means: "::1 goes to a loopback interface; neither prefix is rejected"},
		{Word: "rejects-both", Means: "::1 goes to a loopback interface; ::/96 and ::ffff:0:0/96 are rejected"},
		{Word: "rejects-compatible", Means: "::1 goes to a loopback interface; only ::/96 is rejected"},
		{Word: "rejects-mapped", Means: "::1 goes to a loopback interface; only ::ffff:0:0/96 is rejected"},
		{Word: "elsewhere", Means: "a route for ::1 leads to an interface that is no loopback interface"},
		{Word: "none", Means: "no route but a default one holds ::1, or it is rejected"},
	},
	Rule: routes6,
}, func(h *host.Host) observation.Set {
	probe.NeedIPv6(h)
	return append(routes(h, compatible, mapped), way(h, host.One6))
})

func routes6(seen observation.Set) claim.Answer {
	all := table(seen)
	one, found := best(all, one6)
	rejects := func(p netip.Prefix) bool {
		e, is := best(all, p)
		return is && e.reject
	}
	switch {
	case len(seen.Op("interface")) == 0:
		return claim.Unclear("no listing")
	case !found || one.reject:
		return claim.Shows("none", "no route to ::1%s", unless(one.reject, " but a reject route"))
	case !one.loopback:
		return claim.Shows("elsewhere", "%s leads to %s", one.Prefix, one.name)
	}
	words := map[[2]bool]string{{false, false}: "host-route", {true, true}: "rejects-both",
		{true, false}: "rejects-compatible", {false, true}: "rejects-mapped"}
	return claim.Shows(words[[2]bool{rejects(compatible), rejects(mapped)}], "%s leads to %s", one.Prefix, one.name)
}
