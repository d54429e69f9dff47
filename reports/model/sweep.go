package model

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// Sweep is an exhaustive walk through 127.0.0.0/8, or a part of it, with one protocol.
type Sweep struct {
	// Protocol is "udp", "bind", "tcp" or "icmp".
	Protocol string `json:"protocol"`
	// Prefix is the part of the block that was asked: "127.0.0.0/8" for all of it.
	Prefix string `json:"prefix"`
	// Broadcast says that SO_BROADCAST was set.
	Broadcast bool `json:"broadcast,omitempty"`
	// Addresses is how many addresses were asked, of 16,777,216.
	Addresses int `json:"addresses"`
	// Delivered is how many of them worked.
	Delivered int `json:"delivered"`
	// Late is how many of those worked only when they were asked again: what was sent first was
	// lost.
	Late int `json:"late,omitempty"`
	// Exceptions lists the addresses that did not work, in order.
	Exceptions []Exception `json:"exceptions,omitempty"`
	// Left lists what has not been asked yet, as prefixes in order, if the sweep was interrupted.
	Left []string `json:"left,omitempty"`
	// Workers is how many threads asked side by side.
	Workers int `json:"workers,omitempty"`
	// Seconds is how long it took.
	Seconds float64 `json:"seconds"`
	// Reason says why nothing was asked, if nothing was: with the error of what was tried.
	Reason string `json:"reason,omitempty"`
}

// Exception is a range of addresses for which a sweep had the same outcome, other than ok.
type Exception struct {
	// CIDR is the range: "127.0.0.0/32".
	CIDR string `json:"cidr"`
	// Outcome is the portable class of what came back.
	Outcome observation.Outcome `json:"outcome"`
	// Errno is the portable name of the error number, empty if there was none.
	Errno string `json:"errno,omitempty"`
}

// The edges of the block may be broadcast addresses, which no datagram is sent to without
// SO_BROADCAST (RFC 1122 3.3.6; Linux: ip_route_output_key_hash, which before 5.14 took 127.0.0.0
// for one too).
var edges = []string{"127.0.0.0/32", "127.255.255.255/32"}

// Finding judges a sweep by what it found: RFC 1122 3.2.1.3(g) and RFC 6890 let the whole block
// loop back, its edges aside. An address that is dead is named in the reason.
func (s Sweep) Finding() claim.Finding {
	f := claim.Finding{Verdict: claim.Deviates, Behaviour: "partial", Reason: s.exceptions(namedExceptions)}
	dead := s.Addresses - s.Delivered
	switch {
	case s.Reason != "":
		return claim.Finding{Verdict: claim.NotRun, Reason: s.Reason}
	case s.Addresses == 0:
		return claim.Finding{Verdict: claim.NotRun, Reason: "interrupted"}
	case dead == 0 && s.Prefix == block.String():
		f.Verdict, f.Behaviour = claim.Conforms, "whole-block"
	case dead == 0:
		f.Verdict, f.Behaviour = claim.Conforms, "whole-sample"
	case dead == s.excused():
		f.Verdict, f.Behaviour = claim.Conforms, "all-but-edges"
	case s.Delivered == 0:
		f.Behaviour = "none"
	case s.Delivered == 1 && !s.excepts(netip.AddrFrom4([4]byte{127, 0, 0, 1})):
		f.Behaviour = "only-127.0.0.1"
	}
	if len(s.Left) > 0 && f.Verdict == claim.Conforms {
		return claim.Finding{Verdict: claim.Inconclusive, Reason: fmt.Sprintf("interrupted: %d addresses were asked", s.Addresses)}
	}
	return f
}

// namedExceptions is how many exceptions a sentence names; the report has all.
const namedExceptions = 3

// exceptions names the first few.
func (s Sweep) exceptions(most int) string {
	var out []string
	for i, x := range s.Exceptions {
		if i == most {
			out = append(out, fmt.Sprintf("and %d more ranges", len(s.Exceptions)-most))
			break
		}
		out = append(out, x.String())
	}
	return strings.Join(out, ", ")
}

// String reads "127.255.255.255 EACCES" or "127.3.0.0/16 lost".
func (x Exception) String() string {
	what := x.Errno
	if what == "" {
		what = string(x.Outcome)
	}
	return strings.TrimSuffix(x.CIDR, "/32") + " " + what
}

// excused is how many exceptions are edges of the block.
func (s Sweep) excused() int {
	n := 0
	for _, x := range s.Exceptions {
		if x.CIDR == edges[0] || x.CIDR == edges[1] {
			n++
		}
	}
	return n
}

// excepts says whether an address is among the exceptions.
func (s Sweep) excepts(a netip.Addr) bool {
	for _, x := range s.Exceptions {
		if p, err := netip.ParsePrefix(x.CIDR); err == nil && p.Contains(a) {
			return true
		}
	}
	return false
}
