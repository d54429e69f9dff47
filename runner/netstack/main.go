// Command netstack serves gVisor's network stack by the stack protocol, set up as wireguard-go sets
// it up (package tun/netstack): one interface, which leads to the peer, a route for everything, and
// no loopback interface. The cable is a channel, and what comes out of it is dropped, so that it
// needs no privilege and sends nothing.
//
//	loopmatrix run --target "stack:bin/netstack"
//	loopmatrix run --target "stack:bin/netstack -address 192.0.2.50 -address 127.0.0.1"
//
// It is a module of its own, since gVisor would double what the kit depends on.
package main

import (
	"context"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/link/channel"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv6"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/icmp"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/tcpip/transport/udp"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock/remote"
)

const (
	nic = 1
	mtu = 1420 // bytes: that of a WireGuard interface
)

func main() {
	log := flag.Bool("log", false, "write each packet that goes to the peer to standard error")
	var own []netip.Addr
	flag.Func("address", "an `address` of the interface; may be given again (192.0.2.50 and 2001:db8::50)", func(text string) error {
		a, err := netip.ParseAddr(text)
		own = append(own, a)
		return err
	})
	flag.Parse()
	if len(own) == 0 {
		own = []netip.Addr{netip.MustParseAddr("192.0.2.50"), netip.MustParseAddr("2001:db8::50")}
	}
	if err := serve(own, *log); err != nil {
		fmt.Fprintln(os.Stderr, "netstack:", err)
		os.Exit(1)
	}
}

func serve(own []netip.Addr, log bool) error {
	s, cable, err := wireguards(own)
	if err != nil {
		return err
	}
	go drain(cable, log)
	return remote.Serve(os.Stdin, os.Stdout, netstack{s, named(own)})
}

// named returns the name of the stack, with those of its addresses that are loopback.
func named(own []netip.Addr) string {
	name := "gVisor netstack"
	for _, a := range own {
		if a.IsLoopback() {
			name += " with " + a.String()
		}
	}
	return name
}

// wireguards returns a stack as CreateNetTUN of wireguard-go makes it, and its cable.
func wireguards(own []netip.Addr) (*stack.Stack, *channel.Endpoint, error) {
	s := stack.New(stack.Options{
		NetworkProtocols:   []stack.NetworkProtocolFactory{ipv4.NewProtocol, ipv6.NewProtocol},
		TransportProtocols: []stack.TransportProtocolFactory{tcp.NewProtocol, udp.NewProtocol, icmp.NewProtocol6, icmp.NewProtocol4},
		HandleLocal:        true,
	})
	sack := tcpip.TCPSACKEnabled(true)
	if err := s.SetTransportProtocolOption(tcp.ProtocolNumber, &sack); err != nil {
		return nil, nil, fmt.Errorf("TCP SACK: %s", err)
	}
	cable := channel.New(1024, mtu, "")
	if err := s.CreateNIC(nic, cable); err != nil {
		return nil, nil, fmt.Errorf("interface: %s", err)
	}
	for _, a := range own {
		number, all := ipv4.ProtocolNumber, header.IPv4EmptySubnet
		if a.Is6() {
			number, all = ipv6.ProtocolNumber, header.IPv6EmptySubnet
		}
		address := tcpip.ProtocolAddress{Protocol: number, AddressWithPrefix: tcpip.AddrFromSlice(a.AsSlice()).WithPrefix()}
		if err := s.AddProtocolAddress(nic, address, stack.AddressProperties{}); err != nil {
			return nil, nil, fmt.Errorf("address %s: %s", a, err)
		}
		route := tcpip.Route{Destination: all, NIC: nic}
		if !slices.ContainsFunc(s.GetRouteTable(), route.Equal) {
			s.AddRoute(route)
		}
	}
	return s, cable, nil
}

// drain drops what goes to the peer.
func drain(cable *channel.Endpoint, log bool) {
	for {
		p := cable.ReadContext(context.Background())
		if p == nil {
			return
		}
		if log {
			fmt.Fprintln(os.Stderr, described(p.ToView().AsSlice()))
		}
		p.DecRef()
	}
}

// described says from where to where a packet goes.
func described(b []byte) string {
	if header.IPVersion(b) == header.IPv4Version && len(b) >= header.IPv4MinimumSize {
		h := header.IPv4(b)
		return fmt.Sprintf("to the peer: %s -> %s, protocol %d", h.SourceAddress(), h.DestinationAddress(), h.Protocol())
	}
	if len(b) >= header.IPv6MinimumSize {
		h := header.IPv6(b)
		return fmt.Sprintf("to the peer: %s -> %s, protocol %d", h.SourceAddress(), h.DestinationAddress(), h.NextHeader())
	}
	return "to the peer: no packet of IP"
}

// release returns the day of the gVisor that this program was built with: "20250503".
func release() string {
	info, _ := debug.ReadBuildInfo()
	for _, m := range info.Deps {
		if parts := strings.Split(m.Version, "-"); m.Path == "gvisor.dev/gvisor" && len(parts) == 3 && len(parts[1]) > 8 {
			return parts[1][:8]
		}
	}
	return ""
}
