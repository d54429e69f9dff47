package probe

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"golang.org/x/net/icmp"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"

	"github.com/loopmatrix/loopmatrix/suites/host"
	"github.com/loopmatrix/loopmatrix/suites/observe"
	"github.com/loopmatrix/loopmatrix/suites/sock"
)

// Echo sends an ICMP echo request to every target and checks that id, sequence and payload come back unchanged
// (RFC 1122 3.2.2.6, RFC 4443 4.2). Source is the source address of the reply. The variant says by which means: a
// datagram ICMP socket, a raw socket, or the system's own command; the first that this process may use. If there is
// none, the claim is not run.
func Echo(h *host.Host, targets []netip.Addr) observe.Set {
	seen, err := echoes(h, targets)
	if err != nil {
		h.NotRun("echo", err)
	}
	return seen
}

// TryEcho is Echo for a claim of which the echo is only one part: if this process has no means of sending one, it gives
// a single observation of the socket that could not be opened, and none of an echo.
func TryEcho(h *host.Host, targets []netip.Addr) observe.Set {
	seen, err := echoes(h, targets)
	if err != nil {
		p := Begin(h, "socket", ProtoOf(sock.RawICMP, sock.FamilyOf(targets[0])), means[sock.RawICMP], "")
		return observe.Set{p.End(err)}
	}
	return seen
}

// echoes sends the requests by the first means there is; without one it gives the error of the last that was tried.
func echoes(h *host.Host, targets []netip.Addr) (observe.Set, error) {
	f := sock.FamilyOf(targets[0])
	var err error
	for _, t := range []sock.Type{sock.Ping, sock.RawICMP} {
		var s sock.Socket
		if s, err = h.Stack.Socket(f, t); err == nil {
			defer func() { _ = s.Close() }()
			return echo(h, s, targets), nil
		}
	}
	if h.Pinger == nil {
		return nil, err
	}
	return ping(h, targets)
}

// ping sends the requests by the system's own means. If that may not be used at all, it gives the error that says so.
func ping(h *host.Host, targets []netip.Addr) (observe.Set, error) {
	unusable := make(chan error, len(targets))
	seen := Each(targets, func(a netip.Addr) observe.Observation {
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

func echo(h *host.Host, s sock.Socket, targets []netip.Addr) observe.Set {
	asks := make([]*ask, len(targets))
	bySequence := map[int]*ask{}
	nonces := map[int][]byte{}
	for i, to := range targets {
		a := &ask{Probe: Begin(h, "echo", ProtoOf(s.Type(), s.Family()), means[s.Type()], to.String()), target: to}
		traced := sock.TraceSocket(s, a.t)
		sequence := i + 1
		bySequence[sequence], nonces[sequence] = a, Nonce(h)
		request, err := encode(s.Family(), sequence, nonces[sequence])
		a.err = err
		a.send = func() error { return traced.SendTo(request, netip.AddrPortFrom(to, 0)) }
		asks[i] = a
	}
	id := echoID // a datagram ICMP socket puts its own number there: Linux its port, which the first send assigns
	collect(h, asks, func(wait time.Duration) error {
		m, err := s.Recv(maxEcho, wait)
		if err != nil {
			return err
		}
		body, reply := decode(s, m.Data)
		if !reply {
			return nil // a raw socket sees the requests too, and the errors of others
		}
		a, known := bySequence[body.Seq]
		if !known || a.answered {
			return nil
		}
		if s.Type() == sock.Ping {
			if name, err := s.Name(); err == nil && name.Port() != 0 {
				id = int(name.Port())
			}
		}
		a.answered = true
		a.Source(m.From.Addr(), a.target)
		a.t.Note("reply from " + m.From.Addr().String())
		if body.ID != id || !bytes.Equal(body.Data, nonces[body.Seq]) {
			a.where = fmt.Sprintf("sent id %d sequence %d, the reply has id %d sequence %d and payload %x",
				id, body.Seq, body.ID, body.Seq, body.Data)
		}
		return nil
	})
	out := make(observe.Set, len(asks))
	for i, a := range asks {
		out[i] = a.end()
	}
	return out
}

// echoID is the identifier of our requests on raw sockets; any number will do, since sequence and nonce tell them apart
// from those of others.
const echoID = 0x4c4d

// maxEcho is room for an IPv4 header, the ICMP header and a nonce, and for what an error message quotes.
const maxEcho = 1500

func encode(f sock.Family, sequence int, payload []byte) ([]byte, error) {
	m := icmp.Message{Type: ipv4.ICMPTypeEcho, Body: &icmp.Echo{ID: echoID, Seq: sequence, Data: payload}}
	if f == sock.Inet6 {
		m.Type = ipv6.ICMPTypeEchoRequest // the kernel writes the checksum (RFC 3542 3.1)
	}
	return m.Marshal(nil)
}

// decode gives the echo reply in what a socket received; raw IPv4 sockets receive the IP header too (ip(7), ip(4)).
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
