package platform

import (
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// readState reads what of the network changes how loopback answers.
func readState(network netif.Network, f *findings) model.State {
	state := model.State{IPv6: hasIPv6(f), Forwarding: readForwarding(network, f), Switches: map[string]string{}}
	lo := ""
	all, _ := ask(f, "interfaces", network.Interfaces)
	if i, found := netif.Lo(all); found {
		lo = i.Name
		state.Lo = loopback(i)
	}
	if routes, err := ask(f, "default route", network.Routes); err == nil {
		state.DefaultRoute = defaultRoute(routes, lo)
	}
	for _, name := range netif.Switches() {
		if value, err := ask(f, "switch "+name, func() (*string, error) { return switchOf(network, name) }); err == nil && value != nil {
			state.Switches[name] = *value
		}
	}
	return state
}

// switchOf reads a switch; nil if there is none of this name.
func switchOf(network netif.Network, name string) (*string, error) {
	value, err := network.Switch(name)
	switch {
	case err == nil:
		return &value, nil
	case absent(err):
		return nil, nil
	default:
		return nil, err
	}
}

// absent reports whether a switch does not exist there: ENOENT, or EINVAL on the systems that have
// sysctls by number only, or a system without such switches at all.
func absent(err error) bool {
	return sock.IsErrno(err, "ENOENT") || sock.IsErrno(err, "EINVAL") || sock.IsErrno(err, "ENOTDIR") ||
		sock.OutcomeOf(err) == observation.Unsupported
}

func loopback(i netif.Interface) *model.Lo {
	lo := &model.Lo{Name: i.Name, Index: i.Index, MTU: i.MTU, Flags: []string{}, Addresses: []string{}}
	for _, flag := range []struct {
		name string
		set  bool
	}{{"broadcast", i.Broadcast}, {"loopback", i.Loopback}, {"multicast", i.Multicast}, {"up", i.Up}} {
		if flag.set {
			lo.Flags = append(lo.Flags, flag.name)
		}
	}
	for _, a := range i.Addresses {
		lo.Addresses = append(lo.Addresses, published(a))
	}
	slices.Sort(lo.Addresses)
	return lo
}

// ownLinkLocal is the link-local address that macOS and the BSDs give every lo0.
var ownLinkLocal = netip.MustParseAddr("fe80::1")

// published is an address as a report may show it. Of one that not every host has only the family
// is shown: those who announce their services by routing protocols put the addresses on lo.
func published(p netip.Prefix) string {
	a := p.Addr()
	if a.IsLoopback() || a == ownLinkLocal {
		return p.String()
	}
	family := "IPv6"
	if a.Is4() {
		family = "IPv4"
	}
	return "some other " + family + "/" + strconv.Itoa(p.Bits())
}

// defaultRoute reports whether packets to anywhere have a way out. A default route that rejects is
// none, and one into lo leads nowhere: Linux has such an entry for IPv6, and what reads
// /proc/net/ipv6_route without its flags takes it for a route (Wine).
func defaultRoute(routes []netif.Route, lo string) model.PerFamily {
	var v4, v6 bool
	for _, r := range routes {
		if r.Destination.Bits() != 0 || r.Kind != "unicast" || r.Interface == lo && lo != "" {
			continue
		}
		v4 = v4 || r.Destination.Addr().Is4()
		v6 = v6 || r.Destination.Addr().Is6()
	}
	return model.PerFamily{IPv4: &v4, IPv6: &v6}
}

// hasIPv6 opens a socket and closes it.
func hasIPv6(f *findings) *bool {
	has, _ := ask(f, "IPv6", func() (*bool, error) {
		s, err := sock.Kernel().Socket(sock.Inet6, sock.UDP)
		if err == nil {
			_ = s.Close()
		} else if sock.OutcomeOf(err) != observation.Unsupported {
			return nil, err
		}
		has := err == nil
		return &has, nil
	})
	return has
}

// errNoSwitch is why a fact is unknown that some systems tell by a switch.
var errNoSwitch = errors.New("there is no switch for it")

// forwarded reads a switch that is 0 for a host and anything else for a router
// (net.ipv6.conf.all.forwarding has a 2, too). The names are those of Linux and of the BSDs; a host
// has one of them at most.
func forwarded(network netif.Network, f *findings, fact string, names ...string) *bool {
	for _, name := range names {
		value, err := ask(f, fact, func() (*string, error) { return switchOf(network, name) })
		if err != nil {
			return nil
		}
		if value != nil {
			on := strings.TrimSpace(*value) != "0"
			return &on
		}
	}
	f.missing(fact, errNoSwitch)
	return nil
}
