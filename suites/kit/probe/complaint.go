package probe

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/onsi/gomega"
	"golang.org/x/net/icmp"
	"golang.org/x/net/ipv4"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// Complaint is the operation of the observations of Complaints.
const Complaint = "icmp-error"

// Complaints lets a datagram from this address arrive for a closed port of the host, and tells the
// ICMP errors that the host sent because of it: OK for each one, on the link or inside the host, or
// Nothing.
func Complaints(h *host.Host, c *wire.Cable, variant string, from netip.Addr) observation.Set {
	p := Begin(h, Complaint, "udp", variant, from.String())
	inside, err := p.Socket(sock.Inet, sock.RawICMP)
	h.Expect(err).NotTo(gomega.HaveOccurred(), "socket that sees the ICMP errors inside the host")
	port, err := ClosedPort(h, sock.UDP)
	h.Expect(err).NotTo(gomega.HaveOccurred(), "a closed port")
	begun := c.Now()
	frame := c.UDP(wire.Packet{Source: netip.AddrPortFrom(from, callerPort), Destination: netip.AddrPortFrom(c.Host.IPv4, port), Payload: Nonce(h)})
	p.t.Note("neighbour sends: " + wire.Frame{Direction: wire.In, Bytes: frame}.String())
	err = c.Inject(frame)
	h.Expect(err).NotTo(gomega.HaveOccurred(), "inject")
	MarkIn(h, c, sock.Inet)
	MarkOut(h, c)
	if h.Lo().Up { // what the host sends to itself passes there
		Marker(h, host.One)
	}
	within := errorsIn(inside)
	o := p.End(nil)
	seen := crossed(o, Complaint, c.After(begun), func(f wire.Frame) bool {
		s := f.Read()
		return s.Kind == "icmp" && !strings.HasPrefix(s.Flags, "Echo")
	})
	seen[0].Calls = append(o.Calls, seen[0].Calls...)
	for _, text := range within {
		o.Value = "inside the host: " + text
		seen = append(seen, o)
	}
	return seen
}

// errorsIn reads the ICMP errors that a raw socket has received.
func errorsIn(s sock.Socket) []string {
	var out []string
	for {
		m, err := s.Recv(maxEcho, 0)
		if err != nil {
			return out
		}
		header, err := ipv4.ParseHeader(m.Data)
		if err != nil {
			continue
		}
		message, err := icmp.ParseMessage(1, m.Data[header.Len:])
		if err != nil {
			continue
		}
		switch message.Type {
		case ipv4.ICMPTypeEcho, ipv4.ICMPTypeEchoReply:
		default:
			out = append(out, fmt.Sprintf("icmp %v, code %d", message.Type, message.Code))
		}
	}
}
