package ipv6

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func TestEgress(t *testing.T) {
	const own = "fd4c:4d58::1"
	crossed := func(variant, what, source string) observation.Observation {
		return from(reading(saw("wire", "udp", variant, "::1", observation.OK, ""), what), source)
	}
	silent := func(variant string) observation.Observation {
		return saw("wire", "udp", variant, "::1", observation.Nothing, "")
	}
	healthy := observation.Set{ok("send", "udp", "::1"), silent("default route"), silent("no default route"),
		silent("default route, SO_BINDTODEVICE"), silent("default route, lo down")}
	and := func(more ...observation.Observation) observation.Set {
		return append(append(observation.Set{}, healthy...), more...)
	}
	check(t, "v6.egress.src", []row{
		{"healthy", healthy, "nothing"},
		{"leaves", and(crossed("default route", "tcp SYN", "::1")), "leaves"},
		{"a solicitation from ::1", and(crossed("default route", "neighbour-solicitation", "::1")), "leaves"},
		{"another source", and(crossed("default route", "udp", own)), "nothing"},
		{"a control fails", and(saw("control", "udp", "default route, SO_BINDTODEVICE", "fd4c:4d58::2", observation.Nothing, "")), unclear},
		{"no socket", observation.Set{saw("socket", "udp", "", "::1", observation.Unsupported, "EAFNOSUPPORT")}, unclear},
		{"nothing", nil, unclear},
	})
	check(t, "v6.egress.dst", []row{
		{"healthy", healthy, "nothing"},
		{"an ordinary socket", and(crossed("default route", "udp", own)), "leaves"},
		{"a tied socket", and(crossed("default route, SO_BINDTODEVICE", "udp", own)), "leaves-if-bound"},
		{"a solicitation", and(crossed("no default route, IP_UNICAST_IF", "neighbour-solicitation NeighborSolicitation", own)), "leaves-if-bound"},
		{"a control fails", and(saw("control", "udp", "default route, SO_BINDTODEVICE", "fd4c:4d58::2", observation.Astray, "")), unclear},
		{"the controls hold", and(saw("control", "udp", "default route, SO_BINDTODEVICE", "fd4c:4d58::2", observation.OK, "")), "nothing"},
		{"lo down", and(crossed("default route, lo down", "udp", own)), "leaves-if-down"},
		{"lo down and tied", and(crossed("default route, lo down, SO_BINDTODEVICE", "udp", own)), "leaves-if-down"},
		{"tied, and lo down", and(crossed("default route, lo down", "udp", own), crossed("default route, SO_DONTROUTE", "udp", own)), "leaves-if-bound"},
		{"everything", and(crossed("default route, lo down", "udp", own), crossed("default route, SO_DONTROUTE", "udp", own),
			crossed("no default route", "udp", own)), "leaves"},
		{"nothing", nil, unclear},
	})
}
