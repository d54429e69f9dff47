package ipv6

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

func TestDiscovery(t *testing.T) {
	asked := saw(probe.Resolve, "icmpv6", "default route", "::1", observation.Nothing, "")
	told := reading(saw(probe.Resolve, "icmpv6", "default route", "::1", observation.OK, ""), "neighbour-advertisement ::1 > fd4c:4d58::2")
	quiet := saw("wire", "udp", "default route", "::1", observation.Nothing, "")
	left := reading(saw("wire", "udp", "default route", "::1", observation.OK, ""), "udp")
	solicits := reading(saw("wire", "udp", "default route", "::1", observation.OK, ""), "neighbour-solicitation NeighborSolicitation")
	check(t, "v6.nd.noanswer", []row{
		{"nothing on the link", observation.Set{asked, quiet}, "nothing"},
		{"a packet is another claim's business", observation.Set{asked, left}, "nothing"},
		{"answered", observation.Set{told, quiet}, "answered"},
		{"solicited", observation.Set{asked, quiet, solicits}, "solicited"},
		{"both", observation.Set{told, solicits}, "answered"},
		{"nobody sent", observation.Set{asked}, unclear},
		{"nobody asked", observation.Set{quiet}, unclear},
		{"nothing", nil, unclear},
	})
}

func TestMappedOnWire(t *testing.T) {
	variant := func(which string) string { return "no default route, " + which + ", dual-stack listener" }
	quiet := observation.Set{saw("deliver", "udp", variant(mappedSource), "::ffff:127.0.0.1", observation.Nothing, ""),
		saw("answer", "udp", variant(mappedSource), "::ffff:127.0.0.1", observation.Nothing, "")}
	with := func(more ...observation.Observation) observation.Set {
		return append(append(observation.Set{}, quiet...), more...)
	}
	answered := func(which, value string) observation.Observation {
		return reading(saw("answer", "udp", variant(which), "::ffff:127.0.0.1", observation.OK, ""), value)
	}
	const unreachable = "icmpv6 DestinationUnreachable(NoRouteToDst)"
	check(t, "v6.mapped.wire", []row{
		{"dropped", quiet, "dropped"},
		{"no route to a mapped destination", with(answered(mappedDestination, unreachable)), "dropped"},
		{"an error to a mapped source", with(answered(mappedSource, unreachable)), "answered"},
		{"a reset to a mapped source", with(answered(mappedSource, "tcp RST,ACK")), "answered"},
		{"a mapped destination answers", with(answered(mappedDestination, "tcp SYN,ACK")), "answered"},
		{"delivered", with(saw("deliver", "udp", variant(mappedSource), "::ffff:127.0.0.1", observation.OK, "")), "delivered"},
		{"only errors", observation.Set{answered(mappedDestination, unreachable)}, unclear},
		{"nothing", nil, unclear},
	})
}

func TestComesOut(t *testing.T) {
	check(t, "v6.forward", []row{
		{"dropped", observation.Set{saw("forward", "udp", "router", "::1", observation.Nothing, "")}, "nothing"},
		{"forwarded", observation.Set{saw("forward", "udp", "router", "::1", observation.OK, "")}, "leaves"},
		{"nothing", nil, unclear},
	})
}

func TestNotPhysical(t *testing.T) {
	check(t, "v6.lo.notphysical", []row{
		{"refused", observation.Set{saw("assign", "", "a cable", "::1", observation.Unavailable, "EADDRNOTAVAIL")}, "EADDRNOTAVAIL"},
		{"assigned", observation.Set{saw("assign", "", "a cable", "::1", observation.OK, "")}, "assigned"},
		{"nothing", nil, unclear},
	})
}
