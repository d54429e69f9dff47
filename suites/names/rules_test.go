package names

import (
	"maps"
	"slices"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim/claimtest"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve"
)

// sys and goes make the observation of an answer; lost makes one without.
func sys(op, target, value string) observation.Observation {
	return observation.Observation{Op: op, Variant: system, Targets: []string{target}, Outcome: observation.OK, Value: value, Count: 1}
}

func goes(op, target, value string) observation.Observation {
	o := sys(op, target, value)
	o.Variant = golang
	return o
}

func lost(op, target string, outcome observation.Outcome, code string) observation.Observation {
	o := sys(op, target, code)
	o.Outcome = outcome
	return o
}

const (
	any4, any6, anyFamily, back = "getaddrinfo AF_INET", "getaddrinfo AF_INET6", "getaddrinfo AF_UNSPEC", "getnameinfo"
	foo, ab                     = "foo.localhost", "a.b.localhost"
)

var (
	no, late   = observation.NoAnswer, observation.Timeout
	noDNS      = observation.Observation{Op: anyFamily, Variant: golang, Targets: []string{foo}, Outcome: observation.Denied, Value: resolve.AsksDNS, Count: 1}
	bound      = observation.Observation{Op: "bind", Proto: "udp", Targets: []string{"::1"}, Outcome: observation.OK, Count: 1}
	unbound    = observation.Observation{Op: "bind", Proto: "udp", Targets: []string{"::1"}, Outcome: observation.Unavailable, Errno: "EADDRNOTAVAIL", Count: 1}
	deviates   = claim.Deviates
	conforms   = claim.Conforms
	observed   = claim.Observed
	unclear    = claim.Inconclusive
	likeTwice  = sys(anyFamily, "localhost", "::1 127.0.0.1")
	plainLocal = sys(anyFamily, "localhost", "127.0.0.1")
)

type ruleCase struct {
	claim, name string
	seen        observation.Set
	verdict     claim.Verdict
	word        string
}

var cases = []ruleCase{
	{"name.localhost.v4", "healthy", observation.Set{sys(any4, "localhost", "127.0.0.1"), goes(any4, "localhost", "127.0.0.1")}, conforms, "127.0.0.1"},
	{"name.localhost.v4", "another of the block", observation.Set{sys(any4, "localhost", "127.0.0.1 127.0.0.2")}, conforms, "other-loopback"},
	{"name.localhost.v4", "somebody's address", observation.Set{sys(any4, "localhost", "127.0.0.1 elsewhere")}, deviates, elsewhere},
	{"name.localhost.v4", "0.0.0.0", observation.Set{sys(any4, "localhost", "0.0.0.0")}, deviates, elsewhere},
	{"name.localhost.v4", "none", observation.Set{lost(any4, "localhost", no, "EAI_NONAME")}, deviates, none},
	{"name.localhost.v4", "no name server", observation.Set{lost(any4, "localhost", observation.Failed, "EAI_AGAIN")}, deviates, none},
	{"name.localhost.v4", "silence", observation.Set{lost(any4, "localhost", late, "")}, deviates, timeout},
	{"name.localhost.v4", "the command failed", observation.Set{lost(any4, "localhost", observation.Failed, "")}, unclear, ""},
	{"name.localhost.v4", "only Go was asked", observation.Set{goes(any4, "localhost", "127.0.0.1")}, unclear, ""},
	{"name.localhost.v4", "nothing", nil, unclear, ""},
	{"name.localhost.v6", "healthy", observation.Set{sys(any6, "localhost", "::1")}, conforms, "::1"},
	{"name.localhost.v6", "with a ::1 to it", observation.Set{sys(any6, "localhost", "::1"), bound}, conforms, "::1"},
	{"name.localhost.v6", "without a ::1 to it", observation.Set{sys(any6, "localhost", "::1"), unbound}, deviates, "dead-::1"},
	{"name.localhost.v6", "silence", observation.Set{lost(any6, "localhost", late, "")}, deviates, timeout},
	{"name.localhost.v6", "none", observation.Set{lost(any6, "localhost", no, "")}, deviates, none},
	{"name.localhost.v6", "somebody's address", observation.Set{sys(any6, "localhost", "elsewhere")}, deviates, elsewhere},

	{"name.localhost.order", "healthy", observation.Set{likeTwice, bound}, conforms, "::1-first"},
	{"name.localhost.order", "IPv4 first", observation.Set{sys(anyFamily, "localhost", "127.0.0.1 ::1"), bound}, deviates, "127.0.0.1-first"},
	{"name.localhost.order", "IPv4 first, no ::1", observation.Set{sys(anyFamily, "localhost", "127.0.0.1 ::1"), unbound}, conforms, "127.0.0.1-first-no-::1"},
	{"name.localhost.order", "IPv4 first, ::1 unknown", observation.Set{sys(anyFamily, "localhost", "127.0.0.1 ::1")}, unclear, ""},
	{"name.localhost.order", "IPv4 only", observation.Set{plainLocal, bound}, conforms, "only-127.0.0.1"},
	{"name.localhost.order", "another IPv4 only", observation.Set{sys(anyFamily, "localhost", "127.0.0.2"), bound}, conforms, "only-IPv4"},
	{"name.localhost.order", "IPv6 only", observation.Set{sys(anyFamily, "localhost", "::1"), bound}, conforms, "only-::1"},
	{"name.localhost.order", "somebody's", observation.Set{sys(anyFamily, "localhost", "::1 elsewhere"), bound}, deviates, elsewhere},
	{"name.localhost.order", "none", observation.Set{lost(anyFamily, "localhost", no, ""), bound}, deviates, none},
	{"name.localhost.order", "silence", observation.Set{lost(anyFamily, "localhost", late, ""), bound}, deviates, timeout},
	{"name.localhost.order", "can't ask", observation.Set{lost(anyFamily, "localhost", observation.Unsupported, ""), bound}, unclear, ""},

	{"name.sub", "healthy", observation.Set{sys(anyFamily, foo, "::1 127.0.0.1"), sys(anyFamily, ab, "::1 127.0.0.1"), noDNS}, conforms, "loopback"},
	{"name.sub", "different, loopback", observation.Set{sys(anyFamily, foo, "127.0.0.6"), sys(anyFamily, ab, "127.0.0.1")}, conforms, "loopback"},
	{"name.sub", "in the hosts file", observation.Set{sys(anyFamily, foo, "127.0.0.1"), lost(anyFamily, ab, no, "")}, deviates, "partial"},
	{"name.sub", "half silent", observation.Set{sys(anyFamily, foo, "127.0.0.1"), lost(anyFamily, ab, late, "")}, deviates, "partial"},
	{"name.sub", "a wildcard of DNS", observation.Set{sys(anyFamily, foo, "elsewhere"), sys(anyFamily, ab, "127.0.0.1")}, deviates, elsewhere},
	{"name.sub", "none", observation.Set{lost(anyFamily, foo, no, ""), lost(anyFamily, ab, no, ""), noDNS}, deviates, none},
	{"name.sub", "one silent", observation.Set{lost(anyFamily, foo, no, ""), lost(anyFamily, ab, late, "")}, deviates, timeout},
	{"name.sub", "one can't be told", observation.Set{sys(anyFamily, foo, "127.0.0.1"), lost(anyFamily, ab, observation.Failed, "")}, unclear, ""},

	{"name.absolute", "healthy", observation.Set{likeTwice, sys(anyFamily, "localhost.", "::1 127.0.0.1")}, conforms, "same"},
	{"name.absolute", "somebody's", observation.Set{sys(anyFamily, "localhost", "203.0.113.10"), sys(anyFamily, "localhost.", "203.0.113.10")}, deviates, elsewhere},
	{"name.absolute", "none", observation.Set{likeTwice, lost(anyFamily, "localhost.", no, "")}, deviates, none},
	{"name.absolute", "silence", observation.Set{likeTwice, lost(anyFamily, "localhost.", late, "")}, deviates, timeout},
	{"name.absolute", "fewer", observation.Set{likeTwice, sys(anyFamily, "localhost.", "127.0.0.1")}, deviates, "differs"},
	{"name.absolute", "only with a dot", observation.Set{lost(anyFamily, "localhost", no, ""), sys(anyFamily, "localhost.", "127.0.0.1")}, deviates, "differs"},
	{"name.absolute", "neither", observation.Set{lost(anyFamily, "localhost", no, ""), lost(anyFamily, "localhost.", no, "")}, deviates, none},
	{"name.absolute", "nothing to compare", observation.Set{likeTwice}, unclear, ""},

	{"name.case", "healthy", observation.Set{plainLocal, sys(anyFamily, "LOCALHOST", "127.0.0.1"), sys(anyFamily, "LocalHost", "127.0.0.1")}, conforms, "same"},
	{"name.case", "somebody's", observation.Set{sys(anyFamily, "localhost", "203.0.113.10"), sys(anyFamily, "LOCALHOST", "203.0.113.10"), sys(anyFamily, "LocalHost", "203.0.113.10")}, deviates, elsewhere},
	{"name.case", "one of them", observation.Set{plainLocal, sys(anyFamily, "LOCALHOST", "127.0.0.1"), lost(anyFamily, "LocalHost", no, "")}, deviates, "partial"},
	{"name.case", "none", observation.Set{plainLocal, lost(anyFamily, "LOCALHOST", no, ""), lost(anyFamily, "LocalHost", no, "")}, deviates, none},
	{"name.case", "silence", observation.Set{plainLocal, lost(anyFamily, "LOCALHOST", late, ""), lost(anyFamily, "LocalHost", late, "")}, deviates, timeout},
	{"name.case", "another answer", observation.Set{plainLocal, sys(anyFamily, "LOCALHOST", "elsewhere"), sys(anyFamily, "LocalHost", "127.0.0.1")}, deviates, "differs"},

	{"name.localhost.othertypes", "healthy", observation.Set{lost("res_query MX", "localhost", no, "NODATA"), lost("res_query TXT", "localhost", no, "NXDOMAIN")}, conforms, "negative"},
	{"name.localhost.othertypes", "a mail server", observation.Set{sys("res_query MX", "localhost", "records"), lost("res_query TXT", "localhost", no, "")}, deviates, "records"},
	{"name.localhost.othertypes", "both", observation.Set{sys("res_query MX", "localhost", "records"), sys("res_query TXT", "localhost", "records")}, deviates, "records"},
	{"name.localhost.othertypes", "silence", observation.Set{lost("res_query MX", "localhost", late, ""), lost("res_query TXT", "localhost", no, "")}, deviates, timeout},
	{"name.localhost.othertypes", "no server", observation.Set{lost("res_query MX", "localhost", observation.Failed, "SERVFAIL")}, deviates, "asks-dns"},
	{"name.localhost.othertypes", "failed", observation.Set{lost("res_query MX", "localhost", observation.Failed, "")}, unclear, ""},
	{"name.localhost.othertypes", "only Go was asked", observation.Set{goes("res_query MX", "localhost", "records")}, unclear, ""},

	{"name.gai.null", "healthy", observation.Set{sys(any4, "null node", "127.0.0.1"), sys(any6, "null node", "::1")}, conforms, "loopback"},
	{"name.gai.null", "no IPv6", observation.Set{sys(any4, "null node", "127.0.0.1"), lost(any6, "null node", observation.Unsupported, "EAI_FAMILY")}, deviates, "only-127.0.0.1"},
	{"name.gai.null", "no IPv4", observation.Set{lost(any4, "null node", no, ""), sys(any6, "null node", "::1")}, deviates, "only-::1"},
	{"name.gai.null", "as if passive", observation.Set{sys(any4, "null node", "0.0.0.0"), sys(any6, "null node", "::1")}, deviates, "unspecified"},
	{"name.gai.null", "somebody's", observation.Set{sys(any4, "null node", "elsewhere"), sys(any6, "null node", "::1")}, deviates, elsewhere},
	{"name.gai.null", "silence", observation.Set{lost(any4, "null node", late, ""), lost(any6, "null node", late, "")}, deviates, timeout},
	{"name.gai.null", "none", observation.Set{lost(any4, "null node", no, ""), lost(any6, "null node", no, "")}, deviates, none},

	{"name.reverse.v4", "healthy", observation.Set{sys(back, "127.0.0.1", "localhost")}, conforms, "localhost"},
	{"name.reverse.v4", "own name", observation.Set{sys(back, "127.0.0.1", "own-name")}, deviates, "own-name"},
	{"name.reverse.v4", "as on Fedora", observation.Set{sys(back, "127.0.0.1", "localhost.localdomain")}, deviates, "localhost.localdomain"},
	{"name.reverse.v4", "an alias", observation.Set{sys(back, "127.0.0.1", "ip6-localhost")}, deviates, "ip6-localhost"},
	{"name.reverse.v4", "somebody's", observation.Set{sys(back, "127.0.0.1", "other-name")}, deviates, "other-name"},
	{"name.reverse.v4", "none", observation.Set{lost(back, "127.0.0.1", no, "")}, deviates, none},
	{"name.reverse.v4", "silence", observation.Set{lost(back, "127.0.0.1", late, "")}, deviates, timeout},
	{"name.reverse.v6", "healthy", observation.Set{sys(back, "::1", "localhost")}, conforms, "localhost"},
	{"name.reverse.v6", "own name", observation.Set{sys(back, "::1", "own-name")}, deviates, "own-name"},
	{"name.reverse.v6", "as on Fedora", observation.Set{sys(back, "::1", "localhost.localdomain")}, deviates, "localhost.localdomain"},
	{"name.reverse.v6", "Debian", observation.Set{sys(back, "::1", "ip6-localhost")}, deviates, "ip6-localhost"},
	{"name.reverse.v6", "somebody's", observation.Set{sys(back, "::1", "other-name")}, deviates, "other-name"},
	{"name.reverse.v6", "silence", observation.Set{lost(back, "::1", late, "")}, deviates, timeout},
	{"name.reverse.v6", "none", observation.Set{lost(back, "::1", no, "")}, deviates, none},
	{"name.reverse.v6", "nothing", nil, unclear, ""},

	{"name.hostname", "Debian", observation.Set{sys(anyFamily, "own name", "127.0.1.1")}, observed, "127.0.1.1"},
	{"name.hostname", "systemd", observation.Set{sys(anyFamily, "own name", "elsewhere 127.0.0.2")}, observed, "lan"},
	{"name.hostname", "unusual", observation.Set{sys(anyFamily, "own name", "127.9.9.9 ::1")}, observed, "other-loopback"},
	{"name.hostname", "IPv6", observation.Set{sys(anyFamily, "own name", "::1 127.0.1.1")}, observed, "::1"},
	{"name.hostname", "as localhost", observation.Set{sys(anyFamily, "own name", "127.0.0.1")}, observed, "127.0.0.1"},
	{"name.hostname", "Windows", observation.Set{sys(anyFamily, "own name", "127.0.0.2")}, observed, "127.0.0.2"},
	{"name.hostname", "unknown", observation.Set{lost(anyFamily, "own name", no, "")}, observed, none},
	{"name.hostname", "silence", observation.Set{lost(anyFamily, "own name", late, "")}, observed, timeout},

	{"name.literals", "healthy", observation.Set{sys(any4, "127.1", "127.0.0.1"), sys(any4, "0x7f.1", "127.0.0.1")}, conforms, "all"},
	{"name.literals", "no hexadecimal", observation.Set{sys(any4, "127.1", "127.0.0.1"), lost(any4, "0x7f.1", no, "")}, deviates, "partial"},
	{"name.literals", "octal read as decimal", observation.Set{sys(any4, "127.1", "127.0.0.1"), sys(any4, "0177.0.0.1", "elsewhere")}, deviates, "misread"},
	{"name.literals", "none", observation.Set{lost(any4, "127.1", no, ""), lost(any4, "0x7f.1", no, "")}, deviates, none},
	{"name.literals", "what POSIX says nothing of", observation.Set{sys(any4, "127.1", "127.0.0.1"), sys("getaddrinfo AF_UNSPEC", "0", "0.0.0.0"),
		lost("getaddrinfo AF_UNSPEC", "127.0.0.1.", no, ""), sys("getaddrinfo AF_UNSPEC", "64:ff9b::7f00:1", "elsewhere")}, conforms, "all"},
	{"name.literals", "only what POSIX says nothing of", observation.Set{sys("getaddrinfo AF_UNSPEC", "0", "0.0.0.0")}, unclear, ""},
	{"name.literals", "silence", observation.Set{lost(any4, "127.1", late, ""), lost(any4, "0x7f.1", late, "")}, deviates, timeout},
}

func TestRules(t *testing.T) { judge(t, cases) }

// judge tests the rules of the claims by tables, and compares the verdicts.
func judge(t *testing.T, cases []ruleCase) {
	t.Helper()
	catalogue, tables := map[string]claim.Claim{}, map[string][]claimtest.Row{}
	for _, e := range claim.Catalogue() {
		catalogue[e.ID] = e.Claim
	}
	for _, c := range cases {
		tables[c.claim] = append(tables[c.claim], claimtest.Row{Name: c.name, Seen: c.seen, Want: c.word})
		if found := claim.Judge(catalogue[c.claim], c.seen); found.Verdict != c.verdict {
			t.Errorf("%s, %s: %s (%s), want %s", c.claim, c.name, found.Verdict, found.Reason, c.verdict)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(tables)) {
		claimtest.Rule(t, id, tables[id])
	}
}

func TestReasonsSayWhatGoAnswered(t *testing.T) {
	for _, c := range []struct {
		seen observation.Set
		want string
	}{
		{nil, "not asked"},
		{observation.Set{goes(anyFamily, foo, "127.0.0.1"), goes(anyFamily, ab, "127.0.0.1")}, "127.0.0.1"},
		{observation.Set{goes(anyFamily, ab, "127.0.0.1"), noDNS}, "a.b.localhost 127.0.0.1; foo.localhost not without DNS"},
		{observation.Set{noDNS}, "not without DNS"},
	} {
		NewWithT(t).Expect(gos(c.seen)).To(Equal(c.want))
	}
}
