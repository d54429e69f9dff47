package probe

import (
	"bytes"
	"fmt"
	"net/netip"

	"github.com/hashicorp/go-multierror"
	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// MarkOut sends a datagram of each family to the neighbour and waits until it has left: whatever
// the host was about to send over this cable before it has left too. It takes one of each family
// that the host can send, because packets of one family may wait until the link address of their
// next hop is known while those of the other pass them. If there is none, or one does not leave,
// the claim is inconclusive.
func MarkOut(h *host.Host, c *wire.Cable) {
	p := c.Now()
	var nonces [][]byte
	var all *multierror.Error
	for _, to := range []netip.Addr{c.Peer.IPv4, c.Peer.IPv6} {
		nonce := Nonce(h)
		if err := post(h, nonce, to); err != nil {
			all = multierror.Append(all, fmt.Errorf("to %s: %w", to, err))
			continue
		}
		nonces = append(nonces, nonce)
	}
	if len(nonces) == 0 {
		h.Expect(all.ErrorOrNil()).NotTo(gomega.HaveOccurred(), "no outgoing marker can be sent")
	}
	for _, nonce := range nonces {
		_, err := c.Await(p, func(f wire.Frame) bool {
			return f.Direction == wire.Out && bytes.Equal(f.Read().Payload, nonce)
		}, h.Wait)
		h.Expect(err).NotTo(gomega.HaveOccurred(), "an outgoing marker did not leave")
	}
}

// post sends one datagram to the discard port of an address.
func post(h *host.Host, nonce []byte, to netip.Addr) error {
	s, err := h.Stack.Socket(sock.FamilyOf(to), sock.UDP)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	return s.SendTo(nonce, netip.AddrPortFrom(to, discard))
}

// MarkIn lets a legal datagram of this family arrive and waits until the host has received it:
// whatever was put onto this cable before it, by the same family, has been received or dropped. If
// it is not received, the claim is inconclusive.
func MarkIn(h *host.Host, c *wire.Cable, f sock.Family) {
	to, from := c.Host.IPv4, c.Peer.IPv4
	if f == sock.Inet6 {
		to, from = c.Host.IPv6, c.Peer.IPv6
	}
	s, at, err := Listen(h, sock.UDP, netip.AddrPortFrom(to, 0))
	h.Expect(err).NotTo(gomega.HaveOccurred(), "socket of the incoming marker")
	defer func() { _ = s.Close() }()
	nonce := Nonce(h)
	err = c.Inject(c.UDP(wire.Packet{Source: netip.AddrPortFrom(from, discard), Destination: at, Payload: nonce}))
	h.Expect(err).NotTo(gomega.HaveOccurred(), "inject the incoming marker")
	m, err := s.Recv(NonceSize, h.Wait)
	h.Expect(err).NotTo(gomega.HaveOccurred(), "the incoming marker was not received")
	h.Expect(m.Data).To(gomega.Equal(nonce), "the incoming marker")
}
