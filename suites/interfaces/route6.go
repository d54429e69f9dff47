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
	// compatible4 is an address of the first, the one of 127.0.0.1.
	compatible4 = netip.MustParseAddr("::7f00:1")
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
	return append(routes(h, compatible, mapped), way(h, host.One6), way(h, compatible4))
})

// routes6 reads where packets go as blockRoute does. An IPv4-mapped address is no question for the
// routes of IPv6, so that the table alone says something about those.
func routes6(seen observation.Set) claim.Answer {
	all, asked := table(seen), answered(seen)
	one, found := best(all, one6)
	rejects := func(p netip.Prefix) bool {
		e, is := best(all, p)
		return is && e.reject
	}
	lowRejected := rejects(compatible)
	if o, tried := asked.Target(compatible4.String()).First(); tried {
		lowRejected = rejected(o)
	}
	way, tried := asked.Target(host.One6.String()).First()
	if tried {
		one.loopback, one.name = inside(way, seen.Op("interface").Outcome(observation.OK).Targets()), way.Value
		one.reject = rejected(way)
		found = found && way.Outcome == observation.OK || one.loopback
	}
	switch {
	case len(seen.Op("interface")) == 0:
		return claim.Unclear("no listing")
	case !found || one.reject:
		return claim.Shows("none", "no route to ::1%s", unless(one.reject, " but a reject route"))
	case !one.loopback:
		return claim.Shows("elsewhere", "%s leads to %s", host.One6, one.name)
	}
	words := map[[2]bool]string{{false, false}: "host-route", {true, true}: "rejects-both",
		{true, false}: "rejects-compatible", {false, true}: "rejects-mapped"}
	return claim.Shows(words[[2]bool{lowRejected, rejects(mapped)}], "%s leads to %s", one6, one.name)
}
