package probe

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"golang.org/x/net/icmp"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Echo sends an ICMP echo request to every target and checks that id, sequence and payload come
// back unchanged (RFC 1122 3.2.2.6, RFC 4443 4.2). Source is the source address of the reply. The
// variant says by which means: a datagram ICMP socket, a raw socket, or the system's own command;
// the first that this process may use. If there is none, the claim is not run.
func Echo(h *host.Host, targets []netip.Addr) observation.Set {
	seen, err := repeated(h, targets)
	if err != nil {
		h.NotRun("echo", err)
	}
	return seen
}

// repeated is echoes, and Again.
func repeated(h *host.Host, targets []netip.Addr) (observation.Set, error) {
	seen, err := echoes(h, targets, false)
	return Again(seen, targets, func(to []netip.Addr) observation.Set {
		seen, _ := echoes(h, to, true) // the first time there was a means
		return seen
	}), err
}

// TryEcho is Echo for a claim of which the echo is only one part: if this process has no means of
// sending one, it gives a single observation of the socket that could not be opened, and none of an
// echo.
func TryEcho(h *host.Host, targets []netip.Addr) observation.Set {
	seen, err := repeated(h, targets)
	if err != nil {
		p := Begin(h, "socket", ProtoOf(sock.RawICMP, sock.FamilyOf(targets[0])), means[sock.RawICMP], "")
		return observation.Set{p.End(err)}
	}
	return seen
}

// echoes sends the requests by the first means there is; without one it gives the error of the last
// that was tried.
func echoes(h *host.Host, targets []netip.Addr, once bool) (observation.Set, error) {
	f := sock.FamilyOf(targets[0])
	var err error
	for _, t := range []sock.Type{sock.Ping, sock.RawICMP} {
		var s sock.Socket
		if s, err = h.Stack.Socket(f, t); err == nil {
			defer func() { _ = s.Close() }()
			return echo(h, s, targets, once), nil
		}
	}
	if h.Pinger == nil {
		return nil, err
	}
	return ping(h, targets)
}

// ping sends the requests by the system's own means. If that may not be used at all, it gives the
// error that says so.
func ping(h *host.Host, targets []netip.Addr) (observation.Set, error) {
	unusable := make(chan error, len(targets))
	seen := Each(targets, func(a netip.Addr) observation.Observation {
		p := Begin(h, "echo", ProtoOf(sock.RawICMP, sock.FamilyOf(a)), h.Pinger.Name(), a.String())
		from, err := h.Pinger.Echo(a, h.Wait)
		var e *sock.Error
		if errors.As(err, &e) && e.Op == "socket" {
			unusable <- err
		}
		return p.Source(from, a).End(err)
	})
	select {
	case err := <-unusable:
		return nil, err
	default:
		return seen, nil
	}
}

var means = map[sock.Type]string{sock.Ping: "datagram ICMP socket", sock.RawICMP: "raw ICMP socket"}

func echo(h *host.Host, s sock.Socket, targets []netip.Addr, once bool) observation.Set { //nolint:funlen // one exchange, whose steps share what was asked
	asks := make([]*ask, len(targets))
	sequences, nonces := map[*ask]int{}, map[*ask][]byte{}
	byNonce, bySequence := map[string]*ask{}, map[int]*ask{}
	id := identifier(h)
	for i, to := range targets {
		a := &ask{Probe: Begin(h, "echo", ProtoOf(s.Type(), s.Family()), means[s.Type()], to.String()), target: to}
		traced := sock.TraceSocket(s, a.t)
		sequences[a], nonces[a] = i+1, Nonce(h)
		byNonce[string(nonces[a])], bySequence[i+1] = a, a
		request, err := encode(s.Family(), id, i+1, nonces[a])
		a.err = err
		a.send = func() error { return traced.SendTo(request, netip.AddrPortFrom(to, 0)) }
		asks[i] = a
	}
	c := collection{shared: true, once: once, read: func(wait time.Duration) error {
		m, err := s.Recv(maxEcho, wait)
		if err != nil {
			return err
		}
		body, reply := decode(s, m.Data)
		if !reply {
			return nil // a raw socket sees the requests too, and the errors of others
		}
		if s.Type() == sock.Ping { // the kernel puts its own number there: Linux its port, which the first send assigns
			if name, err := s.Name(); err == nil && name.Port() != 0 {
				id = int(name.Port())
			}
		}
		a := byNonce[string(body.Data)]
		if a == nil && body.ID == id {
			a = bySequence[body.Seq] // with another payload than that of its request
		}
		if a == nil || a.answered {
			return nil // it answers an earlier question, or one a second time
		}
		a.answered = true
		if a.Probe == nil { // a marker
			return nil
		}
		a.Source(m.From.Addr(), a.target)
		a.t.Note("reply from " + m.From.Addr().String())
		if body.ID != id || body.Seq != sequences[a] || !bytes.Equal(body.Data, nonces[a]) {
			a.where = fmt.Sprintf("sent id %d sequence %d, the reply has id %d sequence %d and payload %x",
				id, sequences[a], body.ID, body.Seq, body.Data)
		}
		return nil
	}}
	c.mark = func() error {
		way := host.Marker{Proto: ProtoOf(s.Type(), s.Family()), To: host.One}
		if s.Family() == sock.Inet6 {
			way.To = host.One6
		}
		if h.Markers[way] {
			return ErrLost
		}
		m := &ask{}
		for n := range goes {
			nonce := Nonce(h)
			byNonce[string(nonce)] = m
			request, err := encode(s.Family(), id, len(asks)+1+n, nonce)
			if err == nil {
				err = s.SendTo(request, netip.AddrPortFrom(way.To, 0))
			}
			if err != nil {
				return err
			}
			for begun := h.Now(); !m.answered && h.Now().Sub(begun) < h.Wait/goes; {
				if c.read(h.Wait/goes) != nil {
					break
				}
			}
			if m.answered {
				return nil
			}
		}
		h.Markers[way] = true
		return ErrLost
	}
	c.collect(h, asks)
	out := make(observation.Set, len(asks))
	for i, a := range asks {
		out[i] = a.end()
	}
	return out
}

// identifier returns the identifier of one question's requests: no other question has it, so that
// replies which come late answer none that follows.
func identifier(h *host.Host) int {
	return int(binary.BigEndian.Uint16(Nonce(h)[NonceSize-2:]))
}

// echoID is the identifier of a request of which no reply is read.
const echoID = 0x4c4d

// maxEcho is room for an IPv4 header, the ICMP header and a nonce, and for what an error message
// quotes.
const maxEcho = 1500

func encode(f sock.Family, id, sequence int, payload []byte) ([]byte, error) {
	m := icmp.Message{Type: ipv4.ICMPTypeEcho, Body: &icmp.Echo{ID: id, Seq: sequence, Data: payload}}
	if f == sock.Inet6 {
		m.Type = ipv6.ICMPTypeEchoRequest // the kernel writes the checksum (RFC 3542 3.1)
	}
	return m.Marshal(nil)
}

// decode gives the echo reply in what a socket received; raw IPv4 sockets receive the IP header too
// (ip(7), ip(4)).
func decode(s sock.Socket, b []byte) (*icmp.Echo, bool) {
	protocol := 1
	if s.Family() == sock.Inet6 {
		protocol = 58
	} else if len(b) > 0 && b[0]>>4 == 4 {
		header := int(b[0]&0xf) * 4
		if len(b) < header {
			return nil, false
		}
		b = b[header:]
	}
	m, err := icmp.ParseMessage(protocol, b)
	if err != nil || m.Type != ipv4.ICMPTypeEchoReply && m.Type != ipv6.ICMPTypeEchoReply {
		return nil, false
	}
	body, is := m.Body.(*icmp.Echo)
	return body, is
}
