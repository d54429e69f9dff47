package stub_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/resolve/stub"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// start gives a server on any port of loopback, and a resolver that asks it and nobody else.
func start(t *testing.T, book stub.Book) (*stub.Server, *net.Resolver) {
	t.Helper()
	s, err := stub.Start("127.0.0.1:0", book)
	unable.Skip(t, err) // Wine 10: package net can't open a UDP socket there
	t.Cleanup(func() { _ = s.Close() })
	return s, &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", s.Addr().String())
	}}
}

func TestAnswersWhatItKnowsAndKeepsWhatItIsAsked(t *testing.T) {
	g := NewWithT(t)
	elsewhere, six := netip.MustParseAddr("192.0.2.9"), netip.MustParseAddr("fd4c:4d58::9")
	s, r := start(t, stub.Book{"who.test.": {elsewhere, six}, "four.test.": {elsewhere}})

	found, err := r.LookupNetIP(t.Context(), "ip", "WHO.test.")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found).To(ConsistOf(elsewhere, six))
	g.Expect(s.Asked()).To(ConsistOf(stub.Question{"WHO.test.", "A"}, stub.Question{"WHO.test.", "AAAA"}))

	_, err = r.LookupNetIP(t.Context(), "ip6", "four.test.")
	g.Expect(err).To(HaveOccurred())
	g.Expect(s.Asked()).To(HaveLen(3))

	_, err = r.LookupAddr(t.Context(), "127.0.0.2")
	var e *net.DNSError
	g.Expect(errors.As(err, &e) && e.IsNotFound).To(BeTrue(), "%v", err)
	g.Expect(s.Asked()[3]).To(Equal(stub.Question{"2.0.0.127.in-addr.arpa.", "PTR"}))
}

func TestSurvivesWhatIsNoQuery(t *testing.T) {
	g := NewWithT(t)
	s, r := start(t, stub.Book{"who.test.": {netip.MustParseAddr("127.0.0.9")}})
	conn, err := r.Dial(t.Context(), "udp", "")
	g.Expect(err).NotTo(HaveOccurred())
	for _, text := range []string{"x", "no DNS message at all", "\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\xff"} {
		_, err = conn.Write([]byte(text))
		g.Expect(err).NotTo(HaveOccurred())
	}
	g.Expect(conn.Close()).To(Succeed())
	_, err = r.LookupNetIP(t.Context(), "ip4", "who.test.")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(s.Asked()).To(HaveLen(1))
}

func TestAddressInUse(t *testing.T) {
	g := NewWithT(t)
	held, _ := start(t, nil)
	_, err := stub.Start(held.Addr().String(), nil)
	g.Expect(err).To(HaveOccurred())
}
