package lab

import (
	"net"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/host"
)

// noDetection makes an IPv6 address usable at once, without looking for another owner (RFC 4862 5.4).
const noDetection = unix.IFA_F_NODAD

// loFaults are about the loopback interface: its state, its addresses, its facts.
func loFaults() []Fault {
	return []Fault{{
		Name:   "lo-down",
		Does:   "lo is never brought up, so it has no addresses and the table no local routes.",
		before: func(a *host.Arrangement) { a.LoDown = true },
	}, {
		Name:  "lo-down-again",
		Does:  "lo was up and is taken down: it keeps 127.0.0.1, and loses ::1 and the local routes.",
		after: onLo(netlink.LinkSetDown),
	}, {
		Name: "lo-up-at-once",
		Does: "lo of a new network namespace comes up by itself, even where it was to stay down.",
		after: func(host.Arrangement) error {
			return onLink("lo", netlink.LinkSetUp)
		},
	}, {
		Name:  "lo-slash-32",
		Does:  "lo carries 127.0.0.1/32 and not 127.0.0.1/8.",
		after: onLo(only127001),
	}, {
		Name:  "lo-second-ipv6",
		Does:  "lo carries ::2 beside ::1.",
		after: onLo(address("::2/128")),
	}, {
		Name:  "lo-without-ipv6",
		Does:  "::1 is removed from lo.",
		after: onLo(noAddress("::1/128")),
	}, {
		Name:  "lo-link-local",
		Does:  "lo carries the link-local address fe80::1.",
		after: onLo(address("fe80::1/64")),
	}, {
		Name:  "lo-mtu",
		Does:  "The MTU of lo is 1500 bytes.",
		after: onLo(func(lo netlink.Link) error { return netlink.LinkSetMTU(lo, 1500) }),
	}, {
		Name:  "lo-multicast",
		Does:  "lo has the flag MULTICAST.",
		after: onLo(netlink.LinkSetMulticastOn),
	}, {
		Name: "lo-hardware-address",
		Does: "lo has a hardware address.",
		after: onLo(func(lo netlink.Link) error {
			return netlink.LinkSetHardwareAddr(lo, net.HardwareAddr{0x02, 'l', 'm', 0, 0, 9})
		}),
	}}
}

// only127001 narrows lo to 127.0.0.1.
func only127001(lo netlink.Link) error {
	return changes(noAddress("127.0.0.1/8"), address("127.0.0.1/32"))(lo)
}
