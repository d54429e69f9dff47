package names

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim/claimtest"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve"
)

// canned is a resolver that gives one answer to everything.
type canned struct {
	found []netip.Addr
	names []string
	err   error
}

func (c canned) Name() string                                          { return "canned" }
func (c canned) HostName() (string, error)                             { return "secret.example", nil }
func (c canned) Addresses(string, resolve.Hints) ([]netip.Addr, error) { return c.found, c.err }
func (c canned) Names(netip.Addr) ([]string, error)                    { return c.names, c.err }
func (c canned) Records(string, string) ([]string, error)              { return nil, c.err }

func measure(t *testing.T, id string, system, golang resolve.Resolver) claim.Result {
	t.Helper()
	for _, e := range claim.Catalogue() {
		if e.ID == id {
			return claim.Measure(t.Context(), e, &host.Host{System: system, Go: golang, Started: time.Now()})
		}
	}
	t.Fatalf("no claim %s", id)
	return claim.Result{}
}

func TestSystemThatCannotBeAskedIsNotRun(t *testing.T) {
	g := NewWithT(t)
	missing := &resolve.Error{Op: "getaddrinfo", Outcome: observation.Unsupported, Err: errors.New("no getent in $PATH")}
	r := measure(t, "name.sub", canned{err: missing}, canned{found: []netip.Addr{host.One}})
	g.Expect(r.Verdict).To(Equal(claim.NotRun))
	g.Expect(r.Reason).To(Equal("getaddrinfo AF_UNSPEC: no getent in $PATH; Go's resolver: 127.0.0.1"))
	g.Expect(r.Observations).To(HaveLen(2))
	g.Expect(r.Observations[0].Outcome).To(Equal(observation.Unsupported))
	kept := r.Observations.Variant(golang)
	g.Expect(kept.Values()).To(Equal([]string{"127.0.0.1"}))
	g.Expect(kept.Targets()).To(Equal([]string{"foo.localhost", "a.b.localhost"}))
}

func TestReportsKeepNoNamesAndAddressesOfTheHost(t *testing.T) {
	secret := netip.MustParseAddr("192.0.2.77")
	leaky := &resolve.Error{Op: "getnameinfo", Outcome: observation.Failed, Err: errors.New("lookup secret.example on 192.0.2.53:53")}
	for _, r := range []resolve.Resolver{
		canned{found: []netip.Addr{secret, host.One}, names: []string{"printer.secret.example"}},
		canned{found: []netip.Addr{secret}, names: []string{"SECRET.example."}},
		canned{err: leaky},
	} {
		for _, id := range []string{"name.hostname", "name.reverse.v4", "name.sub"} {
			result := measure(t, id, r, r)
			for _, o := range result.Observations {
				text := result.Reason + o.Value + o.Source + o.Calls[0] + o.Targets[0]
				NewWithT(t).Expect(text).NotTo(Or(ContainSubstring("192.0.2"), MatchRegexp("(?i)secret")), id)
			}
		}
	}
}

func TestNameWord(t *testing.T) {
	for _, c := range []struct{ name, own, want string }{
		{"localhost", "localhost", "localhost"},
		{"LOCALHOST.", "vm", "localhost"},
		{"localhost.localdomain", "vm", "localhost.localdomain"},
		{"ip6-localhost", "vm", "ip6-localhost"},
		{"vm", "vm", "own-name"},
		{"vm.lan.example", "vm", "own-name"},
		{"vm", "VM.lan.example", "own-name"},
		{"vmx", "vm", "other-name"},
		{"printer", "", "other-name"},
	} {
		NewWithT(t).Expect(nameWord(c.name, c.own)).To(Equal(c.want), c.name)
	}
}

func TestPredicate(t *testing.T) {
	truth := measure(t, "name.local-predicate", nil, nil)
	wrong := func(address string) observation.Set {
		seen := observation.Set{}
		for _, a := range append(append([]string{}, loopbacks...), strangers...) {
			value := map[bool]string{true: "true", false: "false"}[isLoopback(a) != (a == address)]
			seen = append(seen, observation.Observation{Op: "is loopback", Variant: "some runtime", Targets: []string{a}, Outcome: observation.OK, Value: value, Count: 1})
		}
		return seen
	}
	claimtest.Rule(t, "name.local-predicate", []claimtest.Row{
		{Name: "Go", Seen: truth.Observations, Want: "127/8,::1,mapped"},
		{Name: "all right", Seen: wrong("none"), Want: "127/8,::1,mapped"},
		{Name: "not mapped", Seen: wrong("::ffff:127.0.0.1"), Want: "127/8,::1"},
		{Name: "not ::1", Seen: wrong("::1"), Want: "other"},
		{Name: "too much", Seen: wrong("0.0.0.0"), Want: "other"},
		{Name: "nothing", Seen: nil, Want: ""},
	})
}

func TestRedirect(t *testing.T) {
	listens := func(a string, outcome observation.Outcome) observation.Observation {
		return observation.Observation{Op: "listen", Proto: "tcp", Targets: []string{a}, Outcome: outcome, Count: 1}
	}
	connects := func(a string, outcome observation.Outcome) observation.Observation {
		return observation.Observation{Op: "connect", Proto: "tcp", Targets: []string{a}, Outcome: outcome, Source: observation.SameAsDestination, Count: 1}
	}
	ok, absent := observation.OK, observation.Unavailable
	claimtest.Rule(t, "app.redirect", []claimtest.Row{
		{Name: "healthy", Seen: observation.Set{listens("127.0.0.1", ok), connects("127.0.0.1", ok), listens("::1", ok), connects("::1", ok)}, Want: "both"},
		{Name: "no IPv6", Seen: observation.Set{listens("127.0.0.1", ok), connects("127.0.0.1", ok), listens("::1", absent)}, Want: "only-127.0.0.1"},
		{Name: "no IPv4", Seen: observation.Set{listens("127.0.0.1", absent), listens("::1", ok), connects("::1", ok)}, Want: "only-::1"},
		{Name: "a filter", Seen: observation.Set{listens("127.0.0.1", ok), connects("127.0.0.1", observation.Timeout), listens("::1", ok), connects("::1", ok)}, Want: "only-::1"},
		{Name: "astray", Seen: observation.Set{listens("127.0.0.1", ok), connects("127.0.0.1", observation.Astray), listens("::1", absent)}, Want: "none"},
		{Name: "nothing", Seen: nil, Want: ""},
	})
}
