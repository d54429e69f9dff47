package fake

import (
	"encoding/binary"
	"net/netip"

	"golang.org/x/net/icmp"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// echo answers an echo request with its identifier, sequence and payload (RFC 1122 3.2.2.6, RFC
// 4443 4.2). What is no echo request is not answered.
func (s *socket) echo(b []byte, w way) {
	v4 := w.to.Addr().Is4()
	protocol, answer := 58, icmp.Type(ipv6.ICMPTypeEchoReply)
	if v4 {
		protocol, answer = 1, ipv4.ICMPTypeEchoReply
	}
	m, err := icmp.ParseMessage(protocol, b)
	if err != nil || m.Type != ipv4.ICMPTypeEcho && m.Type != ipv6.ICMPTypeEchoRequest {
		return
	}
	body, is := m.Body.(*icmp.Echo)
	if !is {
		return
	}
	if s.kind == sock.Ping && !s.m.EchoKeepsID {
		body.ID = int(s.local.Port())
	}
	reply := icmp.Message{Type: answer, Body: body}
	out, err := reply.Marshal(nil)
	if err != nil {
		return
	}
	for _, r := range s.m.open {
		if r.wants(s, body.ID) && r.covers(w.from) > 0 {
			r.receive(s.m.framed(r, out, w), netip.AddrPortFrom(w.at.Addr(), 0), w.from, s.m.DefaultTTL)
		}
	}
}

// wants says whether a socket receives the reply to another's request: every raw one does, a
// datagram ICMP socket only if the identifier is its own.
func (s *socket) wants(asker *socket, id int) bool {
	switch {
	case s.family != asker.family:
		return false
	case s.kind == sock.Ping:
		return s == asker || !s.m.EchoKeepsID && int(s.local.Port()) == id
	default:
		return s.kind == sock.RawICMP
	}
}

// framed puts the IPv4 header before a message where the system shows it.
func (m *Machine) framed(to *socket, b []byte, w way) []byte {
	if to.family != sock.Inet || to.kind == sock.Ping && !m.EchoHeader {
		return b
	}
	const length = 20
	h := make([]byte, length, length+len(b))
	h[0], h[8], h[9] = 4<<4|length/4, byte(m.DefaultTTL), 1
	binary.BigEndian.PutUint16(h[2:], uint16(length+len(b)))
	copy(h[12:], w.at.Addr().AsSlice())
	copy(h[16:], w.from.AsSlice())
	return append(h, b...)
}
