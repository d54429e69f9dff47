package interfaces

import (
	"slices"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

func TestAliased(t *testing.T) {
	see := func(op, state, errno string) observation.Observation {
		o := observation.Observation{Op: op, Proto: "tcp", Variant: "lo, " + state, Targets: []string{"127.0.0.2"}, Outcome: observation.OK, Count: 1}
		if errno != "" {
			o.Errno, o.Outcome = errno, sock.ClassOf(errno)
		}
		return o
	}
	all := func(before, narrow, broad string) observation.Set {
		var out observation.Set
		for _, s := range []struct{ state, errno string }{{alone, before}, {single, narrow}, {wide, broad}} {
			if s.state != alone {
				out = append(out, see("assign", s.state, ""))
			}
			out = append(out, see("bind", s.state, s.errno), see("connect", s.state, s.errno), see("connect", s.state+", getsockname", s.errno))
		}
		return out
	}
	const unavailable = "EADDRNOTAVAIL"
	refused := slices.Concat(all(unavailable, "", "")[:3], observation.Set{see("assign", single, "EEXIST")})
	noEcho := slices.Concat(all(unavailable, "", ""), observation.Set{see("socket", wide, "EPERM")})
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
	list := func(flags string) observation.Observation {
		return observation.Observation{Op: "interface", Variant: "as it starts", Targets: []string{"lo"}, Value: flags, Outcome: observation.OK, Count: 1}
	}
	address := observation.Observation{Op: "address", Variant: "as it starts, " + link.OnLoopback, Targets: []string{"127.0.0.1/8"}, Value: "lo", Outcome: observation.OK, Count: 1}
	other := address
	other.Variant = "as it starts, " + link.Elsewhere
	check(t, "if.netns", []row{
		{"Linux", observation.Set{list("LOOPBACK")}, "down-bare"},
		{"gVisor", observation.Set{list("UP,LOOPBACK"), address}, "up-addressed"},
		{"down with an address", observation.Set{list("LOOPBACK"), address}, "down-addressed"},
		{"up without one", observation.Set{list("UP,LOOPBACK"), other}, "up-bare"},
		{"none", observation.Set{{Op: "interface", Outcome: observation.NoAnswer, Count: 1}}, "none"},
		{"nothing", nil, ""},
	})
}

func TestRemapped(t *testing.T) {
	see := func(proto, value, errno string) observation.Observation {
		o := observation.Observation{Op: "bind", Proto: proto, Targets: []string{"127.0.0.1"}, Value: value, Outcome: observation.OK, Count: 1}
		if errno != "" {
			o.Errno, o.Outcome = errno, sock.ClassOf(errno)
		}
		return o
	}
	check(t, "jail.remap", []row{
		{"shared address", observation.Set{see("tcp", replaced, ""), see("udp", replaced, "")}, "remapped"},
		{"a network of its own", observation.Set{see("tcp", itself, ""), see("udp", itself, "")}, "kept"},
		{"no address at all", observation.Set{see("tcp", "", "EADDRNOTAVAIL"), see("udp", "", "EADDRNOTAVAIL")}, "EADDRNOTAVAIL"},
		{"half", observation.Set{see("tcp", replaced, ""), see("udp", itself, "")}, "differs"},
		{"one fails", observation.Set{see("tcp", replaced, ""), see("udp", "", "EPERM")}, "differs"},
		{"nothing", nil, ""},
	})
}
