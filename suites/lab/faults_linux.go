package lab

import (
	"errors"
	"net"
	"os"

	"github.com/vishvananda/netlink"
)

// Faults lists every fault, the healthy host first.
func Faults() []Fault {
	return []Fault{
		{Name: Healthy, Does: "nothing is wrong", arrange: up},
		{Name: "lo-down", Does: "lo is never brought up, so it has no addresses and the table no local routes",
			arrange: func() error { return nil }},
		{Name: "lo-slash-32", Does: "lo carries 127.0.0.1/32 and not 127.0.0.1/8",
			arrange: steps(up, only127001)},
		{Name: "ipv6-off", Does: "IPv6 is disabled on every interface",
			arrange: steps(disableIPv6, up)},
		{Name: "one-address-dropped", Does: "packets to 127.128.0.0, one address of the sample, are dropped on arrival",
			arrange: steps(up, arriving(to("127.128.0.0"), drop))},
		{Name: "dnat", Does: "what is sent to 127.0.0.2 is redirected to 127.0.0.1",
			arrange: steps(up, redirected("127.0.0.2", "127.0.0.1"))},
		{Name: "closed-ports-silent", Does: "resets and port unreachable messages are dropped, so that a closed port is silent",
			arrange: steps(up, arriving(reset, drop), arriving(unreachable, drop))},
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

// up brings lo up; the kernel gives it 127.0.0.1/8 and ::1/128 (inetdev_event, init_loopback).
func up() error {
	lo, err := netlink.LinkByName("lo")
	if err != nil {
		return err
	}
	return netlink.LinkSetUp(lo)
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

// disableIPv6 makes the kernel take every IPv6 address away and give none (addrconf_disable_ipv6).
func disableIPv6() error {
	return os.WriteFile("/proc/sys/net/ipv6/conf/all/disable_ipv6", []byte("1"), 0)
}
