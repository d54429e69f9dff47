package binds

import (
	"net/netip"
	"strings"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.InPrivate(claim.Claim{
	ID:     "filter.peraddr.errno",
	Family: claim.Binds,
	Level:  claim.Should,
	Source: claim.Source{References: []claim.Reference{claim.RFC(9293, "3.9.2.2"), claim.RFC(1122, "3.2.2.1"), claim.RFC(1122, "4.2.3.9"), claim.RFC(5461, "4.1")},
		Note: "hard errors should abort a connection, soft ones should not, but nearly every system lets either end one that is not " +
			"made yet (RFC 5461); which errno it gives is the system's. The behaviour is that of TCP; what UDP is told is in the reason."},
	Sentence: "Each verb of a filter that rejects ends the client's attempt to connect with an errno, and a drop is silent.",
	Question: "Which error does a client see for each way of blocking a loopback address?",
	Gates:    []claim.Gate{claim.Privileged},
	Behaviours: []claim.Behaviour{
		{Word: "told-apart", Means: "every rejecting verb ends the attempt with an error, if only with the second request to connect, and a drop is silent", Conforms: true},
		{Word: "all-told", Means: "every verb ends the attempt with an error, a drop as well", Conforms: true},
		{Word: "some-silent", Means: "some rejecting verbs leave the client waiting"},
		{Word: "all-silent", Means: "every verb leaves the client waiting"},
		{Word: "not-applied", Means: "some verb does not deny the connection at all"},
	},
	Rule:  verbs,
	Fault: "closed-ports-silent",
}, claim.Part{Name: "each verb", Spec: func(h *host.Host) observation.Set {
	var cases []blocked
	for i, hook := range []host.Hook{host.Incoming, host.Outgoing} {
		for j, verb := range host.Verbs() {
			cases = append(cases, blocked{verb, hook, netip.AddrFrom4([4]byte{127, 0, byte(3 + i), byte(1 + j)})})
		}
	}
	return reactions(h, cases)
}})

// blocked is an address of its own for one way of blocking it.
type blocked struct {
	verb    host.Verb
	hook    host.Hook
	address netip.Addr
}

// secondRequest is how long a client waits for what comes of its second request to connect, which
// leaves after a second (RFC 6298 2.1), if the first had no answer. A system may have lost what an
// ICMP error said about the first one, because the client was still in connect(2).
const secondRequest = time.Second + sock.Impatience

// reactions sets up one rule for each address, and then knocks at all of them at once, from an
// address that no rule is about. A verb that the filter does not have leaves an observation of its
// rule only; without a single one the spec ends.
func reactions(h *host.Host, cases []blocked) (seen observation.Set) {
	var addresses []netip.Addr
	ruled := map[string]blocked{}
	var refused error
	for _, c := range cases {
		unfiltered(h, c.address)
		p := probe.Begin(h, "rule", "", c.String(), c.address.String())
		_, err := h.AddRules(host.FilterRule{Hook: c.hook, Destination: c.address, Verb: c.verb})
		seen = append(seen, p.End(err))
		if err != nil {
			refused = err
			continue
		}
		addresses = append(addresses, c.address)
		ruled[c.address.String()] = c
	}
	if len(addresses) == 0 {
		h.NotRun("add rule", refused, seen...)
	}
	k := probe.Knocks{From: host.One, Wait: secondRequest, Quiet: func(a netip.Addr) bool { return ruled[a.String()].verb == host.Drop }}
	knocks := append(k.Dial(h, addresses), k.Send(h, addresses)...)
	for i := range knocks {
		knocks[i].Variant = ruled[knocks[i].Targets[0]].String()
	}
	return append(seen, knocks...)
}

func (b blocked) String() string { return string(b.hook) + " " + string(b.verb) }

func verbs(seen observation.Set) claim.Answer {
	tcp := seen.Op("connect")
	drops := tcp.Where(variantEnds(string(host.Drop)))
	rejects := tcp.Where(func(o observation.Observation) bool { return !strings.HasSuffix(o.Variant, string(host.Drop)) })
	silent := func(o observation.Observation) bool { return o.Outcome == observation.Timeout }
	reason := "TCP: " + byError(tcp) + "; UDP: " + byError(seen.Op("send"))
	switch {
	case len(rejects) == 0 || len(drops) == 0:
		return claim.Unclear("the filter has no rule that rejects, or none that drops: %s", list(seen.Op("rule").Errors()))
	case len(tcp.Outcome(observation.OK)) > 0:
		return claim.Shows("not-applied", "%s", reason)
	case tcp.All(silent):
		return claim.Shows("all-silent", "%s", reason)
	case len(rejects.Where(silent)) > 0:
		return claim.Shows("some-silent", "%s", reason)
	case len(drops.Where(silent)) == 0:
		return claim.Shows("all-told", "%s", reason)
	default:
		return claim.Shows("told-apart", "%s", reason)
	}
}

// byError lists which verbs gave which error: "ECONNREFUSED (reset, outgoing drop)". A verb without
// a side of the network stack gave it on both.
func byError(seen observation.Set) string {
	var out []string
	for _, problem := range seen.Errors() {
		those := seen.Where(func(o observation.Observation) bool { return o.Problem() == problem })
		var named []string
		for _, v := range host.Verbs() {
			variants := variantsOf(those.Where(variantEnds(" " + string(v))))
			if len(variants) > 1 {
				variants = []string{string(v)}
			}
			named = append(named, variants...)
		}
		out = append(out, problem+" ("+list(named)+")")
	}
	return list(out)
}
