package interfaces

import (
	"strconv"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

var _ = claim.It(claim.Claim{
	ID:       "if.lo.flags",
	Family:   claim.Interface,
	Level:    claim.Impl,
	Source:   free("4.2BSD's loopback interface has UP and LOOPBACK, and not BROADCAST; MULTICAST varies"),
	Sentence: "The loopback interface has the flags UP and LOOPBACK, and not BROADCAST.",
	Question: "Which flags does lo have?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "lo-broadcast",
	Behaviours: []claim.Behaviour{
		{Word: "UP,LOOPBACK", Means: "up, neither broadcast nor multicast"},
		{Word: "UP,LOOPBACK,MULTICAST", Means: "up and multicast, not broadcast"},
		{Word: claim.AnyText, Means: "these flags"},
	},
	Rule: first("flags"),
}, func(h *host.Host) observation.Set {
	i := h.Lo()
	return observation.Set{fact(h, "flags", i.Name, link.Flags(i))}
})

var _ = claim.It(claim.Claim{
	ID:         "if.lo.mtu",
	Family:     claim.Interface,
	Level:      claim.Impl,
	Source:     free("each system has its own number"),
	Sentence:   "The loopback interface has a maximum transmission unit.",
	Question:   "What is the MTU of lo?",
	Gates:      []claim.Gate{claim.Unprivileged},
	Fault:      "lo-mtu",
	Behaviours: []claim.Behaviour{{Word: claim.AnyNumber, Means: "the MTU in bytes"}},
	Rule:       first("mtu"),
}, func(h *host.Host) observation.Set {
	i := h.Lo()
	return observation.Set{fact(h, "mtu", i.Name, strconv.FormatInt(i.MTU, 10))}
})

var _ = claim.It(claim.Claim{
	ID:       "if.lo.nomac",
	Family:   claim.Interface,
	Level:    claim.Impl,
	Source:   free("there is no link on which a hardware address could be of use"),
	Sentence: "The loopback interface has no hardware address, or one of nothing but zeros.",
	Question: "Does lo have a MAC address?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "lo-has-mac",
	Behaviours: []claim.Behaviour{
		{Word: "none", Means: "no hardware address is listed"},
		{Word: "all-zero", Means: "a hardware address of nothing but zeros is listed"},
		{Word: "address", Means: "a hardware address is listed"},
	},
	Rule: first("hardware address"),
}, func(h *host.Host) observation.Set {
	i := h.Lo()
	return observation.Set{fact(h, "hardware address", i.Name, hardware(i.Hardware))}
})

// hardware leaves the address itself out of the report: it would identify the host.
func hardware(listed string) string {
	switch {
	case listed == "":
		return "none"
	case zeros(listed):
		return "all-zero"
	default:
		return "address"
	}
}

func zeros(address string) bool {
	for _, c := range address {
		if c != '0' && c != ':' && c != '-' {
			return false
		}
	}
	return true
}

func fact(h *host.Host, op, name, value string) observation.Observation {
	return probe.Begin(h, op, "", "", name).Value(value).End(nil)
}

// first shows the value that was read.
func first(op string) claim.Rule {
	return func(seen observation.Set) claim.Answer {
		o, found := seen.Op(op).Outcome(observation.OK).First()
		if !found || o.Value == "" || len(o.Targets) == 0 {
			return claim.Unclear("no %s was read", op)
		}
		return claim.Shows(o.Value, "listed for %s", o.Targets[0])
	}
}
