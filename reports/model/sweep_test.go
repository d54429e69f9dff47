package model

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func TestASweepIsJudged(t *testing.T) {
	low := Exception{CIDR: "127.0.0.0/32", Outcome: observation.Lost}
	high := Exception{CIDR: "127.255.255.255/32", Outcome: observation.Denied, Errno: "EACCES"}
	dead := Exception{CIDR: "127.9.8.7/32", Outcome: observation.Lost}
	all := func(delivered int, x ...Exception) Sweep {
		return Sweep{Protocol: "udp", Prefix: "127.0.0.0/8", Addresses: 1 << 24, Delivered: delivered, Exceptions: x}
	}
	partly := all(1<<24-257, high)
	partly.Addresses, partly.Left = 1<<24-256, []string{"127.3.3.0/24"}
	brokenPart := all(1<<24-258, dead, high)
	brokenPart.Addresses, brokenPart.Left = partly.Addresses, partly.Left
	for _, c := range []struct {
		name  string
		sweep Sweep
		want  claim.Finding
	}{
		{"all", all(1 << 24), claim.Finding{Verdict: claim.Conforms, Behaviour: "whole-block"}},
		{"all of a part", Sweep{Prefix: "127.0.0.0/13", Addresses: 1 << 19, Delivered: 1 << 19}, claim.Finding{Verdict: claim.Conforms, Behaviour: "whole-sample"}},
		{"without its last", all(1<<24-1, high), claim.Finding{Verdict: claim.Conforms, Behaviour: "all-but-edges", Reason: "127.255.255.255 EACCES"}},
		{"without both edges", all(1<<24-2, low, high), claim.Finding{Verdict: claim.Conforms, Behaviour: "all-but-edges", Reason: "127.0.0.0 lost, 127.255.255.255 EACCES"}},
		{"one dead address", all(1<<24-2, dead, high), claim.Finding{Verdict: claim.Deviates, Behaviour: "partial", Reason: "127.9.8.7 lost, 127.255.255.255 EACCES"}},
		{"nothing", all(0, Exception{CIDR: "127.0.0.0/8", Outcome: observation.Unreachable, Errno: "ENETUNREACH"}), claim.Finding{Verdict: claim.Deviates, Behaviour: "none", Reason: "127.0.0.0/8 ENETUNREACH"}},
		{"one address that is not 127.0.0.1", Sweep{Addresses: 2, Delivered: 1, Exceptions: []Exception{{CIDR: "127.0.0.1/32", Outcome: observation.Lost}}},
			claim.Finding{Verdict: claim.Deviates, Behaviour: "partial", Reason: "127.0.0.1 lost"}},
		{"only 127.0.0.1", Sweep{Addresses: 2, Delivered: 1, Exceptions: []Exception{{CIDR: "127.0.0.2/32", Outcome: observation.Unavailable, Errno: "EADDRNOTAVAIL"}}},
			claim.Finding{Verdict: claim.Deviates, Behaviour: "only-127.0.0.1", Reason: "127.0.0.2 EADDRNOTAVAIL"}},
		{"interrupted, nothing wrong so far", partly, claim.Finding{Verdict: claim.Inconclusive, Reason: "interrupted: 16776960 addresses were asked"}},
		{"interrupted, something wrong", brokenPart, claim.Finding{Verdict: claim.Deviates, Behaviour: "partial", Reason: "127.9.8.7 lost, 127.255.255.255 EACCES"}},
		{"not even begun", Sweep{Left: []string{"127.0.0.0/8"}}, claim.Finding{Verdict: claim.NotRun, Reason: "interrupted"}},
		{"impossible", Sweep{Reason: "socket: EACCES (13)"}, claim.Finding{Verdict: claim.NotRun, Reason: "socket: EACCES (13)"}},
	} {
		if got := c.sweep.Finding(); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestExceptionsAreNamedBriefly(t *testing.T) {
	s := Sweep{Addresses: 10, Delivered: 5}
	for _, last := range []string{"1", "3", "5", "7", "9"} {
		s.Exceptions = append(s.Exceptions, Exception{CIDR: "127.0.0." + last + "/32", Outcome: observation.Lost})
	}
	if got, want := s.Finding().Reason, "127.0.0.1 lost, 127.0.0.3 lost, 127.0.0.5 lost, and 2 more ranges"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
