package binds

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// carried sees to it that each of these addresses can be bound: where the block is not this host's
// as a whole, it adds those that are lacking to lo.
func carried(h *host.Host, addresses ...netip.Addr) {
	for _, a := range addresses {
		s, _, err := probe.Listen(h, sock.UDP, netip.AddrPortFrom(a, 0))
		if err == nil {
			_ = s.Close() // it told what it was opened for
			continue
		}
		if h.Admin == nil {
			h.NotRun("bind", err)
		}
		if err := h.Admin.Assign(h.Lo().Index, netip.PrefixFrom(a, a.BitLen())); err != nil {
			h.NotRun("assign address", err)
		}
	}
}

// unfiltered ends the spec unless TCP and UDP reach these addresses before there are rules.
func unfiltered(h *host.Host, addresses ...netip.Addr) {
	carried(h, addresses...)
	for _, a := range addresses {
		probe.NeedDelivery(h, sock.TCP, a)
		probe.NeedDelivery(h, sock.UDP, a)
	}
}

// reject is two rules that refuse TCP and UDP at once, as well as the filter can: both must match
// the same packets.
func reject(r host.FilterRule) []host.FilterRule {
	tcp, udp := r, r
	tcp.Proto, tcp.Verb = "tcp", host.Reset
	udp.Proto, udp.Verb = "udp", host.PortUnreachable
	return []host.FilterRule{tcp, udp}
}

// knock tries to reach addresses over TCP and UDP. A client that binds no address may get that of
// the server, which the rule is about: then what rejects it meets the rule too.
func knock(h *host.Host, variant string, from netip.Addr, to ...netip.Addr) observation.Set {
	k := probe.Knocks{Variant: variant, From: from, Wait: h.Wait}
	return append(k.Dial(h, to), k.Send(h, to)...)
}

// denied says whether something was tried and nothing of it worked.
func denied(seen observation.Set) bool {
	return seen.All(func(o observation.Observation) bool { return o.Outcome != observation.OK })
}

// variantEnds selects the observations of one arrangement; the name of the part stands before it.
func variantEnds(with string) func(observation.Observation) bool {
	return func(o observation.Observation) bool { return strings.HasSuffix(o.Variant, with) }
}

// variantsOf lists the arrangements of some observations, without the name of the part.
func variantsOf(seen observation.Set) []string {
	var out []string
	for _, o := range seen {
		_, variant, named := strings.Cut(o.Variant, ", ")
		if !named {
			variant = o.Variant
		}
		out = append(out, variant)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
