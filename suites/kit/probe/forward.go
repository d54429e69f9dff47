package probe

import (
	"bytes"
	"net/netip"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// Transit is what the neighbour on one cable sends through the host, which is a router.
type Transit struct {
	Variant string
	// Source and Destination are the addresses in the IP header.
	Source, Destination netip.Addr
	// Target is the one of them that the claim is about.
	Target netip.Addr
}

// Forward lets a datagram, a SYN and an echo request arrive on one cable, and says what of them
// came out on the other: op "forward" is OK for each frame there that names the target, and Nothing
// if there is none. Each is closed by a datagram from the one neighbour to the other, which must be
// forwarded; if it is not, the claim is inconclusive.
func Forward(h *host.Host, in, out *wire.Cable, t Transit) observation.Set {
	p := wire.Packet{Source: netip.AddrPortFrom(t.Source, callerPort), Destination: netip.AddrPortFrom(t.Destination, discard)}
	f := sock.FamilyOf(t.Destination)
	MarkOut(h, out) // then the host knows its neighbour: some ask for it with a link-local address only, and have none
	seen := forward(h, in, out, t, "udp", in.UDP(p))
	seen = append(seen, forward(h, in, out, t, "tcp", in.SYN(p, 1))...)
	return append(seen, forward(h, in, out, t, ProtoOf(sock.RawICMP, f), in.Echo(p, echoID, 1))...)
}

func forward(h *host.Host, in, out *wire.Cable, t Transit, proto string, frame []byte) observation.Set {
	begun := Begin(h, "forward", proto, t.Variant, t.Target.String())
	from := out.Now()
	begun.t.Note("neighbour sends: " + wire.Frame{Direction: wire.In, Bytes: frame}.String())
	err := in.Inject(frame)
	h.Expect(err).NotTo(gomega.HaveOccurred(), "inject")
	markThrough(h, in, out, sock.FamilyOf(t.Destination))
	about := begun.End(nil)
	seen := crossed(about, "forward", out.After(from), func(f wire.Frame) bool {
		return f.Mentions(func(a netip.Addr) bool { return a == t.Target })
	})
	seen[0].Calls = append(about.Calls, seen[0].Calls...)
	return seen
}

// markThrough lets a legal datagram of the one neighbour to the other arrive and waits until it
// comes out: whatever was put onto the first cable before it, by the same family, has come out or
// was dropped.
func markThrough(h *host.Host, in, out *wire.Cable, f sock.Family) {
	source, destination := in.Peer.IPv4, out.Peer.IPv4
	if f == sock.Inet6 {
		source, destination = in.Peer.IPv6, out.Peer.IPv6
	}
	nonce, from := Nonce(h), out.Now()
	err := in.Inject(in.UDP(wire.Packet{Source: netip.AddrPortFrom(source, discard),
		Destination: netip.AddrPortFrom(destination, discard), Payload: nonce}))
	h.Expect(err).NotTo(gomega.HaveOccurred(), "inject the marker")
	_, err = out.Await(from, func(f wire.Frame) bool {
		return f.Direction == wire.Out && bytes.Equal(f.Read().Payload, nonce)
	}, h.Wait)
	h.Expect(err).NotTo(gomega.HaveOccurred(), "the marker was not forwarded")
}
