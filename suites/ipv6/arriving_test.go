package ipv6

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/observe"
	"github.com/loopmatrix/loopmatrix/suites/probe"
)

func TestDiscovery(t *testing.T) {
	asked := saw(probe.Resolve, "icmpv6", "default route", "::1", observe.Nothing, "")
	told := reading(saw(probe.Resolve, "icmpv6", "default route", "::1", observe.OK, ""), "neighbour-advertisement ::1 > fd4c:4d58::2")
	quiet := saw("wire", "udp", "default route", "::1", observe.Nothing, "")
	left := reading(saw("wire", "udp", "default route", "::1", observe.OK, ""), "udp")
	solicits := reading(saw("wire", "udp", "default route", "::1", observe.OK, ""), "neighbour-solicitation NeighborSolicitation")
	check(t, "v6.nd.noanswer", []row{
		{"nothing on the link", observe.Set{asked, quiet}, "nothing"},
		{"a packet is another claim's business", observe.Set{asked, left}, "nothing"},
		{"answered", observe.Set{told, quiet}, "answered"},
		{"solicited", observe.Set{asked, quiet, solicits}, "solicited"},
		{"both", observe.Set{told, solicits}, "answered"},
		{"nobody sent", observe.Set{asked}, unclear},
		{"nobody asked", observe.Set{quiet}, unclear},
		{"nothing", nil, unclear},
	})
}

func TestMappedOnWire(t *testing.T) {
	variant := func(which string) string { return "no default route, " + which + ", dual-stack listener" }
	quiet := observe.Set{saw("deliver", "udp", variant(mappedSource), "::ffff:127.0.0.1", observe.Nothing, ""),
		saw("answer", "udp", variant(mappedSource), "::ffff:127.0.0.1", observe.Nothing, "")}
	with := func(more ...observe.Observation) observe.Set { return append(append(observe.Set{}, quiet...), more...) }
	answered := func(which, value string) observe.Observation {
		return reading(saw("answer", "udp", variant(which), "::ffff:127.0.0.1", observe.OK, ""), value)
	}
	const unreachable = "icmpv6 DestinationUnreachable(NoRouteToDst)"
	check(t, "v6.mapped.wire", []row{
		{"dropped", quiet, "dropped"},
		{"no route to a mapped destination", with(answered(mappedDestination, unreachable)), "dropped"},
		{"an error to a mapped source", with(answered(mappedSource, unreachable)), "answered"},
		{"a reset to a mapped source", with(answered(mappedSource, "tcp RST,ACK")), "answered"},
		{"a mapped destination answers", with(answered(mappedDestination, "tcp SYN,ACK")), "answered"},
		{"delivered", with(saw("deliver", "udp", variant(mappedSource), "::ffff:127.0.0.1", observe.OK, "")), "delivered"},
		{"only errors", observe.Set{answered(mappedDestination, unreachable)}, unclear},
		{"nothing", nil, unclear},
	})
}

func TestComesOut(t *testing.T) {
	check(t, "v6.forward", []row{
		{"dropped", observe.Set{saw("forward", "udp", "router", "::1", observe.Nothing, "")}, "nothing"},
		{"forwarded", observe.Set{saw("forward", "udp", "router", "::1", observe.OK, "")}, "leaves"},
		{"nothing", nil, unclear},
	})
}

func TestNotPhysical(t *testing.T) {
	check(t, "v6.lo.notphysical", []row{
		{"refused", observe.Set{saw("assign", "", "a cable", "::1", observe.Unavailable, "EADDRNOTAVAIL")}, "EADDRNOTAVAIL"},
		{"assigned", observe.Set{saw("assign", "", "a cable", "::1", observe.OK, "")}, "assigned"},
		{"nothing", nil, unclear},
	})
}
