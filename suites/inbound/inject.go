package inbound

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/host"
	"github.com/loopmatrix/loopmatrix/suites/observe"
	"github.com/loopmatrix/loopmatrix/suites/probe"
	"github.com/loopmatrix/loopmatrix/suites/sock"
)

// Inject lets a datagram and a SYN arrive for a server on the wildcard address and for one on this address, and an echo
// request. Some systems check only what a specific socket gets.
func Inject(h *host.Host, i probe.Injection, specific netip.Addr) observe.Set {
	wild := netip.IPv4Unspecified()
	if sock.FamilyOf(specific) == sock.Inet6 {
		wild = netip.IPv6Unspecified()
	}
	var seen observe.Set
	for _, l := range []struct {
		name string
		at   netip.Addr
	}{{"wildcard listener", wild}, {"specific listener", specific}} {
		at := i
		at.Variant, at.Server = Joined(i.Variant, l.name), l.at
		seen = append(seen, probe.InjectUDP(h, h.Cable(), at)...)
		seen = append(seen, probe.InjectTCP(h, h.Cable(), at)...)
	}
	return append(seen, probe.InjectEcho(h, h.Cable(), i)...)
}

// Joined puts two parts of a variant together; either may be empty.
func Joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ", " + b
}

// WithoutReversePath measures as the system is, and once more without its check of the reverse path (RFC 3704): that
// would drop a packet from a loopback address before any check of its own is asked. A system that has no such switch is
// measured once. What the switches are comes first.
func WithoutReversePath(h *host.Host, measure func(variant string) observe.Set) observe.Set {
	var switches []string
	for _, c := range h.Cables {
		switches = append(switches, "net.ipv4.conf."+c.Name+".rp_filter")
	}
	switches = append(switches, "net.ipv4.conf.all.rp_filter") // the larger of the two holds (ip-sysctl.rst)
	var seen observe.Set
	has := true
	for _, s := range switches {
		value, err := h.Network.Switch(s)
		seen = append(seen, sock.Describe(observe.Observation{Op: ReadSwitch, Targets: []string{s}, Value: value, Count: 1}, err))
		has = has && err == nil
	}
	seen = append(seen, measure("as the system is")...)
	if !has {
		return seen
	}
	for _, s := range switches {
		h.Expect(h.Admin.Set(s, "0")).To(succeed(), "switch the check of the reverse path off")
	}
	return append(seen, measure("no check of the reverse path")...)
}

// ReadSwitch is the operation of the observation of what a switch is.
const ReadSwitch = "read switch"
