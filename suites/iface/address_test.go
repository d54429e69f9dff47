package iface

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/lo"
	"github.com/loopmatrix/loopmatrix/suites/observe"
)

func TestAddresses(t *testing.T) {
	list := listed("interface", "", "lo", "UP,LOOPBACK")
	here := func(prefix string) observe.Observation { return listed("address", lo.OnLoopback, prefix, "lo") }
	for id, prefix := range map[string]struct{ want, other string }{
		"if.lo.v4": {"127.0.0.1/8", "127.0.0.1/32"},
		"if.lo.v6": {"::1/128", "::1/64"},
	} {
		check(t, id, []row{
			{"healthy", observe.Set{list, here(prefix.want)}, prefix.want},
			{"another prefix", observe.Set{list, here(prefix.other)}, prefix.other},
			{"on another interface", observe.Set{list, listed("address", lo.Elsewhere, prefix.want, "eth0")}, "elsewhere"},
			{"bare", observe.Set{list}, "none"},
			{"no loopback interface", observe.Set{bare}, "none"},
			{"no listing", observe.Set{here(prefix.want)}, ""},
		})
	}
}
