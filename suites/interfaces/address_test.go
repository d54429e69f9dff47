package interfaces

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func TestAddresses(t *testing.T) {
	list := listed("interface", "", "lo", "UP,LOOPBACK")
	here := func(prefix string) observation.Observation { return listed("address", link.OnLoopback, prefix, "lo") }
	for id, prefix := range map[string]struct{ want, other string }{
		"if.lo.v4": {"127.0.0.1/8", "127.0.0.1/32"},
		"if.lo.v6": {"::1/128", "::1/64"},
	} {
		check(t, id, []row{
			{"healthy", observation.Set{list, here(prefix.want)}, prefix.want},
			{"another prefix", observation.Set{list, here(prefix.other)}, prefix.other},
			{"on another interface", observation.Set{list, listed("address", link.Elsewhere, prefix.want, "eth0")}, "elsewhere"},
			{"bare", observation.Set{list}, "none"},
			{"no loopback interface", observation.Set{bare}, "none"},
			{"no listing", observation.Set{here(prefix.want)}, ""},
		})
	}
}
