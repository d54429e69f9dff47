package ipv6

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var sixToFour = netip.MustParsePrefix("2002:7f00::/24")

var _ = claim.It(claim.Claim{
	ID:     "v6.6to4",
	Family: claim.IPv6,
	Level:  claim.ShouldNot,
	Source: claim.Source{References: []claim.Reference{claim.RFC(3964, "5.1"), claim.RFC(3964, "5.3")},
		Note: "section 5.1 has what encapsulates for 6to4 drop a packet whose destination encloses an address of 127.0.0.0/8 (5.3.1, 5.3.2); it " +
			"asks nothing of a host without 6to4, which may hand such a packet to its router"},
	Sentence: "2002:7f00::/24, the 6to4 form of 127.0.0.0/8, is not used.",
	Question: "Is the 6to4 address of 127.0.0.1 kept inside the host?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "6to4-of-127",
	Behaviours: []claim.Behaviour{
		{Word: "rejected", Means: "the host has no way there, although it has one to other addresses, or it lists a reject route", Conforms: true},
		{Word: "routed", Means: "the host would send there like to any other address"},
		{Word: "partial", Means: "the host has a way to some of the addresses tried"},
	},
	Rule: kept,
}, func(h *host.Host) observation.Set {
	probe.NeedIPv6(h)
	seen := rejecting(h)
	for _, a := range []string{"2002:7f00:1::", "2002:7fff:fffe::1"} {
		seen = append(seen, probe.SourceFor(h, "", netip.MustParseAddr(a)))
	}
	// Without a way to any other host, nothing is said about this one. 2001:db8::/32 (RFC 3849) is
	// rejected on NetBSD, so that a unique local address (RFC 4193) is asked too.
	var way observation.Set
	for _, a := range []string{"2001:db8::4c4d", "fdd5:3c0e:4c4d::1"} {
		way = append(way, probe.SourceFor(h, controls, netip.MustParseAddr(a)))
	}
	if o := way[0]; len(append(way, seen...).Outcome(observation.OK)) == 0 {
		h.NotRun("connect to any other host", sock.Errno("connect", o.Errno, o.Number))
	}
	return append(seen, way...)
})

// rejecting lists the routes that reject all of the prefix, or part of it.
func rejecting(h *host.Host) observation.Set {
	all, err := h.Network.Routes()
	if err != nil {
		return nil // the connections tell it as well
	}
	var seen observation.Set
	for _, r := range all {
		if d := r.Destination; (r.Kind == "reject" || r.Kind == "blackhole") && d.Bits() >= 16 && d.Overlaps(sixToFour) {
			seen = append(seen, probe.Begin(h, "route", "", "", d.String()).Value(r.Kind).End(nil))
		}
	}
	return seen
}

func kept(seen observation.Set) claim.Answer {
	tried := seen.Op("connect").Variant("")
	routed := tried.Outcome(observation.OK)
	controlled := len(seen.Op("connect").Variant(controls).Outcome(observation.OK)) > 0
	listed := seen.Op("route")
	switch {
	case len(tried) == 0:
		return claim.Unclear("no address was tried")
	case covers(listed.Targets(), tried.Targets()): // connect passes on NetBSD, where only the send is refused
		return claim.Shows("rejected", "the routing table rejects %s", strings.Join(listed.Targets(), ", "))
	case tried.AllOK():
		return claim.Shows("routed", "%s have a route", strings.Join(tried.Targets(), " and "))
	case len(routed) > 0:
		return claim.Shows("partial", "%s has a route", strings.Join(routed.Targets(), " and "))
	case len(listed) > 0:
		return claim.Shows("rejected", "the routing table rejects %s", strings.Join(listed.Targets(), ", "))
	case controlled:
		return claim.Shows("rejected", "%s, while other addresses have a route", strings.Join(tried.Errors(), ", "))
	default:
		return claim.Unclear("this host has no route to any other IPv6 address")
	}
}

// covers reports whether one of the prefixes holds all of the addresses.
func covers(prefixes, addrs []string) bool {
	return slices.ContainsFunc(prefixes, func(text string) bool {
		p, err := netip.ParsePrefix(text)
		return err == nil && !slices.ContainsFunc(addrs, func(text string) bool {
			a, err := netip.ParseAddr(text)
			return err != nil || !p.Contains(a)
		})
	})
}
