package binds

import (
	"net"
	"net/netip"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// wired adds what was seen on the cable while the flows were: nothing, or a frame.
func wired(flows observation.Set, frames ...string) observation.Set {
	out := append(observation.Set{}, flows...)
	for _, o := range flows {
		out = append(out, see("wire", o.Proto, o.Targets[0], outcome(observation.Nothing)))
	}
	for _, f := range frames {
		out = append(out, see("wire", "tcp", flows[0].Targets[0], value(f)))
	}
	return out
}

func TestMixed(t *testing.T) {
	const outside = "198.51.100.1"
	flows := func(tcp, udp func(*observation.Observation)) observation.Set {
		way := variant("default route, from " + outside)
		return observation.Set{see("connect", "tcp", one, way, tcp), see("send", "udp", one, way, udp)}
	}
	for _, id := range []string{"src.mixed.in", "src.mixed.out"} {
		judge(t, id, []seen{
			{"allowed", wired(flows(from(outside), from(outside))), "allowed"},
			{"another source", wired(flows(from(one), from(outside))), "rewritten"},
			{"the destination as source", wired(flows(from(observation.SameAsDestination), from(outside))), "rewritten"},
			{"astray", wired(flows(astray, from(outside))), "rewritten"},
			{"silent", wired(flows(outcome(observation.Timeout), lost)), "silent"},
			{"refused with one errno", wired(flows(errno("EADDRNOTAVAIL"), errno("EADDRNOTAVAIL"))), "EADDRNOTAVAIL"},
			{"refused with two", wired(flows(errno("EINVAL"), errno("ENETUNREACH"))), "differs"},
			{"only UDP", wired(flows(errno("EINVAL"), from(outside))), "differs"},
			{"leaves", wired(flows(outcome(observation.Timeout), lost), "tcp SYN 127.0.0.1 > 198.51.100.1"), "leaves"},
			{"arrives, and leaves", wired(flows(from(outside), from(outside)), "udp 127.0.0.1 > 198.51.100.1"), "leaves"},
		})
	}
}

func TestOwnAddress(t *testing.T) {
	const own, same = "198.51.100.1", observation.SameAsDestination
	flows := func(tcp, udp func(*observation.Observation)) observation.Set {
		return observation.Set{see("connect", "tcp", own, tcp), see("send", "udp", own, udp)}
	}
	judge(t, "src.select.hostaddr", []seen{
		{"itself", wired(flows(from(same), from(same))), "source=destination"},
		{"127.0.0.1", wired(flows(from(one), from(one))), "source=127.0.0.1"},
		{"a third address", wired(flows(from("192.0.2.1"), from("192.0.2.1"))), "source=other"},
		{"two sources", wired(flows(from(same), from(one))), "differs"},
		{"only UDP", wired(flows(outcome(observation.Timeout), from(same))), "source=destination"},
		{"not at all", wired(flows(outcome(observation.Timeout), lost)), "unreachable"},
		{"leaves", wired(flows(from(same), from(same)), "arp request 198.51.100.1 > 198.51.100.1"), "leaves"},
	})
}

// TestAnnounces proves that a host's announcement of its own address is no packet for it.
func TestAnnounces(t *testing.T) {
	mac := net.HardwareAddr{2, 0, 0, 0, 0, 1}
	c := &wire.Cable{Host: wire.Station{MAC: mac}, Peer: wire.Station{MAC: mac}}
	mine, peer := netip.MustParseAddr("198.51.100.1"), netip.MustParseAddr("198.51.100.2")
	if !announces(wire.Frame{Bytes: c.WhoHas(mine, mine)}.Read()) || announces(wire.Frame{Bytes: c.WhoHas(peer, mine)}.Read()) {
		t.Error("an announcement asks for the address in whose name it asks")
	}
}
