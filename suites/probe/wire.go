package probe

import (
	"bytes"
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/host"
	"github.com/loopmatrix/loopmatrix/suites/observe"
	"github.com/loopmatrix/loopmatrix/suites/sock"
	"github.com/loopmatrix/loopmatrix/suites/wire"
)

// MarkOut sends a datagram to the neighbour and waits until it has left: whatever the host was about to send over this
// cable before it has left too. If it does not leave, the claim is inconclusive.
func MarkOut(h *host.Host, c *wire.Cable) {
	p := c.Now()
	nonce := Nonce(h)
	s, err := h.Stack.Socket(sock.Inet, sock.UDP)
	h.Expect(err).NotTo(haveOccurred(), "socket of the outgoing marker")
	defer func() { _ = s.Close() }()
	err = s.SendTo(nonce, netip.AddrPortFrom(c.Peer.IPv4, discard))
	h.Expect(err).NotTo(haveOccurred(), "send the outgoing marker")
	_, err = c.Await(p, func(f wire.Frame) bool {
		return f.Direction == wire.Out && bytes.Equal(f.Read().Payload, nonce)
	}, h.Wait)
	h.Expect(err).NotTo(haveOccurred(), "the outgoing marker did not leave")
}

// MarkIn lets a legal datagram of this family arrive and waits until the host has received it: whatever was put onto this
// cable before it, by the same family, has been received or dropped. If it is not received, the claim is inconclusive.
func MarkIn(h *host.Host, c *wire.Cable, f sock.Family) {
	to, from := c.Host.IPv4, c.Peer.IPv4
	if f == sock.Inet6 {
		to, from = c.Host.IPv6, c.Peer.IPv6
	}
	s, at, err := Listen(h, sock.UDP, netip.AddrPortFrom(to, 0))
	h.Expect(err).NotTo(haveOccurred(), "socket of the incoming marker")
	defer func() { _ = s.Close() }()
	nonce := Nonce(h)
	err = c.Inject(c.UDP(wire.Packet{Source: netip.AddrPortFrom(from, discard), Destination: at, Payload: nonce}))
	h.Expect(err).NotTo(haveOccurred(), "inject the incoming marker")
	m, err := s.Recv(NonceSize, h.Wait)
	h.Expect(err).NotTo(haveOccurred(), "the incoming marker was not received")
	h.Expect(m.Data).To(equal(nonce), "the incoming marker")
}

// Leaving acts, and says which frames left the host over the cable meanwhile, closed by an outgoing marker: an
// observation of op "wire" with outcome OK for each kind of frame that match is true for, or a single one with outcome
// Nothing. What the act itself observed comes first; proto, variant and target are taken from it.
func Leaving(h *host.Host, c *wire.Cable, match func(wire.Frame) bool, act func() observe.Observation) observe.Set {
	p := c.Now()
	local := act()
	MarkOut(h, c)
	return append(observe.Set{local}, crossed(local, "wire", c.After(p), match)...)
}

// crossed describes the frames that left and for which match is true.
func crossed(about observe.Observation, op string, frames []wire.Frame, match func(wire.Frame) bool) observe.Set {
	var out observe.Set
	blank := observe.Observation{Op: op, Proto: about.Proto, Variant: about.Variant, Targets: about.Targets, Count: 1}
	for _, f := range frames {
		if f.Direction != wire.Out || !match(f) {
			continue
		}
		o := blank
		o.Outcome, o.Value, o.Calls = observe.OK, f.Read().Line(), []string{f.String()}
		o.Source = f.Read().Source.Addr().String()
		out = append(out, o)
	}
	if len(out) == 0 {
		blank.Outcome = observe.Nothing
		out = append(out, blank)
	}
	return observe.Fold(out)
}
