package link

import (
	"net/netip"
	"strings"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Inject lets a datagram and a SYN arrive for a server on the wildcard address and for one on this
// address, and an echo request. Some systems check only what a specific socket gets.
func Inject(h *host.Host, i probe.Injection, specific netip.Addr) observation.Set {
	wild := netip.IPv4Unspecified()
	if sock.FamilyOf(specific) == sock.Inet6 {
		wild = netip.IPv6Unspecified()
	}
	var seen observation.Set
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

// WithoutReversePath measures as the system is, and once more without its check of the reverse path
// (RFC 3704) if that is on: it would drop a packet from a loopback address before any check of its
// own is asked. What the switches are comes first. A system that has no such switch is measured
// once.
func WithoutReversePath(h *host.Host, measure func(variant string) observation.Set) observation.Set {
	var seen observation.Set
	off, has := true, true
	for _, s := range reversePath(h) {
		o := ReadSwitch(h, s)
		seen = append(seen, o)
		off, has = off && o.Value == "0", has && o.Outcome == observation.OK
	}
	const without = "no check of the reverse path"
	switch {
	case off:
		return append(seen, measure(without)...)
	case !has:
		return append(seen, measure("")...)
	}
	seen = append(seen, measure("as the system is")...)
	for _, s := range reversePath(h) {
		h.Expect(h.Admin.Set(s, "0")).To(gomega.Succeed(), "switch the check of the reverse path off")
	}
	return append(seen, measure(without)...)
}

// reversePath lists the switches of that check; for an interface, the larger of its own and the one
// for all holds (ip-sysctl.rst).
func reversePath(h *host.Host) []string {
	out := []string{"net.ipv4.conf.all.rp_filter"}
	for _, c := range h.Cables {
		out = append(out, "net.ipv4.conf."+c.Name+".rp_filter")
	}
	return out
}

// ReadSwitch observes what a switch is.
func ReadSwitch(h *host.Host, name string) observation.Observation {
	value, err := h.Network.Switch(name)
	o := observation.Observation{Op: "read switch", Targets: []string{name}, Value: strings.TrimSpace(value), Count: 1}
	return sock.Describe(o, err)
}
