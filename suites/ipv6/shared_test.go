package ipv6

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func TestPrefix(t *testing.T) {
	list := reading(ok("interface", "", "lo"), "UP,LOOPBACK")
	on := func(where, prefix string) observation.Observation {
		return reading(saw("address", "", where, prefix, observation.OK, ""), "lo")
	}
	check(t, "v6.lo.prefix", []row{
		{"healthy", observation.Set{list, on(link.OnLoopback, "::1/128")}, "::1/128"},
		{"another prefix", observation.Set{list, on(link.OnLoopback, "::1/64")}, "::1/64"},
		{"on another interface", observation.Set{list, on(link.Elsewhere, "::1/128")}, "elsewhere"},
		{"bare", observation.Set{list}, "none"},
		{"no listing", observation.Set{on(link.OnLoopback, "::1/128")}, unclear},
	})
}

func TestIngress(t *testing.T) {
	quiet := observation.Set{saw("deliver", "udp", "", "::1", observation.Nothing, ""), saw("answer", "udp", "", "::1", observation.Nothing, "")}
	with := func(more ...observation.Observation) observation.Set {
		return append(append(observation.Set{}, quiet...), more...)
	}
	for _, id := range []string{"v6.ingress.dst", "v6.ingress.src"} {
		check(t, id, []row{
			{"dropped", quiet, "dropped"},
			{"answered", with(reading(saw("answer", "tcp", "", "::1", observation.OK, ""), "tcp RST")), "answered"},
			{"delivered", with(saw("deliver", "tcp", "", "::1", observation.OK, "")), "delivered"},
			{"no server", observation.Set{saw("listen", "udp", "", "::1", observation.Unavailable, "EADDRNOTAVAIL")}, unclear},
		})
	}
}
