package probe

import (
	"bytes"
	"fmt"
	"net/netip"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/suites/host"
	"github.com/loopmatrix/loopmatrix/suites/sock"
	"github.com/loopmatrix/loopmatrix/suites/wire"
)

// MarkEvery sends a datagram of each family to the neighbour and waits until it has left: whatever the host was about to
// send over this cable before it has left too. It takes one of each family that the host can send, because packets of
// one family may wait until the link address of their next hop is known while those of the other pass them. If there is
// none, or one does not leave, the claim is inconclusive.
func MarkEvery(h *host.Host, c *wire.Cable) {
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
		h.Expect(all.ErrorOrNil()).NotTo(haveOccurred(), "no outgoing marker can be sent")
	}
	for _, nonce := range nonces {
		_, err := c.Await(p, func(f wire.Frame) bool {
			return f.Direction == wire.Out && bytes.Equal(f.Read().Payload, nonce)
		}, h.Wait)
		h.Expect(err).NotTo(haveOccurred(), "an outgoing marker did not leave")
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
