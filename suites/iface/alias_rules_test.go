package iface

import (
	"slices"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/lo"
	"github.com/loopmatrix/loopmatrix/suites/observe"
	"github.com/loopmatrix/loopmatrix/suites/sock"
)

func TestAliased(t *testing.T) {
	see := func(op, state, errno string) observe.Observation {
		o := observe.Observation{Op: op, Proto: "tcp", Variant: "lo, " + state, Targets: []string{"127.0.0.2"}, Outcome: observe.OK, Count: 1}
		if errno != "" {
			o.Errno, o.Outcome = errno, sock.ClassOf(errno)
		}
		return o
	}
	all := func(before, narrow, broad string) observe.Set {
		var out observe.Set
		for _, s := range []struct{ state, errno string }{{alone, before}, {single, narrow}, {wide, broad}} {
			if s.state != alone {
				out = append(out, see("assign", s.state, ""))
			}
			out = append(out, see("bind", s.state, s.errno), see("connect", s.state, s.errno), see("connect", s.state+", getsockname", s.errno))
		}
		return out
	}
	const unavailable = "EADDRNOTAVAIL"
	refused := slices.Concat(all(unavailable, "", "")[:3], observe.Set{see("assign", single, "EEXIST")})
	noEcho := slices.Concat(all(unavailable, "", ""), observe.Set{see("socket", wide, "EPERM")})
	check(t, "if.lo.alias", []row{
		{"Linux", all(unavailable, "", ""), "works"},
		{"no means for an echo", noEcho, "works"},
		{"gVisor", all("", "", ""), "works-already"},
		{"in vain", all(unavailable, unavailable, unavailable), "fails"},
		{"with /8 only", all(unavailable, unavailable, ""), "partial"},
		{"refused", refused, "EEXIST"},
		{"no alias", all(unavailable, "", "")[:3], ""},
		{"nothing before", all(unavailable, "", "")[3:], ""},
		{"nothing", nil, ""},
	})
}

func TestFresh(t *testing.T) {
	list := func(flags string) observe.Observation {
		return observe.Observation{Op: "interface", Variant: "as it starts", Targets: []string{"lo"}, Value: flags, Outcome: observe.OK, Count: 1}
	}
	address := observe.Observation{Op: "address", Variant: "as it starts, " + lo.OnLoopback, Targets: []string{"127.0.0.1/8"}, Value: "lo", Outcome: observe.OK, Count: 1}
	other := address
	other.Variant = "as it starts, " + lo.Elsewhere
	check(t, "if.netns", []row{
		{"Linux", observe.Set{list("LOOPBACK")}, "down-bare"},
		{"gVisor", observe.Set{list("UP,LOOPBACK"), address}, "up-addressed"},
		{"down with an address", observe.Set{list("LOOPBACK"), address}, "down-addressed"},
		{"up without one", observe.Set{list("UP,LOOPBACK"), other}, "up-bare"},
		{"none", observe.Set{{Op: "interface", Outcome: observe.NoAnswer, Count: 1}}, "none"},
		{"nothing", nil, ""},
	})
}

func TestRemapped(t *testing.T) {
	see := func(proto, value, errno string) observe.Observation {
		o := observe.Observation{Op: "bind", Proto: proto, Targets: []string{"127.0.0.1"}, Value: value, Outcome: observe.OK, Count: 1}
		if errno != "" {
			o.Errno, o.Outcome = errno, sock.ClassOf(errno)
		}
		return o
	}
	check(t, "jail.remap", []row{
		{"shared address", observe.Set{see("tcp", replaced, ""), see("udp", replaced, "")}, "remapped"},
		{"a network of its own", observe.Set{see("tcp", itself, ""), see("udp", itself, "")}, "kept"},
		{"no address at all", observe.Set{see("tcp", "", "EADDRNOTAVAIL"), see("udp", "", "EADDRNOTAVAIL")}, "EADDRNOTAVAIL"},
		{"half", observe.Set{see("tcp", replaced, ""), see("udp", itself, "")}, "differs"},
		{"one fails", observe.Set{see("tcp", replaced, ""), see("udp", "", "EPERM")}, "differs"},
		{"nothing", nil, ""},
	})
}
