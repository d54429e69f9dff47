package offhost

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/host"
	"github.com/loopmatrix/loopmatrix/suites/observe"
	"github.com/loopmatrix/loopmatrix/suites/probe"
	"github.com/loopmatrix/loopmatrix/suites/sock"
)

// The names of the parts: every claim about sending is measured with a default route and without one, because systems
// give a packet that no route is for to the default gateway, to nobody, or to the link itself.
const (
	withRoute    = "default route"
	withoutRoute = "no default route"
)

// leaves are the behaviours of whatever might send to 127.0.0.0/8 on a link.
func leaves(more ...claim.Behaviour) []claim.Behaviour {
	return append([]claim.Behaviour{
		{Word: "stays-inside", Means: "no packet and no ARP request for the address was seen on the link", Conforms: true},
		{Word: "arp", Means: "an ARP request for the address was seen on the link, and no packet"},
		{Word: "leaves", Means: "a packet to the address was seen on the link"},
	}, more...)
}

// everyProtocol lists one emission of each protocol to each target.
func everyProtocol(variant string, options []probe.Option, targets ...netip.Addr) []probe.Emission {
	var out []probe.Emission
	for _, proto := range []string{"udp", "tcp", "icmp"} {
		for _, to := range targets {
			out = append(out, probe.Emission{Proto: proto, Variant: variant, To: to, Options: options})
		}
	}
	return out
}

// ties are the options that tie a socket to the interface of a cable. Each system has some of them; IP_PKTINFO goes with
// datagrams, which TCP has none of.
func ties() []sock.Option {
	return []sock.Option{sock.BindDevice, sock.UnicastIf, sock.SendVia, sock.BoundIf, sock.DontRoute}
}

// tied lists one emission of each protocol to the target, from sockets that this option ties to the cable.
func tied(option sock.Option, index int, targets ...netip.Addr) []probe.Emission {
	value := index
	if option == sock.DontRoute { // a switch: it ties a socket to the links in general
		value = 1
	}
	all := everyProtocol(option.String(), []probe.Option{{Name: option, Value: value}}, targets...)
	return slices.DeleteFunc(all, func(e probe.Emission) bool { return e.Proto == "tcp" && option == sock.SendVia })
}

// hasOption says whether an observation was made with one of these options.
func hasOption(o observe.Observation, options ...sock.Option) bool {
	for _, option := range options {
		if o.Variant == option.String() || strings.HasSuffix(o.Variant, ", "+option.String()) {
			return true
		}
	}
	return false
}

// stays reads whether anything was seen on the link.
func stays(seen observe.Set) claim.Answer {
	watched, crossed := seen.Op("wire"), seen.Op("wire").Outcome(observe.OK)
	packets := crossed.Where(func(o observe.Observation) bool { return !isARP(o) })
	switch {
	case len(watched) == 0:
		return claim.Unclear("nothing was sent: %s", list(seen.Errors()))
	case len(packets) > 0:
		return claim.Shows("leaves", "%s", onWire(crossed))
	case len(crossed) > 0:
		return claim.Shows("arp", "%s", onWire(crossed))
	default:
		return claim.Shows("stays-inside", "%d packets were sent or refused, and none was seen on the link", watched.Count())
	}
}

// isARP says whether a frame that was seen on the link is one of ARP.
func isARP(o observe.Observation) bool {
	return o.Outcome == observe.OK && strings.HasPrefix(o.Value, "arp")
}

func list(words []string) string { return strings.Join(words, ", ") }

// onWire tells what was seen on the link, by arrangement: "default route, SO_BINDTODEVICE: tcp SYN, udp".
func onWire(crossed observe.Set) string {
	var all, variants []string
	for _, o := range crossed {
		if !slices.Contains(variants, o.Variant) {
			variants = append(variants, o.Variant)
			all = append(all, o.Variant+": "+list(crossed.Variant(o.Variant).Values()))
		}
	}
	return strings.Join(all, "; ")
}

// inBothWays gives the parts of a claim about sending.
func inBothWays(in host.Arrangement, spec claim.Spec) []claim.Part {
	in.Cables = 1
	routed := in
	routed.Route = true
	return []claim.Part{{Name: withRoute, In: routed, Spec: spec}, {Name: withoutRoute, In: in, Spec: spec}}
}
