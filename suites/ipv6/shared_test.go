package ipv6

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/lo"
	"github.com/loopmatrix/loopmatrix/suites/observe"
)

func TestPrefix(t *testing.T) {
	list := reading(ok("interface", "", "lo"), "UP,LOOPBACK")
	on := func(where, prefix string) observe.Observation {
		return reading(saw("address", "", where, prefix, observe.OK, ""), "lo")
	}
	check(t, "v6.lo.prefix", []row{
		{"healthy", observe.Set{list, on(lo.OnLoopback, "::1/128")}, "::1/128"},
		{"another prefix", observe.Set{list, on(lo.OnLoopback, "::1/64")}, "::1/64"},
		{"on another interface", observe.Set{list, on(lo.Elsewhere, "::1/128")}, "elsewhere"},
		{"bare", observe.Set{list}, "none"},
		{"no listing", observe.Set{on(lo.OnLoopback, "::1/128")}, unclear},
	})
}

func TestIngress(t *testing.T) {
	quiet := observe.Set{saw("deliver", "udp", "", "::1", observe.Nothing, ""), saw("answer", "udp", "", "::1", observe.Nothing, "")}
	with := func(more ...observe.Observation) observe.Set { return append(append(observe.Set{}, quiet...), more...) }
	for _, id := range []string{"v6.ingress.dst", "v6.ingress.src"} {
		check(t, id, []row{
			{"dropped", quiet, "dropped"},
			{"answered", with(reading(saw("answer", "tcp", "", "::1", observe.OK, ""), "tcp RST")), "answered"},
			{"delivered", with(saw("deliver", "tcp", "", "::1", observe.OK, "")), "delivered"},
			{"no server", observe.Set{saw("listen", "udp", "", "::1", observe.Unavailable, "EADDRNOTAVAIL")}, unclear},
		})
	}
}
