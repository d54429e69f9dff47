package binds

import (
	"net/netip"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var hijackBehaviours = []claim.Behaviour{
	{Word: "refused", Means: "the second process can't bind 127.0.0.1 to the port, with whatever option"},
	{Word: "bound-in-vain", Means: "the second process can bind 127.0.0.1 to the port, but the holder of the wildcard goes on receiving"},
	{Word: "from-willing", Means: "the second process receives instead, if the holder set SO_REUSEADDR or SO_REUSEPORT itself"},
	{Word: "from-anyone", Means: "the second process receives instead, even of a holder that set no option"},
}

var _ = claim.It(claim.Claim{
	ID:     "bind.hijack.sameuser",
	Family: claim.Binds,
	Level:  claim.Impl,
	Source: claim.Source{References: []claim.Reference{posix("bind")},
		Note: "no document says who may bind beside a wildcard; Microsoft's page on SO_EXCLUSIVEADDRUSE describes the attack"},
	Sentence:   "A second process of the same user can take 127.0.0.1:p from a process that holds 0.0.0.0:p.",
	Question:   "Can another program of mine take over the localhost side of a server's port?",
	Gates:      []claim.Gate{claim.Unprivileged},
	Fault:      "hijack-from-anyone",
	Behaviours: hijackBehaviours,
	Rule:       hijack,
}, func(h *host.Host) observation.Set { return stealBy(h, h.Second) })

var _ = claim.It(claim.Claim{
	ID:         "bind.hijack.otheruser",
	Family:     claim.Binds,
	Level:      claim.Impl,
	Source:     claim.Source{References: []claim.Reference{posix("bind")}, Note: "no document says who may bind beside a wildcard"},
	Sentence:   "A process of another user can take 127.0.0.1:p from a process that holds 0.0.0.0:p.",
	Question:   "Can a program of another user take over the localhost side of my server's port?",
	Gates:      []claim.Gate{claim.Privileged},
	Fault:      "hijack-from-anyone",
	Behaviours: hijackBehaviours,
	Rule:       hijack,
}, func(h *host.Host) observation.Set { return stealBy(h, h.Other) })

// stealBy lets a second process steal.
func stealBy(h *host.Host, second func() (sock.Stack, func() error, error)) observation.Set {
	if second == nil {
		h.NotRun("second process", sock.Errno("fork", "ENOSYS", 0))
	}
	thief, end, err := second()
	if err != nil {
		h.NotRun("second process", err)
	}
	defer func() { _ = end() }() // it holds nothing any more
	return steal(h, thief)
}

// willing marks the arrangements whose holder set an option that invites others.
const willing = "willing holder"

// steal lets the second process bind 127.0.0.1 to a port that this one holds on 0.0.0.0, with every
// option a holder and a thief may set, and sends flows to 127.0.0.1 where it could.
func steal(h *host.Host, thief sock.Stack) (seen observation.Set) {
	reuseAddr := []probe.Option{{Name: sock.ReuseAddr, Value: 1}}
	reusePort := []probe.Option{{Name: sock.ReusePort, Value: 1}}
	for _, t := range []sock.Type{sock.TCP, sock.UDP} {
		for _, with := range []struct {
			variant       string
			holder, thief []probe.Option
		}{
			{"plain holder, plain thief", nil, nil},
			{"plain holder, thief with SO_REUSEADDR", nil, reuseAddr},
			{"plain holder, thief with SO_REUSEPORT", nil, reusePort},
			{willing + ", both with SO_REUSEADDR", reuseAddr, reuseAddr},
			{willing + ", both with SO_REUSEPORT", reusePort, reusePort},
		} {
			o, seated := probe.Pair{Type: t, Variant: with.variant,
				First:  probe.Seat{Name: "holder", Addr: anyAddress, Options: with.holder},
				Second: probe.Seat{Name: "thief", Addr: host.One, Options: with.thief, Stack: thief},
			}.Bind(h)
			seen = append(seen, o)
			if seated.Both() {
				to := []netip.AddrPort{netip.AddrPortFrom(host.One, seated.Port)}
				seen = append(seen, probe.Reach(h, with.variant, seated.Servers, to, 5)...)
			}
			seated.Close()
		}
	}
	return seen
}

// hijack reads from whom the port could be taken.
func hijack(seen observation.Set) claim.Answer {
	bound, reached := seen.Op("bind"), seen.Op("reach").Outcome(observation.OK)
	taken := reached.Where(func(o observation.Observation) bool { return strings.Contains(o.Value, "thief") })
	fromPlain := taken.Where(func(o observation.Observation) bool { return !strings.HasPrefix(o.Variant, willing) })
	switch {
	case len(bound) == 0:
		return claim.Unclear("the wildcard could not be held: %s", list(seen.Errors()))
	case len(fromPlain) > 0:
		return claim.Shows("from-anyone", "%s", list(cells(fromPlain)))
	case len(taken) > 0:
		return claim.Shows("from-willing", "%s", list(cells(taken)))
	case len(bound.Outcome(observation.OK)) == 0:
		return claim.Shows("refused", "%s", list(bound.Errors()))
	case len(reached) == 0:
		return claim.Unclear("both hold the port, and nothing arrived: %s", list(seen.Op("reach").Errors()))
	default:
		return claim.Shows("bound-in-vain", "%s", list(cells(reached)))
	}
}
