package lab

import (
	"errors"
	"net"

	"github.com/vishvananda/netlink"

	"github.com/loopmatrix/loopmatrix/suites/host"
)

// Faults lists every fault.
func Faults() []Fault {
	return []Fault{
		{Name: "lo-down", Does: "lo is never brought up, so it has no addresses and the table no local routes",
			before: func(a *host.Arrangement) { a.LoDown = true }},
		{Name: "lo-slash-32", Does: "lo carries 127.0.0.1/32 and not 127.0.0.1/8",
			after: only127001},
		{Name: "ipv6-off", Does: "IPv6 is disabled on every interface",
			before: setting("net.ipv6.conf.all.disable_ipv6", "1")},
		{Name: "one-address-dropped", Does: "packets to 127.128.0.0, one address of the sample, are dropped on arrival",
			after: arriving(to("127.128.0.0"), drop)},
		{Name: "dnat", Does: "what is sent to 127.0.0.2 is redirected to 127.0.0.1",
			after: redirected("127.0.0.2", "127.0.0.1")},
		{Name: "closed-ports-silent", Does: "resets and port unreachable messages are dropped, so that a closed port is silent",
			after: steps(arriving(reset, drop), arriving(unreachable, drop))},
	}
}

func steps(all ...func() error) func() error {
	return func() error {
		for _, step := range all {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	}
}

// setting makes a fault of a switch.
func setting(name, value string) func(*host.Arrangement) {
	return func(a *host.Arrangement) { a.Switches = append(a.Switches, [2]string{name, value}) }
}

func only127001() error {
	lo, err := netlink.LinkByName("lo")
	if err != nil {
		return err
	}
	one := net.IPv4(127, 0, 0, 1)
	wide := &netlink.Addr{IPNet: &net.IPNet{IP: one, Mask: net.CIDRMask(8, 32)}}
	narrow := &netlink.Addr{IPNet: &net.IPNet{IP: one, Mask: net.CIDRMask(32, 32)}}
	return errors.Join(netlink.AddrDel(lo, wide), netlink.AddrAdd(lo, narrow))
}
