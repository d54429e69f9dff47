package probe

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// Injection is what the neighbour sends, in frames to the host's own hardware address, to servers
// that wait for it.
type Injection struct {
	Variant string
	// Source and Destination are the addresses in the IP header.
	Source, Destination netip.Addr
	// Target is the one of them that the claim is about.
	Target netip.Addr
	// Server is the address that the servers are bound to.
	Server netip.Addr
	// Options are those of the servers.
	Options []Option
	// Ready, if set, is called before anything is sent to a server, with where it will come from
	// and go to.
	Ready func(from, to netip.AddrPort)
}

// callerPort is the neighbour's: a private one, which no marker uses.
const callerPort = 49200

// InjectEach is InjectUDP, InjectTCP and InjectEcho.
func InjectEach(h *host.Host, c *wire.Cable, i Injection) observation.Set {
	return append(append(InjectUDP(h, c, i), InjectTCP(h, c, i)...), InjectEcho(h, c, i)...)
}

// InjectUDP lets a datagram arrive at the host. Op "deliver" is OK if the server received it, and
// Nothing if not; op "answer" tells the frames with which the host answered, or Nothing. Both are
// closed by markers. If there could be no server, the only observation is of op "listen".
func InjectUDP(h *host.Host, c *wire.Cable, i Injection) observation.Set {
	a := i.begin(h, c, sock.UDP)
	if a.failed != nil {
		return a.noServer()
	}
	a.send(c.UDP(a.packet))
	return append(observation.Set{a.delivered()}, a.answers()...)
}

// InjectTCP asks for a connection. If the host agrees on the wire, the neighbour completes the
// connection and sends a nonce over it; op "deliver" is OK if the server got that, and Nothing if
// the host did not agree or the server did not get it. The rest is as for InjectUDP. A host that
// agrees to an address inside itself is not noticed: datagrams and echo requests show that.
func InjectTCP(h *host.Host, c *wire.Cable, i Injection) observation.Set {
	a := i.begin(h, c, sock.TCP)
	if a.failed != nil {
		return a.noServer()
	}
	const sequence = 1
	syn := a.packet
	syn.Payload = nil
	a.send(c.SYN(syn, sequence))
	seen := a.answers()
	for _, f := range a.frames {
		if ack := c.Establish(a.packet, sequence, f); ack != nil {
			a.send(ack)
			break
		}
	}
	return append(observation.Set{a.accepted()}, seen...)
}

// InjectEcho lets an echo request arrive. The server is a raw socket, which receives a copy of what
// is for this host (raw(7)). The kernels of macOS and the BSDs answer a request and keep it
// (icmp_input), so that an echo reply tells that it was delivered, too. The rest is as for
// InjectUDP.
func InjectEcho(h *host.Host, c *wire.Cable, i Injection) observation.Set {
	a := i.begin(h, c, sock.RawICMP)
	if a.failed != nil {
		return a.noServer()
	}
	a.send(c.Echo(a.packet, echoID, 1))
	return append(observation.Set{a.echoed()}, a.answers()...)
}

// arrival is an injection under way.
type arrival struct {
	Injection
	*Probe
	c      *wire.Cable
	family sock.Family
	server sock.Socket
	packet wire.Packet
	frames []wire.Frame // the answers
	failed error
}

// begin opens the server.
func (i Injection) begin(h *host.Host, c *wire.Cable, t sock.Type) *arrival {
	a := &arrival{Injection: i, c: c, family: sock.FamilyOf(i.Destination)}
	a.Probe = Begin(h, "deliver", ProtoOf(t, a.family), i.Variant, i.Target.String())
	var at netip.AddrPort
	if t == sock.RawICMP {
		a.server, a.failed = a.Stack.Socket(a.family, t)
	} else {
		a.server, at, a.failed = ListenOn(a.Stack, t, netip.AddrPortFrom(i.Server, 0), i.Options...)
	}
	if a.failed != nil {
		return a
	}
	a.Keep(a.server)
	a.packet = wire.Packet{Source: netip.AddrPortFrom(i.Source, callerPort),
		Destination: netip.AddrPortFrom(i.Destination, at.Port()), Payload: Nonce(h)}
	if i.Ready != nil && at.Port() != 0 {
		i.Ready(a.packet.Source, a.packet.Destination)
	}
	return a
}

func (a *arrival) noServer() observation.Set {
	a.o.Op = "listen"
	return observation.Set{a.End(a.failed)}
}

// send lets a frame arrive, waits for both markers, and keeps what the host answered.
func (a *arrival) send(frame []byte) {
	p := a.c.Now()
	a.t.Note("neighbour sends: " + wire.Frame{Direction: wire.In, Bytes: frame}.String())
	err := a.c.Inject(frame)
	a.h.Expect(err).NotTo(gomega.HaveOccurred(), "inject")
	MarkIn(a.h, a.c, a.family)
	MarkOut(a.h, a.c)
	for _, f := range a.c.After(p) {
		if f.Direction == wire.Out && a.answer(f.Read()) {
			a.t.Note("host answers: " + f.String())
			a.frames = append(a.frames, f)
		}
	}
}

// answer says whether a frame of the host answers the packet: it goes back to where that came from,
// or it asks the link for the address that the claim is about, or it asks in the name of that.
func (a *arrival) answer(s wire.Seen) bool {
	switch s.Kind {
	case "arp", "neighbour-solicitation", "neighbour-advertisement":
		own := a.Target == a.c.Host.IPv4 || a.Target == a.c.Host.IPv6 // it is on the link anyway
		return !own && (s.Source.Addr() == a.Target || s.Destination.Addr() == a.Target)
	case "udp", "tcp":
		return s.Destination == a.packet.Source && s.Source.Port() == a.packet.Destination.Port()
	case "icmp", "icmpv6":
		return s.Destination.Addr() == a.packet.Source.Addr()
	default:
		return false
	}
}

func (a *arrival) answers() observation.Set {
	blank := observation.Observation{Op: "answer", Proto: a.o.Proto, Variant: a.o.Variant, Targets: a.o.Targets, Count: 1}
	var out observation.Set
	for _, f := range a.frames {
		o, s := blank, f.Read()
		o.Outcome, o.Value, o.Source, o.Calls = observation.OK, s.Line(), s.Source.Addr().String(), []string{f.String()}
		out = append(out, o)
	}
	if len(out) == 0 {
		blank.Outcome = observation.Nothing
		out = append(out, blank)
	}
	return observation.Fold(out)
}

// delivered reads the server of datagrams: what was to arrive is there already.
func (a *arrival) delivered() observation.Observation {
	for {
		m, err := a.server.Recv(maxEcho, 0)
		if err != nil {
			return a.nothing()
		}
		if bytes.HasSuffix(m.Data, a.packet.Payload) { // a raw socket receives headers, and what others send
			a.o.Source = m.From.Addr().String()
			return a.End(nil)
		}
	}
}

// echoed is delivered, or tells so by the host's echo reply.
func (a *arrival) echoed() observation.Observation {
	o := a.delivered()
	if o.Outcome == observation.Nothing && slices.ContainsFunc(a.frames, a.replies) {
		o.Outcome, o.Source = observation.OK, a.packet.Source.Addr().String()
	}
	return o
}

// replies reports whether a frame is the reply to this echo request.
func (a *arrival) replies(f wire.Frame) bool {
	s := f.Read()
	return strings.HasSuffix(s.What(), "EchoReply") && bytes.HasSuffix(s.Payload, a.packet.Payload)
}

// accepted accepts the connection, and reads what the neighbour sent over it.
func (a *arrival) accepted() observation.Observation {
	s, from, err := a.server.Accept(0)
	if err != nil {
		return a.nothing()
	}
	a.Keep(s)
	m, err := s.Recv(NonceSize, 0)
	if err != nil || !bytes.Equal(m.Data, a.packet.Payload) {
		return a.nothing()
	}
	a.o.Source = from.Addr().String()
	return a.End(nil)
}

func (a *arrival) nothing() observation.Observation {
	o := a.End(nil)
	o.Outcome = observation.Nothing
	return o
}
