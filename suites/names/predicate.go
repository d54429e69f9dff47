package names

import (
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

var _ = claim.It(claim.Claim{
	ID:     "name.local-predicate",
	Family: claim.Names,
	Level:  claim.Folk,
	Source: claim.Source{References: []claim.Reference{{Document: "W3C Secure Contexts", Section: "3.1", URL: "https://www.w3.org/TR/secure-contexts/#is-origin-trustworthy"}},
		Note: "Secure Contexts trusts 127.0.0.0/8 and ::1/128; IPv4-mapped addresses are the question"},
	Sentence: "The runtime's test for a loopback address is true for all of 127.0.0.0/8, for ::1 and for 127.0.0.0/8 as IPv4-mapped addresses, and for nothing else.",
	Question: "Which addresses does my language call loopback?",
	Gates:    []claim.Gate{claim.Unprivileged},
	NoFault:  "the answer is that of the Go runtime in the kit, and no host can change it",
	Behaviours: []claim.Behaviour{
		{Word: "127/8,::1,mapped", Means: "127.0.0.0/8, ::1 and IPv4-mapped 127.0.0.0/8, by every test of the runtime"},
		{Word: "127/8,::1", Means: "127.0.0.0/8 and ::1; by a test of the runtime IPv4-mapped 127.0.0.0/8 is not"},
		{Word: "other", Means: "a test of the runtime leaves out other addresses, or takes in more"},
	},
	Rule: predicate,
}, func(*host.Host) observation.Set {
	var seen observation.Set
	for _, t := range tests {
		for _, a := range slices.Concat(loopbacks, strangers) {
			seen = append(seen, observation.Observation{Op: "is loopback", Variant: t.name, Targets: []string{a},
				Outcome: observation.OK, Value: strconv.FormatBool(t.holds(a)), Count: 1})
		}
	}
	return seen
})

// tests are the runtime's tests. Others than Go's would need their runtime on the host.
var tests = []struct {
	name  string
	holds func(string) bool
}{
	{"Go net/netip.Addr.IsLoopback", func(a string) bool { return netip.MustParseAddr(a).IsLoopback() }},
	{"Go net.IP.IsLoopback", func(a string) bool { return net.ParseIP(a).IsLoopback() }},
}

// mapped begins an IPv4-mapped address.
const mapped = "::ffff:"

var (
	loopbacks = []string{"127.0.0.0", "127.0.0.1", "127.0.0.2", "127.255.255.255", "::1", "::ffff:127.0.0.1", "::ffff:127.255.255.255"}
	strangers = []string{"126.255.255.255", "128.0.0.0", "0.0.0.0", "::", "::2", "::127.0.0.1", "::ffff:128.0.0.0"}
)

func predicate(seen observation.Set) claim.Answer {
	seen = observation.Fold(seen.Op("is loopback"))
	if len(seen) == 0 {
		return claim.Unclear("no runtime was asked")
	}
	var others, notMapped []string
	for _, a := range loopbacks {
		if wrong := seen.Target(a).Where(func(o observation.Observation) bool { return o.Value != "true" }); len(wrong) == 0 {
			continue
		} else if strings.HasPrefix(a, mapped) {
			notMapped = append(notMapped, a)
		} else {
			others = append(others, "not "+a)
		}
	}
	for _, a := range strangers {
		if len(seen.Target(a).Where(func(o observation.Observation) bool { return o.Value != "false" })) > 0 {
			others = append(others, a)
		}
	}
	switch {
	case len(others) > 0:
		return claim.Shows("other", "%s", strings.Join(others, ", "))
	case len(notMapped) > 0:
		return claim.Shows("127/8,::1", "not %s", strings.Join(notMapped, ", "))
	default:
		return claim.Shows("127/8,::1,mapped", "all %d addresses as they should be", len(seen.Targets()))
	}
}
