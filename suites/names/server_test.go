package names

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve/stub"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// asking is a resolver that knows one name and asks this server about all others; without a server
// it asks nobody.
type asking struct {
	canned
	known  string
	server *stub.Server
}

func (a asking) Addresses(name string, _ resolve.Hints) ([]netip.Addr, error) {
	if name == a.known {
		return []netip.Addr{host.One}, nil
	}
	unknown := &resolve.Error{Op: "getaddrinfo", Outcome: observation.NoAnswer}
	if a.server == nil {
		return nil, unknown
	}
	r := net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", a.server.Addr().String())
	}}
	found, err := r.LookupNetIP(context.Background(), "ip", strings.TrimSuffix(name, ".")+".") // no search list
	if err != nil {
		return nil, unknown
	}
	return found, nil
}

// overheard measures what a resolver tells a server when it is asked for these names.
func overheard(t *testing.T, s *stub.Server, r resolve.Resolver, names ...string) claim.Result {
	t.Helper()
	e := claim.Entry{Claim: claim.Claim{ID: "test"}, Spec: func(h *host.Host) observation.Set {
		var seen observation.Set
		for _, name := range names {
			answer, query := overhear(h, s, asker{system, h.System}, addresses(name, "ip"))
			seen = append(seen, answer, query)
		}
		return seen
	}}
	return claim.Measure(context.Background(), e, &host.Host{System: r, Started: time.Now()})
}

func server(t *testing.T, book stub.Book) *stub.Server {
	t.Helper()
	s, err := stub.Start("127.0.0.1:0", book)
	unable.Skip(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestOverhear(t *testing.T) {
	g := NewWithT(t)
	s := server(t, stub.Book{"foo.localhost.": {netip.MustParseAddr("192.0.2.9")}})
	r := overheard(t, s, asking{known: "localhost", server: s}, "localhost", "foo.localhost", "bar.localhost")
	queries := r.Observations.Op("query")
	g.Expect(queries.Outcome(observation.Nothing).Targets()).To(Equal([]string{"localhost"}))
	g.Expect(queries.Outcome(observation.OK).Targets()).To(Equal([]string{"foo.localhost", "bar.localhost"}))
	g.Expect(queries.Values()).To(Equal([]string{"A AAAA"}))
	g.Expect(queries.Outcome(observation.OK)[0].Calls).To(ConsistOf("the name server is asked: A foo.localhost.", "the name server is asked: AAAA foo.localhost."))
	answers := r.Observations.Op("getaddrinfo AF_UNSPEC")
	g.Expect(answers.Target("foo.localhost").Values()).To(Equal([]string{elsewhere}))
	g.Expect(answers.Target("bar.localhost").AllOK()).To(BeFalse())
}

func TestSilenceOfAResolverThatDoesNotAskTheServerProvesNothing(t *testing.T) {
	g := NewWithT(t)
	s := server(t, nil)
	for _, r := range []asking{{known: "localhost"}, {known: "localhost", server: server(t, nil)}} {
		result := overheard(t, s, r, "localhost")
		g.Expect(result.Verdict).To(Equal(claim.Inconclusive))
		g.Expect(result.Reason).To(ContainSubstring("the marker did not reach the name server"))
	}
}
