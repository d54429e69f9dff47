package link

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// BothWays gives the parts of a claim about sending, in this private host with one cable: with a
// default route and without one, because systems give a packet for which there is no route to the
// gateway, to nobody, or to the link.
func BothWays(in host.Arrangement, spec claim.Spec) []claim.Part {
	in.Cables = 1
	routed := in
	routed.Route = true
	return []claim.Part{{Name: "default route", In: routed, Spec: spec}, {Name: "no default route", In: in, Spec: spec}}
}

// EveryProtocol lists one emission of each protocol to each target, from sockets with these
// options.
func EveryProtocol(variant string, options []probe.Option, targets ...netip.Addr) []probe.Emission {
	var out []probe.Emission
	for _, proto := range []string{"udp", "tcp", "icmp"} {
		for _, to := range targets {
			out = append(out, probe.Emission{Proto: proto, Variant: variant, To: to, Options: options})
		}
	}
	return out
}

// Ties are the options that tie a socket to an interface that is not loopback. Each system has some
// of them. SO_DONTROUTE ties it to the links in general.
func Ties() []sock.Option {
	return []sock.Option{sock.BindDevice, sock.BindIndex, sock.UnicastIf, sock.SendVia, sock.BoundIf, sock.DontRoute}
}

// Tied lists one emission of each protocol to each target, from sockets that this option ties to
// the interface; what precedes it in the variant ends in a comma. With SendVia, which goes with
// datagrams, there is none of TCP.
func Tied(variant string, option sock.Option, index int, targets ...netip.Addr) []probe.Emission {
	value := index
	if option == sock.DontRoute {
		value = 1
	}
	all := EveryProtocol(variant+option.String(), []probe.Option{{Name: option, Value: value}}, targets...)
	return slices.DeleteFunc(all, func(e probe.Emission) bool { return e.Proto == "tcp" && option == sock.SendVia })
}

// HasOption says whether an observation was made with one of these options, by its variant.
func HasOption(o observation.Observation, options ...sock.Option) bool {
	return slices.ContainsFunc(options, func(option sock.Option) bool {
		return o.Variant == option.String() || strings.HasSuffix(o.Variant, ", "+option.String())
	})
}

// SetOption is the operation of the observation that a socket can't have an option.
const SetOption = "setsockopt"

// EmitTied sends to addresses from sockets that are tied to the first cable, with every option that
// the system has for it; that it has none is an observation of its own. Before each option stand
// its controls. targets gives the addresses for the n-th option. One is left out if the host has
// asked for its link address before, since it asks once in a second and sends nothing meanwhile.
func EmitTied(h *host.Host, variant string, targets func(n int) []netip.Addr) observation.Set {
	c := h.Cable()
	var seen observation.Set
	for n, option := range Ties() {
		fresh := slices.DeleteFunc(targets(n), func(a netip.Addr) bool { return asked(c, a) })
		if o, has := offers(h, sock.FamilyOf(targets(n)[0]), variant, option); !has {
			seen = append(seen, o)
		} else if len(fresh) > 0 {
			seen = append(seen, controls(h, variant, option, sock.FamilyOf(fresh[0]))...)
			seen = append(seen, probe.Emit(h, c, Tied(variant, option, c.Index, fresh...))...)
		}
	}
	return seen
}

// offers says whether a UDP socket of this system has an option, and observes it if not.
func offers(h *host.Host, f sock.Family, variant string, option sock.Option) (o observation.Observation, has bool) {
	p := probe.Begin(h, SetOption, "", variant+option.String(), "")
	s, err := p.Socket(f, sock.UDP)
	if err == nil {
		err = s.SetOption(option, h.Cable().Index)
	}
	return p.End(err), err == nil
}

// asked says whether the host has asked for the link address of an address before.
func asked(c *wire.Cable, a netip.Addr) bool {
	return slices.ContainsFunc(c.After(0), func(f wire.Frame) bool {
		s := f.Read()
		return f.Direction == wire.Out && (s.Kind == "arp" || s.Kind == "neighbour-solicitation") && s.Destination.Addr() == a
	})
}

// From lets emissions come from sockets that are bound to an address.
func From(a netip.Addr, all []probe.Emission) []probe.Emission {
	for i := range all {
		all[i].From = a
	}
	return all
}

// Crossed selects what was seen on the cable.
func Crossed(seen observation.Set) observation.Set { return seen.Op("wire").Outcome(observation.OK) }

// IsQuestion says whether a frame that was seen on the cable is one of ARP or a neighbour
// solicitation.
func IsQuestion(o observation.Observation) bool {
	return o.Outcome == observation.OK && (strings.HasPrefix(o.Value, "arp") || strings.HasPrefix(o.Value, "neighbour"))
}

// FromLoopback says whether what was seen on the cable has a loopback address as its source.
func FromLoopback(o observation.Observation) bool {
	a, err := netip.ParseAddr(o.Source)
	return err == nil && sock.IsLoopback(a)
}

// Frames tells what was seen on the cable, by arrangement: "default route, SO_BINDTODEVICE: tcp
// SYN, udp".
func Frames(crossed observation.Set) string {
	var all, variants []string
	for _, o := range crossed {
		if !slices.Contains(variants, o.Variant) {
			variants = append(variants, o.Variant)
			all = append(all, o.Variant+": "+List(crossed.Variant(o.Variant).Values()))
		}
	}
	return strings.Join(all, "; ")
}

// List writes words with commas.
func List(words []string) string { return strings.Join(words, ", ") }
