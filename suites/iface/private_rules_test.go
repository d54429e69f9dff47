package iface

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/observe"
)

func TestLoDown(t *testing.T) {
	see := func(op, target string, outcome observe.Outcome, errno string) observe.Observation {
		return observe.Observation{Op: op, Proto: "tcp", Variant: "default route", Targets: []string{target}, Outcome: outcome, Errno: errno, Count: 1}
	}
	closed := observe.Set{see("bind", "127.0.0.1", observe.OK, ""), see("connect", "127.0.0.1", observe.Timeout, ""),
		see("wire", "127.0.0.1", observe.Nothing, ""), see("connect", "::1", observe.Unreachable, "ENETUNREACH"), see("wire", "::1", observe.Nothing, "")}
	and := func(more ...observe.Observation) observe.Set {
		return append(append(observe.Set{}, closed...), more...)
	}
	check(t, "if.lo.down", []row{
		{"fails closed", closed, "fails-closed"},
		{"both leak", and(see("wire", "127.0.0.1", observe.OK, ""), see("wire", "::1", observe.OK, "")), "leaks"},
		{"as on Linux", and(see("wire", "::1", observe.OK, "")), "leaks-ipv6"},
		{"the block leaks", and(see("wire", "127.0.0.2", observe.OK, "")), "leaks"},
		{"refused, so it was received", and(see("connect", "127.0.0.2", observe.Refused, "ECONNREFUSED")), "works"},
		{"works, and leaks", and(see("connect", "127.0.0.1", observe.OK, ""), see("wire", "127.0.0.2", observe.OK, "")), "leaks"},
		{"nothing was sent", observe.Set{see("bind", "127.0.0.1", observe.Unavailable, "EADDRNOTAVAIL")}, ""},
		{"nothing", nil, ""},
	})
}

func TestCapture(t *testing.T) {
	see := func(target, link string, outcome observe.Outcome) observe.Observation {
		return observe.Observation{Op: "capture", Proto: "udp", Variant: "lo up", Targets: []string{target}, Outcome: outcome, Value: link, Count: 1}
	}
	check(t, "if.capture", []row{
		{"Linux", observe.Set{see("127.0.0.1", "EN10MB", observe.OK), see("::1", "EN10MB", observe.OK)}, "EN10MB"},
		{"a BSD", observe.Set{see("127.0.0.1", "NULL", observe.OK)}, "NULL"},
		{"invisible", observe.Set{see("127.0.0.1", "", observe.Nothing), see("::1", "", observe.Nothing)}, "none"},
		{"one of two", observe.Set{see("127.0.0.1", "NULL", observe.OK), see("::1", "", observe.Nothing)}, "partly"},
		{"one was not delivered", observe.Set{see("127.0.0.1", "NULL", observe.OK), see("127.0.0.2", "", observe.Unavailable)}, "NULL"},
		{"none was delivered", observe.Set{see("127.0.0.1", "", observe.Timeout)}, ""},
		{"nothing", nil, ""},
	})
}
