package probe_test

import (
	"net/netip"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// crowded is a stack whose first choices of an IPv4 port are taken on IPv6.
type crowded struct {
	sock.Stack
	taken  *[]sock.Socket
	choose *int
}

func (c crowded) Socket(f sock.Family, t sock.Type) (sock.Socket, error) {
	s, err := c.Stack.Socket(f, t)
	return chosen{s, c, f}, err
}

type chosen struct {
	sock.Socket
	of crowded
	f  sock.Family
}

func (s chosen) Bind(a netip.AddrPort) error {
	if err := s.Socket.Bind(a); err != nil || s.f != sock.Inet || a.Port() != 0 || *s.of.choose == 0 {
		return err
	}
	*s.of.choose--
	name, err := s.Name()
	if err != nil {
		return err
	}
	six, err := s.of.Stack.Socket(sock.Inet6, sock.UDP)
	if err != nil {
		return err
	}
	*s.of.taken = append(*s.of.taken, six)
	err = six.Bind(netip.AddrPortFrom(netip.IPv6Loopback(), name.Port()))
	if sock.OutcomeOf(err) == observation.InUse {
		return nil // another program on this machine has taken it already
	}
	return err
}

// TestFreePort passes over ports that are taken in the other family: to find one of them taken says
// nothing about what two sockets of one program may do.
func TestFreePort(t *testing.T) {
	g := gomega.NewWithT(t)
	h := host.This(1)
	six, err := h.Stack.Socket(sock.Inet6, sock.UDP)
	unable.Skip(t, err)
	defer func() { _ = six.Close() }()
	unable.Skip(t, six.Bind(netip.AddrPortFrom(netip.IPv6Loopback(), 0)))

	taken, choose := []sock.Socket{}, 2
	h.Stack = crowded{h.Stack, &taken, &choose}
	port, err := probe.FreePort(h, sock.UDP, sock.Inet, sock.Inet6)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(taken).To(gomega.HaveLen(2))
	for _, s := range taken {
		name, err := s.Name()
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(name.Port()).NotTo(gomega.Equal(port))
		g.Expect(s.Close()).To(gomega.Succeed())
	}
	choose = 1 << 10
	_, err = probe.FreePort(h, sock.UDP, sock.Inet, sock.Inet6)
	g.Expect(err).NotTo(gomega.HaveOccurred(), "whoever binds will see it")
	for _, s := range taken[2:] {
		g.Expect(s.Close()).To(gomega.Succeed())
	}
}
