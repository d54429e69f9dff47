package resolve

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

func TestGoNeverAsksAServerOffLoopback(t *testing.T) {
	g := NewWithT(t)
	q := &query{op: "getaddrinfo", ctx: t.Context()}
	r := (&golang{}).resolver(q)
	for _, server := range []string{"192.0.2.53:53", "[fd00::53]:53", "0.0.0.0:53", "name.example:53", "[::ffff:192.0.2.1]:53"} {
		q.denied.Store(false)
		c, err := r.Dial(t.Context(), "udp", server)
		g.Expect(c).To(BeNil(), server)
		g.Expect(errors.Is(err, ErrOffHost)).To(BeTrue(), server)
		g.Expect(q.denied.Load()).To(BeTrue(), server)
	}
}

// dialling skips the test where package net can't open a UDP socket (Wine 10).
func dialling(t *testing.T) {
	t.Helper()
	c, err := net.Dial("udp", "127.0.0.1:53")
	unable.Skip(t, err)
	_ = c.Close()
}

func TestGoAsksAStubOnLoopback(t *testing.T) {
	dialling(t)
	g := NewWithT(t)
	q := &query{op: "getaddrinfo", ctx: t.Context()}
	c, err := (&golang{}).resolver(q).Dial(t.Context(), "udp", "127.0.0.1:53") // connect on a UDP socket sends nothing
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(c.Close()).To(Succeed())
	g.Expect(q.asked.Load()).To(BeTrue())
	g.Expect(q.denied.Load()).To(BeFalse())
}

func TestGoErrors(t *testing.T) {
	for _, c := range []struct {
		name          string
		asked, denied bool
		err           error
		code          string
		outcome       observation.Outcome
	}{
		{"found", false, false, nil, "", observation.OK},
		{"refused by the guard", true, true, &net.DNSError{Err: "the guard", IsTemporary: true}, AsksDNS, observation.Denied},
		{"the stub says no", true, false, &net.DNSError{Err: "no such host", IsNotFound: true}, AsksDNS, observation.NoAnswer},
		{"the stub is silent", true, false, &net.DNSError{Err: "i/o timeout", IsTimeout: true}, AsksDNS, observation.Timeout},
		{"no stub", true, false, &net.DNSError{Err: "connection refused"}, AsksDNS, observation.Failed},
		{"the other family only", false, false, &net.AddrError{Err: "no suitable address", Addr: "localhost"}, "", observation.NoAnswer},
		{"no such host without a question", false, false, &net.DNSError{Err: "no such host", IsNotFound: true}, "", observation.NoAnswer},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.asked {
				dialling(t)
			}
			g := NewWithT(t)
			err := (&golang{}).lookup("getaddrinfo", func(ctx context.Context, r *net.Resolver) error {
				switch {
				case c.denied:
					_, _ = r.Dial(ctx, "udp", "192.0.2.53:53")
				case c.asked:
					conn, err := r.Dial(ctx, "udp", "127.0.0.1:53")
					g.Expect(err).NotTo(HaveOccurred())
					_ = conn.Close()
				}
				return c.err
			})
			g.Expect(outcomeOf(err)).To(Equal(c.outcome))
			var e *Error
			if errors.As(err, &e) {
				g.Expect(e.Code).To(Equal(c.code))
			}
		})
	}
}

func TestGoHasNoSuchQuestion(t *testing.T) {
	g := NewWithT(t)
	for _, h := range []Hints{{Family: "ip", AddrConfig: true}, {Family: "ip", Passive: true}} {
		_, err := Go().Addresses("localhost", h)
		g.Expect(outcomeOf(err)).To(Equal(observation.Unsupported))
	}
	_, err := Go().Records("localhost", "SRV")
	g.Expect(outcomeOf(err)).To(Equal(observation.Unsupported))
	library := &golang{library: true}
	g.Expect(library.Name()).To(Equal("libSystem"))
	_, err = library.Addresses("", Hints{Family: "ip"})
	g.Expect(outcomeOf(err)).To(Equal(observation.Unsupported))
	_, err = library.Records("localhost", "MX")
	g.Expect(outcomeOf(err)).To(Equal(observation.Unsupported))
}

func TestInFamily(t *testing.T) {
	one, one6, mapped := netip.MustParseAddr("127.0.0.1"), netip.IPv6Loopback(), netip.MustParseAddr("::ffff:127.0.0.1")
	for _, c := range []struct {
		name, family string
		all          []netip.Addr
		want         string
	}{
		{"order and duplicates", "ip", []netip.Addr{one6, one6, one, one6}, "::1 127.0.0.1"},
		{"IPv4", "ip4", []netip.Addr{one6, one, one}, "127.0.0.1"},
		{"package net writes IPv4 in 16 bytes", "ip4", []netip.Addr{mapped}, "127.0.0.1"},
		{"IPv6", "ip6", []netip.Addr{mapped, one6}, "::1"},
		{"mapped only", "ip6", []netip.Addr{mapped}, "getaddrinfo: no-answer"},
		{"nothing", "ip", nil, "getaddrinfo: no-answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			NewWithT(t).Expect(said(inFamily("getaddrinfo", c.all, c.family))).To(Equal(c.want))
		})
	}
}
