package interfaces

import (
	"encoding/binary"
	"net/netip"
	"slices"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

// routes lists the routing table's entries that concern one of these prefixes: a "route"
// observation each, with the kind as variant and the interface as value; beside them the loopback
// interfaces. Other routes are none of the report's business.
func routes(h *host.Host, prefixes ...netip.Prefix) observation.Set {
	all, err := h.Network.Routes()
	if err != nil {
		h.NotRun("list routes", err)
	}
	seen := link.Interfaces(h)
	for _, r := range all {
		concerns := slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Overlaps(r.Destination) })
		if concerns {
			seen = append(seen, probe.Begin(h, "route", "", r.Kind, r.Destination.String()).Value(r.Interface).End(nil))
		}
	}
	return seen
}

// way asks which route a packet would take, without sending one.
func way(h *host.Host, a netip.Addr) observation.Observation {
	r, err := h.Network.RouteTo(a)
	p := probe.Begin(h, "route-get", "", r.Kind, a.String())
	return p.Value(r.Interface).End(err)
}

// ways asks about every address of the sample, and about one inside each entry of the table that
// covers less than the block: what an entry means shows where its packets go, since rules
// (ip-rule(8)) decide which tables count, and for whom.
func ways(h *host.Host, listing observation.Set, within netip.Prefix) observation.Set {
	asked := slices.Clone(h.Sample)
	for _, e := range table(listing) {
		if within.Overlaps(e.Prefix) && e.Bits() > within.Bits() && e.Addr() != host.Low && e.Addr() != host.High {
			asked = append(asked, middle(e.Prefix))
		}
	}
	slices.SortStableFunc(asked, netip.Addr.Compare)
	var seen observation.Set
	for _, a := range slices.Compact(asked) {
		seen = append(seen, way(h, a))
	}
	return seen
}

// middle is an address of an IPv4 prefix that is none of its edges, nor its first: the bits for the
// host alternate.
func middle(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().As4()
	host := uint32(0x55555555) & (1<<(32-p.Bits()) - 1)
	binary.BigEndian.PutUint32(b[:], binary.BigEndian.Uint32(b[:])|host)
	return netip.AddrFrom4(b)
}

// entry is one route as a rule reads it.
type entry struct {
	netip.Prefix
	loopback bool // it delivers by a loopback interface
	reject   bool
	name     string // of the interface
}

// table reads the routes of a listing. Those for broadcast and multicast lead nowhere else, and say
// nothing here.
func table(seen observation.Set) []entry {
	loopbacks := seen.Op("interface").Outcome(observation.OK).Targets()
	var out []entry
	for _, o := range seen.Op("route") {
		for _, t := range o.Targets {
			p, err := netip.ParsePrefix(t)
			if err != nil || !slices.Contains([]string{"local", "unicast", "reject", "blackhole"}, o.Variant) {
				continue
			}
			reject := o.Variant == "reject" || o.Variant == "blackhole"
			out = append(out, entry{p, !reject && slices.Contains(loopbacks, o.Value), reject, o.Value})
		}
	}
	return out
}

// answered selects what a system said where packets go. One that has no such question (EOPNOTSUPP)
// has said nothing, and there the table decides.
func answered(seen observation.Set) observation.Set {
	return seen.Op("route-get").Where(func(o observation.Observation) bool { return o.Outcome != observation.Unsupported })
}

// inside reports whether packets go to a loopback interface, by an answer to route-get.
func inside(o observation.Observation, loopbacks []string) bool {
	return o.Outcome == observation.OK && !rejected(o) && slices.Contains(loopbacks, o.Value)
}

// rejected reports whether a route was found that takes no packets. Linux answers with the error of
// such a route: EHOSTUNREACH, EACCES, EINVAL for a blackhole; ENETUNREACH says that there is none.
func rejected(o observation.Observation) bool {
	return o.Variant == "reject" || o.Variant == "blackhole" || o.Outcome != observation.OK && o.Errno != "ENETUNREACH"
}

// best is the longest of the entries that hold all of a prefix; the default route counts as none.
// Of two for the same prefix the first one counts, as in the listing.
func best(all []entry, p netip.Prefix) (entry, bool) {
	var out entry
	for _, e := range all {
		if e.Bits() > 0 && e.Bits() <= p.Bits() && e.Contains(p.Addr()) && (!out.IsValid() || e.Bits() > out.Bits()) {
			out = e
		}
	}
	return out, out.IsValid()
}
