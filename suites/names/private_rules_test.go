package names

import (
	"slices"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve"
)

// in puts observations into a part of a claim.
func in(part string, seen ...observation.Observation) observation.Set {
	out := observation.Set{}
	for _, o := range seen {
		o.Variant = part + ", " + o.Variant
		out = append(out, o)
	}
	return out
}

// heard are the queries of one resolver: it was asked for all names, and the name server for some.
func heard(variant string, all []string, some ...string) []observation.Observation {
	var out []observation.Observation
	for _, name := range all {
		o := observation.Observation{Op: "query", Variant: variant, Targets: []string{name}, Outcome: observation.Nothing, Count: 1}
		if slices.Contains(some, name) {
			o.Outcome, o.Value = observation.OK, "A AAAA"
		}
		out = append(out, o)
	}
	return out
}

// localhosts are the queries of the system's resolver in both parts.
func localhosts(with, without []string) observation.Set {
	return append(in(listed, heard(system, localhostNames, with...)...), in(unlisted, heard(system, localhostNames, without...)...)...)
}

var dnsCases = []ruleCase{
	{"name.localhost.nodns", "special to the library", localhosts(nil, nil), conforms, "local"},
	{"name.localhost.nodns", "only below", localhosts([]string{foo}, []string{foo}), deviates, "subdomains-ask-dns"},
	{"name.localhost.nodns", "only below, with an entry", localhosts([]string{foo}, nil), deviates, "subdomains-ask-dns"},
	{"name.localhost.nodns", "glibc", localhosts([]string{"localhost.", foo}, localhostNames), deviates, "hosts-file-only"},
	{"name.localhost.nodns", "the final dot", localhosts([]string{"localhost."}, nil), deviates, "hosts-file-only"},
	{"name.localhost.nodns", "without an entry", localhosts(nil, []string{"localhost"}), deviates, "hosts-file-only"},
	{"name.localhost.nodns", "in spite of the entry", localhosts(localhostNames, localhostNames), deviates, resolve.AsksDNS},
	{"name.localhost.nodns", "another spelling", localhosts([]string{"LOCALHOST"}, nil), deviates, resolve.AsksDNS},
	{"name.localhost.nodns", "one part is missing", in(listed, heard(system, localhostNames)...), unclear, ""},
	{"name.localhost.nodns", "a name is missing", append(in(listed, heard(system, localhostNames[1:])...), in(unlisted, heard(system, localhostNames)...)...), unclear, ""},
	{"name.localhost.nodns", "only Go was asked", append(in(listed, heard(golang, localhostNames)...), in(unlisted, heard(golang, localhostNames)...)...), unclear, ""},
	{"name.localhost.nodns", "nothing", nil, unclear, ""},
}

// localhostIs are the system's answers for localhost in both parts.
func localhostIs(hosts, server observation.Observation) observation.Set {
	return append(in(hostsSay, hosts), in(serverSay, server)...)
}

var (
	misled  = sys(anyFamily, "localhost", elsewhere)
	faith   = sys(anyFamily, "localhost", "::1 127.0.0.1")
	nowhere = lost(anyFamily, "localhost", no, "")
)

var overrideCases = []ruleCase{
	{"name.must", "glibc", localhostIs(misled, misled), observed, "overridden-by-both"},
	{"name.must", "fixed", localhostIs(faith, faith), observed, "loopback-always"},
	{"name.must", "the hosts file", localhostIs(misled, faith), observed, "overridden-by-hosts"},
	{"name.must", "the hosts file, or nothing", localhostIs(misled, nowhere), observed, "overridden-by-hosts"},
	{"name.must", "the name server", localhostIs(nowhere, misled), observed, "overridden-by-dns"},
	{"name.must", "both addresses", localhostIs(sys(anyFamily, "localhost", "127.0.0.1 elsewhere"), faith), observed, "overridden-by-hosts"},
	{"name.must", "silence", localhostIs(misled, lost(anyFamily, "localhost", late, "")), unclear, ""},
	{"name.must", "the command failed", localhostIs(lost(anyFamily, "localhost", observation.Failed, ""), misled), unclear, ""},
	{"name.must", "one part is missing", in(hostsSay, misled), unclear, ""},
	{"name.must", "nothing", nil, unclear, ""},
}

const route = "default route"

// reversed is what is seen of one resolver: its answers, its queries, and what left.
func reversed(answer observation.Observation, asked bool, wired string) observation.Set {
	var all []string
	for _, a := range nameless {
		all = append(all, a.String())
	}
	var some []string
	if asked {
		some = all
	}
	seen := heard(system, all, some...)
	for _, a := range all {
		answer.Targets = []string{a}
		wire := observation.Observation{Op: "wire", Variant: system, Targets: []string{a}, Outcome: observation.Nothing, Count: 1}
		if wired != "" {
			wire.Outcome, wire.Value = observation.OK, wired
		}
		seen = append(seen, answer, wire)
	}
	return in(route, seen...)
}

var (
	named    = sys(back, "", "own-name")
	unnamed  = lost(back, "", no, "")
	followed = "udp 127.0.0.1 > 127.0.0.1"
)

var reverseCases = []ruleCase{
	{"name.reverse.block", "glibc", reversed(unnamed, true, ""), conforms, resolve.AsksDNS},
	{"name.reverse.block", "a name from the name server", reversed(named, true, ""), conforms, resolve.AsksDNS},
	{"name.reverse.block", "a name of its own", reversed(named, false, ""), conforms, "local"},
	{"name.reverse.block", "none", reversed(unnamed, false, ""), conforms, none},
	{"name.reverse.block", "it leaves", reversed(unnamed, true, followed), deviates, "leaves"},
	{"name.reverse.block", "it leaves and nobody else is asked", reversed(unnamed, false, followed), deviates, "leaves"},
	{"name.reverse.block", "silence", reversed(lost(back, "", late, ""), true, ""), deviates, timeout},
	{"name.reverse.block", "the command failed", reversed(lost(back, "", observation.Failed, ""), true, ""), unclear, ""},
	{"name.reverse.block", "nothing was watched", reversed(unnamed, true, "").Op("getnameinfo"), unclear, ""},
	{"name.reverse.block", "an address is missing", reversed(unnamed, true, "").Target("127.0.0.2"), unclear, ""},
	{"name.reverse.block", "nothing", nil, unclear, ""},
}

// flagged are answers with and without AI_ADDRCONFIG in one part.
func flagged(part, op, target string, without, with observation.Observation) observation.Set {
	without.Op, with.Op = op, op+addrConfigFlag
	without.Targets, with.Targets = []string{target}, []string{target}
	return in(part, without, with)
}

var (
	four    = sys("", "", "127.0.0.1")
	missing = lost("", "", no, "")
)

var addrConfigCases = []ruleCase{
	{"name.addrconfig", "healthy", slices.Concat(flagged("lo only", any4, "127.0.0.1", four, four), flagged("IPv6 only", any4, "localhost", four, four)), observed, "kept"},
	{"name.addrconfig", "names", slices.Concat(flagged("lo only", any4, "127.0.0.1", four, four), flagged("lo only", any4, "localhost", four, missing)), observed, "names-lost"},
	{"name.addrconfig", "a literal in one part", slices.Concat(flagged("lo only", any4, "127.0.0.1", four, four), flagged("IPv6 only", any4, "127.0.0.1", four, missing)), observed, "literals-lost"},
	{"name.addrconfig", "all", slices.Concat(flagged("lo only", any4, "localhost", four, missing), flagged("lo only", any4, "127.0.0.1", four, missing)), observed, "literals-lost"},
	{"name.addrconfig", "no loss without an answer", slices.Concat(flagged("lo only", any4, "127.0.0.1", four, four), flagged("lo only", any6, "localhost", missing, missing)), observed, "kept"},
	{"name.addrconfig", "silence", slices.Concat(flagged("lo only", any4, "localhost", four, lost("", "", late, ""))), observed, "names-lost"},
	{"name.addrconfig", "the command failed", slices.Concat(flagged("lo only", any4, "localhost", four, lost("", "", observation.Failed, ""))), unclear, ""},
	{"name.addrconfig", "no answers at all", flagged("lo only", any4, "localhost", missing, missing), unclear, ""},
	{"name.addrconfig", "nothing", nil, unclear, ""},
}

const entry = "name in the hosts file"

// led is what a client saw that asked one resolver.
func led(variant, answer string, outcome observation.Outcome, by string) observation.Set {
	a := sys(any4, alias, answer)
	a.Variant = variant
	seen := in(entry, a)
	if outcome == "" {
		return seen
	}
	return append(seen, in(entry, observation.Observation{Op: "reach", Proto: "tcp", Variant: variant, Targets: []string{answer}, Outcome: outcome, Value: by, Count: 1})...)
}

var (
	two      = led(system, "127.0.0.2", observation.OK, "127.0.0.2")
	goesAway = led(golang, "127.0.0.2", observation.Astray, "127.0.0.1")
)

var aliasCases = []ruleCase{
	{"name.alias", "healthy", two, observed, "own-listener"},
	{"name.alias", "Go went elsewhere", slices.Concat(two, goesAway), observed, "own-listener"},
	{"name.alias", "redirected", led(system, "127.0.0.2", observation.Astray, "127.0.0.1"), observed, "other-listener"},
	{"name.alias", "two listeners", led(system, "127.0.0.2", observation.Astray, "127.0.0.1 and 127.0.0.2"), observed, "other-listener"},
	{"name.alias", "another address", led(system, "127.0.0.3", observation.OK, "127.0.0.3"), observed, "other-listener"},
	{"name.alias", "refused", led(system, "127.0.0.2", observation.Refused, ""), observed, "unreachable"},
	{"name.alias", "silent", led(system, "127.0.0.2", observation.Timeout, ""), observed, "unreachable"},
	{"name.alias", "not this host", led(system, elsewhere, "", ""), observed, "unreachable"},
	{"name.alias", "no entry", in(entry, lost(any4, alias, no, "")), observed, "no-name"},
	{"name.alias", "the command failed", in(entry, lost(any4, alias, observation.Failed, "")), unclear, ""},
	{"name.alias", "only Go was asked", goesAway, unclear, ""},
	{"name.alias", "nothing", nil, unclear, ""},
}

func TestRulesOfPrivateHosts(t *testing.T) {
	judge(t, slices.Concat(dnsCases, overrideCases, reverseCases, addrConfigCases, aliasCases))
}
