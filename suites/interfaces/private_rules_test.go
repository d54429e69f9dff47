package interfaces

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func TestLoDown(t *testing.T) {
	see := func(op, target string, outcome observation.Outcome, errno string) observation.Observation {
		return observation.Observation{Op: op, Proto: "tcp", Variant: "default route", Targets: []string{target}, Outcome: outcome, Errno: errno, Count: 1}
	}
	closed := observation.Set{see("bind", "127.0.0.1", observation.OK, ""), see("connect", "127.0.0.1", observation.Timeout, ""),
		see("wire", "127.0.0.1", observation.Nothing, ""), see("connect", "::1", observation.Unreachable, "ENETUNREACH"), see("wire", "::1", observation.Nothing, "")}
	and := func(more ...observation.Observation) observation.Set {
		return append(append(observation.Set{}, closed...), more...)
	}
	check(t, "if.lo.down", []row{
		{"fails closed", closed, "fails-closed"},
		{"both leak", and(see("wire", "127.0.0.1", observation.OK, ""), see("wire", "::1", observation.OK, "")), "leaks"},
		{"as on Linux", and(see("wire", "::1", observation.OK, "")), "leaks-ipv6"},
		{"the block leaks", and(see("wire", "127.0.0.2", observation.OK, "")), "leaks"},
		{"refused, so it was received", and(see("connect", "127.0.0.2", observation.Refused, "ECONNREFUSED")), "works"},
		{"only IPv6", and(see("connect", "::1", observation.Refused, "ECONNREFUSED")), "only-ipv6-works"},
		{"works, and leaks", and(see("connect", "127.0.0.1", observation.OK, ""), see("wire", "127.0.0.2", observation.OK, "")), "leaks"},
		{"nothing was sent", observation.Set{see("bind", "127.0.0.1", observation.Unavailable, "EADDRNOTAVAIL")}, ""},
		{"nothing", nil, ""},
	})
}

func TestCapture(t *testing.T) {
	see := func(target, link string, outcome observation.Outcome) observation.Observation {
		return observation.Observation{Op: "capture", Proto: "udp", Variant: "lo up", Targets: []string{target}, Outcome: outcome, Value: link, Count: 1}
	}
	check(t, "if.capture", []row{
		{"Linux", observation.Set{see("127.0.0.1", "EN10MB", observation.OK), see("::1", "EN10MB", observation.OK)}, "EN10MB"},
		{"a BSD", observation.Set{see("127.0.0.1", "NULL", observation.OK)}, "NULL"},
		{"invisible", observation.Set{see("127.0.0.1", "", observation.Nothing), see("::1", "", observation.Nothing)}, "none"},
		{"one of two", observation.Set{see("127.0.0.1", "NULL", observation.OK), see("::1", "", observation.Nothing)}, "partly"},
		{"one was not delivered", observation.Set{see("127.0.0.1", "NULL", observation.OK), see("127.0.0.2", "", observation.Unavailable)}, "NULL"},
		{"none was delivered", observation.Set{see("127.0.0.1", "", observation.Timeout)}, ""},
		{"nothing", nil, ""},
	})
}
