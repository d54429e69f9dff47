package block

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func edgeOf(tcp, without, with string) observation.Set {
	a := "127.255.255.255"
	return observation.Set{saw("bind", "", a, ok), saw("connect", onWildcard, a, tcp), saw("send", plain, a, without),
		saw("send", permitted, a, with), saw("send", permittedOwn, a, with), saw("send", permittedOn1, a, "lost")}
}

func TestEdge(t *testing.T) {
	for _, id := range []string{"v4.edge.low", "v4.edge.high"} {
		read(t, id, []row{
			{"like any other", edgeOf(ok, ok, ok), "unicast"},
			{"broadcast on Linux", edgeOf("ENETUNREACH", "EACCES", ok), "broadcast"},
			{"broadcast on gVisor", edgeOf("timeout", "EACCES", ok), "broadcast/tcp-timeout"},
			{"a broadcast that nobody receives", edgeOf("EACCES", "EACCES", "lost"), "broadcast"},
			{"UDP only", edgeOf("timeout", ok, ok), "tcp-timeout"},
			{"nobody is there", edgeOf("timeout", "lost", "lost"), "silent"},
			{"no such address", edgeOf("EADDRNOTAVAIL", "EADDRNOTAVAIL", "EADDRNOTAVAIL"), "unreachable"},
			{"a packet filter denies all", edgeOf("timeout", "EPERM", "EPERM"), "unreachable"},
			{"connected to somebody else", edgeOf("astray", ok, ok), "mixed"},
			{"TCP to a broadcast address", edgeOf(ok, "EACCES", ok), "mixed"},
			{"no TCP tried", edgeOf(ok, ok, ok)[2:], ""},
			{"never with SO_BROADCAST", edgeOf(ok, ok, ok)[:3], ""},
		})
	}
}

func TestNearEdges(t *testing.T) {
	near := func(tcp, udp, icmp string) observation.Set {
		a := "127.0.0.255"
		return join(each("connect", onWildcard, "127.0.0.1", ok, a, tcp), each("send", plain, "127.0.0.1", ok, a, udp),
			each("echo", "", "127.0.0.1", ok, a, icmp))
	}
	read(t, "v4.edge.near", []row{
		{"like any other", near(ok, ok, ok), "unicast"},
		{"without echo", join(near(ok, ok, ok)[:4], observation.Set{saw("socket", "", "", "EPERM")}), "unicast"},
		{"broadcast", near("ENETUNREACH", "EACCES", "EACCES"), "broadcast"},
		{"a packet filter", near("timeout", "EPERM", "EPERM"), "only-127.0.0.1"},
		{"not there", near("EADDRNOTAVAIL", "EADDRNOTAVAIL", "EADDRNOTAVAIL"), "only-127.0.0.1"},
		{"half of them", join(near(ok, ok, ok), each("connect", onWildcard, "127.0.255.255", "timeout")), "partial"},
		{"nothing at all", each("connect", onWildcard, "127.0.0.1", "ENETUNREACH", "127.0.0.255", "ENETUNREACH"), "none"},
		{"a reply from a third address", near(ok, ok, "astray"), "only-127.0.0.1"},
		{"one address", each("connect", onWildcard, "127.0.0.1", ok), ""},
	})
}

func TestPermission(t *testing.T) {
	sends := func(without, with string) observation.Set {
		return join(each("send", plain, "127.255.255.255", without), each("send", permitted, "127.255.255.255", with))
	}
	read(t, "v4.broadcast.permission", []row{
		{"needed", sends("EACCES", ok), "needed"},
		{"needed, and received by nobody", sends("EACCES", "lost"), "needed"},
		{"not needed", sends(ok, ok), "not-needed"},
		{"sent anyhow", sends("lost", "lost"), "not-needed"},
		{"a packet filter", sends("EACCES", "EPERM"), "denied"},
		{"no route", sends("ENETUNREACH", "ENETUNREACH"), "no-such-destination"},
		{"denied, then no route", sends("EACCES", "ENETUNREACH"), "no-such-destination"},
		{"tried once only", sends("EACCES", ok)[:1], ""},
	})
}

func TestCovered(t *testing.T) {
	dials := func(one, two, low, high string) observation.Set {
		return each("connect", onWildcard, "127.0.0.1", one, "127.0.0.2", two, "127.0.0.0", low, "127.255.255.255", high)
	}
	read(t, "v4.wildcard.covers", []row{
		{"all", dials(ok, ok, ok, ok), "whole-block"},
		{"Linux", dials(ok, ok, ok, "ENETUNREACH"), "all-but-edges"},
		{"Linux before 5.14", dials(ok, ok, "ENETUNREACH", "ENETUNREACH"), "all-but-edges"},
		{"gVisor", dials(ok, ok, ok, "timeout"), "edges-silent"},
		{"one edge is silent, the other an error", dials(ok, ok, "ENETUNREACH", "timeout"), "edges-silent"},
		{"macOS", dials(ok, "timeout", "timeout", "timeout"), "only-127.0.0.1"},
		{"only an edge beside it", dials(ok, "timeout", ok, "timeout"), "partial"},
		{"not even the usual one", dials("timeout", ok, ok, ok), "none"},
		{"another address answers", dials(ok, "astray", ok, ok), "astray"},
		{"one address", dials(ok, ok, ok, ok)[:1], ""},
	})
}
