package probe

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"slices"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// Emission is one packet that the host is asked to send. No answer is waited for.
type Emission struct {
	// Proto is "udp", "tcp" for a SYN, or "icmp" for an echo request of the family of To.
	Proto   string
	Variant string
	To      netip.Addr
	// From is bound before, if it is valid; with Raw it stands in the header and nothing is bound.
	From netip.Addr
	// Raw lets the packet begin with an IP header of our own.
	Raw     bool
	Options []Option
}

// echoPort is where datagrams and segments go, the port of RFC 862: no server and no marker uses
// it.
const echoPort = 7

// attempt is an emission on its way.
type attempt struct {
	Emission
	*Probe
	nonce []byte
	// port is the source port of what is sent by TCP; 0 if there is none.
	port uint16
	// tried says that there was a socket with the options that were asked for.
	tried bool
}

// Emit lets the host send these packets, one after the other, between two outgoing markers, and
// says for each what the system answered and what left over the cable because of it. The first
// observation is of op "send", "connect" or "echo", or of "socket" or "setsockopt" if it came no
// further; the others are of op "wire": OK for each frame, with what it is in Value and its source
// in Source, or Nothing. A question for the link address of a target counts for every emission to
// it.
func Emit(h *host.Host, c *wire.Cable, all []Emission) observation.Set {
	MarkOut(h, c)
	p := c.Now()
	attempts, local := make([]*attempt, len(all)), make(observation.Set, len(all))
	for i, e := range all {
		attempts[i] = &attempt{Emission: e, nonce: Nonce(h)}
		local[i] = attempts[i].emit(h, c)
	}
	MarkOut(h, c)
	frames := c.After(p)
	var out observation.Set
	for i, a := range attempts {
		out = append(out, local[i])
		if a.tried {
			out = append(out, a.left(local[i], frames, attempts)...)
		}
	}
	return out
}

// act is the operation that makes the system send.
func (e Emission) act() string {
	switch {
	case e.Proto == "tcp" && !e.Raw:
		return "connect"
	case e.Proto == "icmp" && !e.Raw:
		return "echo"
	default:
		return "send"
	}
}

func (a *attempt) emit(h *host.Host, c *wire.Cable) observation.Observation {
	proto := a.Proto
	if proto == "icmp" {
		proto = ProtoOf(sock.RawICMP, sock.FamilyOf(a.To))
	}
	a.Probe = Begin(h, a.act(), proto, a.Variant, a.To.String())
	s, err := a.open()
	if err != nil {
		a.o.Op = "socket"
		return a.End(err)
	}
	if err := Set(s, a.Options); err != nil {
		a.o.Op = "setsockopt"
		return a.End(err)
	}
	a.tried = true
	if a.Raw {
		return a.End(a.raw(s, c))
	}
	if a.From.IsValid() {
		if err := s.Bind(netip.AddrPortFrom(a.From, 0)); err != nil {
			return a.End(err)
		}
	}
	return a.End(a.send(s))
}

// open opens the socket; for an echo request one of datagrams, or a raw one where those are not
// allowed.
func (a *attempt) open() (sock.Socket, error) {
	f := sock.FamilyOf(a.To)
	switch {
	case a.Raw:
		return a.Socket(f, sock.RawIP)
	case a.Proto == "udp":
		return a.Socket(f, sock.UDP)
	case a.Proto == "tcp":
		return a.Socket(f, sock.TCP)
	}
	if s, err := a.Socket(f, sock.Ping); err == nil {
		return s, nil
	}
	return a.Socket(f, sock.RawICMP)
}

func (a *attempt) send(s sock.Socket) error {
	switch a.Proto {
	case "udp":
		return s.SendTo(a.nonce, netip.AddrPortFrom(a.To, echoPort))
	case "tcp": // the SYN is on its way when connect(2) says EINPROGRESS
		err := s.Connect(netip.AddrPortFrom(a.To, echoPort), 0)
		if name, unnamed := s.Name(); unnamed == nil {
			a.port = name.Port()
		}
		return err
	default:
		request, err := encode(s.Family(), echoID, 1, a.nonce)
		if err != nil {
			return err
		}
		return s.SendTo(request, netip.AddrPortFrom(a.To, 0))
	}
}

// clients is the lowest port that Linux gives to clients (ip_local_port_range); the running number
// makes one of it for each segment.
const clients = 0x8000

// ethernetHeader is the length of the header before the IP header.
const ethernetHeader = 14

// withoutEthernet returns the IPv4 packet of a frame, as long as its header says (RFC 791 3.1,
// Total Length). NetBSD's and FreeBSD's rip_output refuse one that is followed by the padding of a
// short frame with EINVAL.
func withoutEthernet(frame []byte) []byte {
	packet := frame[ethernetHeader:]
	return packet[:binary.BigEndian.Uint16(packet[2:])]
}

// raw sends a packet with a header of our own. Some of the BSDs and macOS want two fields of it in
// the byte order of the machine (ip(4)), and call the usual one invalid.
func (a *attempt) raw(s sock.Socket, c *wire.Cable) error {
	if err := s.SetOption(sock.HeaderIncluded, 1); err != nil && sock.OutcomeOf(err) != observation.Unsupported {
		return err // where there is no such option, RawIP says as much
	}
	a.port = clients | binary.BigEndian.Uint16(a.nonce[6:8])
	p := wire.Packet{Source: netip.AddrPortFrom(a.From, a.port), Destination: netip.AddrPortFrom(a.To, echoPort), Payload: a.nonce}
	packet := withoutEthernet(map[string]func() []byte{
		"udp":  func() []byte { return c.UDP(p) },
		"tcp":  func() []byte { return c.SYN(p, 1) },
		"icmp": func() []byte { return c.Echo(p, echoID, 1) },
	}[a.Proto]())
	err := s.SendTo(packet, netip.AddrPortFrom(a.To, 0))
	if sock.OutcomeOf(err) == observation.Invalid {
		for _, field := range []int{2, 6} { // total length, flags with fragment offset (RFC 791 3.1)
			binary.NativeEndian.PutUint16(packet[field:], binary.BigEndian.Uint16(packet[field:]))
		}
		err = s.SendTo(packet, netip.AddrPortFrom(a.To, 0))
	}
	return err
}

// left describes the frames that left the host because of this attempt, one of all.
func (a *attempt) left(local observation.Observation, frames []wire.Frame, all []*attempt) observation.Set {
	blank := observation.Observation{Op: "wire", Proto: local.Proto, Variant: local.Variant, Targets: local.Targets, Count: 1}
	var out observation.Set
	for _, f := range frames {
		if f.Direction != wire.Out || !a.caused(f, all) {
			continue
		}
		o, s := blank, f.Read()
		o.Outcome, o.Value, o.Source, o.Calls = observation.OK, s.What(), s.Source.Addr().String(), []string{f.String()}
		out = append(out, o)
	}
	if len(out) == 0 {
		blank.Outcome = observation.Nothing
		return observation.Set{blank}
	}
	return out
}

// caused says whether this attempt caused a frame: it is the packet itself, wherever it goes, or a
// question for its target, or a question in the name of its source.
func (a *attempt) caused(f wire.Frame, all []*attempt) bool {
	s := f.Read()
	switch s.Kind {
	case "arp", "neighbour-solicitation":
		return s.Destination.Addr() == a.To || s.Source.Addr() == a.From && a.From.IsValid()
	case "tcp":
		return a.connects(s) && (a.asked(s) || !slices.ContainsFunc(all, func(b *attempt) bool { return b.connects(s) && b.asked(s) }))
	case "mpls":
		return false
	default:
		return bytes.Contains(s.Payload, a.nonce)
	}
}

// connects says whether a segment has the ports of this attempt. The system may give one port to
// several attempts.
func (a *attempt) connects(s wire.Seen) bool {
	return a.Proto == "tcp" && s.Destination.Port() == echoPort && s.Source.Port() == a.port
}

// asked says whether a segment goes where this attempt asked for.
func (a *attempt) asked(s wire.Seen) bool {
	return s.Destination.Addr() == a.To && (s.Source.Addr() == a.From || !a.From.IsValid())
}
