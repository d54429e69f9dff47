// Package link holds what the claims of IPv4 and of IPv6 share: what the system lists about its
// loopback interface, what comes in from a link, and what might leave by one.
package link

import (
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// What the variant of an "address" observation can be.
const (
	OnLoopback = "on a loopback interface"
	Elsewhere  = "on another interface"
)

// Interfaces lists the loopback interfaces: an "interface" observation each, with the flags as its
// value. Without any, it is one observation with outcome no-answer. Where the system has no
// listing, the spec ends as not-run.
func Interfaces(h *host.Host) observation.Set {
	var seen observation.Set
	for _, i := range list(h) {
		if i.Loopback {
			seen = append(seen, probe.Begin(h, "interface", "", "", i.Name).Value(Flags(i)).End(nil))
		}
	}
	if len(seen) == 0 {
		none := &sock.Error{Op: "list interfaces", Outcome: observation.NoAnswer}
		seen = append(seen, probe.Begin(h, "interface", "", "", "").End(none))
	}
	return seen
}

// Addresses lists the addresses of every loopback interface, and loopback addresses on other
// interfaces: an "address" observation each, with the name of the interface as its value.
func Addresses(h *host.Host) observation.Set {
	seen := Interfaces(h)
	for _, i := range list(h) {
		for _, a := range i.Addresses {
			switch {
			case i.Loopback:
				seen = append(seen, probe.Begin(h, "address", "", OnLoopback, a.String()).Value(i.Name).End(nil))
			case a.Addr().IsLoopback():
				seen = append(seen, probe.Begin(h, "address", "", Elsewhere, a.String()).Value(i.Name).End(nil))
			}
		}
	}
	return seen
}

func list(h *host.Host) []netif.Interface {
	all, err := h.Network.Interfaces()
	if err != nil {
		h.NotRun("list interfaces", err)
	}
	return all
}

// Flags writes the flags of an interface as ifconfig(8) does, in a fixed order: "UP,LOOPBACK".
func Flags(i netif.Interface) string {
	var out []string
	for _, f := range []struct {
		set  bool
		name string
	}{{i.Up, "UP"}, {i.Loopback, "LOOPBACK"}, {i.Broadcast, "BROADCAST"}, {i.Multicast, "MULTICAST"}} {
		if f.set {
			out = append(out, f.name)
		}
	}
	return strings.Join(out, ",")
}
