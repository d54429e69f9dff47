package names

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve/stub"
)

var _ = claim.InPrivate(claim.Claim{
	ID:     "name.addrconfig",
	Family: claim.Names,
	Level:  claim.Impl,
	Source: claim.Source{References: []claim.Reference{claim.RFC(3493, "6.1")},
		Note: "the loopback address does not count as configured there, so that the text invites an answer of nothing on a host that has only loopback"},
	Sentence: "With AI_ADDRCONFIG, getaddrinfo still gives loopback addresses on a host that has no others, or no others of that family.",
	Question: "Why does localhost not resolve when the network is down?",
	Gates:    []claim.Gate{claim.Unprivileged, claim.Privileged},
	NoFault:  "what the flag means is decided in the resolver's library, and each part brings its own addresses",
	Behaviours: []claim.Behaviour{
		{Word: "kept", Means: "whatever has an answer without AI_ADDRCONFIG has one with it"},
		{Word: "names-lost", Means: "127.0.0.1 and ::1 are kept; localhost has no answer somewhere"},
		{Word: "literals-lost", Means: "even 127.0.0.1 or ::1 has no answer somewhere"},
	},
	Rule: addrConfig,
},
	claim.Part{Name: "lo only", In: with(usualHosts), Spec: askConfigured},
	claim.Part{Name: "IPv4 only", In: cabled(false, true), Spec: askConfigured},
	claim.Part{Name: "IPv6 only", In: cabled(true, false), Spec: askConfigured})

// cabled is a private host with a cable that has no addresses of one family.
func cabled(noIPv4, noIPv6 bool) host.Arrangement {
	in := with(usualHosts)
	in.Cables, in.NoIPv4, in.NoIPv6 = 1, noIPv4, noIPv6
	return in
}

// loopbackQuestions are the names and families that are asked for, with and without AI_ADDRCONFIG.
var loopbackQuestions = []struct{ name, family string }{
	{"127.0.0.1", "ip"}, {"127.0.0.1", "ip4"}, {"::1", "ip"}, {"::1", "ip6"},
	{"localhost", "ip"}, {"localhost", "ip4"}, {"localhost", "ip6"},
}

const addrConfigFlag = ", AI_ADDRCONFIG"

// askConfigured asks the system only: Go's package net has no such hint.
func askConfigured(h *host.Host) observation.Set {
	s := serve(h, stub.Book{}) // whatever turns to DNS has its no at once
	defer func() { _ = s.Close() }()
	var all []question
	for _, q := range loopbackQuestions {
		with := addresses(q.name, q.family)
		with.op += addrConfigFlag
		with.put = func(r resolve.Resolver) (string, error) {
			found, err := r.Addresses(q.name, resolve.Hints{Family: q.family, AddrConfig: true})
			return told(found), err
		}
		all = append(all, addresses(q.name, q.family), with)
	}
	return ask(h, all...).Where(func(o observation.Observation) bool { return o.Variant == system })
}

// addrConfig reads what AI_ADDRCONFIG takes away.
func addrConfig(seen observation.Set) claim.Answer {
	literals, lost, compared := false, []string(nil), 0
	for _, with := range observation.Fold(seen) {
		op, is := strings.CutSuffix(with.Op, addrConfigFlag)
		if !is {
			continue
		}
		word, clear := lacking(with)
		if !clear {
			return claim.Unclear("%s of %s: %s", with.Op, list(with.Targets), with.Problem())
		}
		for _, target := range with.Targets {
			if !seen.Op(op).Variant(with.Variant).Target(target).AllOK() {
				continue // it has no answer without the flag either
			}
			compared++
			if word == "" {
				continue
			}
			_, err := netip.ParseAddr(target)
			literals = literals || err == nil
			lost = append(lost, strings.TrimSuffix(with.Variant, ", "+system)+" "+target+strings.TrimPrefix(op, "getaddrinfo"))
		}
	}
	slices.Sort(lost)
	switch {
	case compared == 0:
		return claim.Unclear("nothing has an answer without AI_ADDRCONFIG")
	case literals:
		return claim.Shows("literals-lost", "no answer with %s", list(lost))
	case len(lost) > 0:
		return claim.Shows("names-lost", "no answer with %s", list(lost))
	default:
		return claim.Shows("kept", "all %d answers", compared)
	}
}
