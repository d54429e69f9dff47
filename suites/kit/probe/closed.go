package probe

import (
	"errors"
	"net/netip"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// ClosedPort returns a port on which nothing listens: one that was bound a moment ago, and that
// nothing holds now. It is not kept bound, for NetBSD, OpenBSD and XNU drop a request for a port
// that is bound and does not listen (tcp_input, state CLOSED), where a closed one is refused (RFC
// 9293 3.10.7.1). So another program may take it: a TCP port is dialled once, and another port is
// tried if the connection is accepted.
func ClosedPort(h *host.Host, t sock.Type) (port uint16, err error) {
	for range 10 {
		if port, err = freePort(h, t, sock.Inet, 0); err != nil || t == sock.UDP {
			return port, err
		}
		if dialClosed(h, netip.AddrPortFrom(host.One, port), h.Wait).Outcome != observation.OK {
			return port, nil
		}
	}
	return 0, errors.New("something listens on ten ports that were free a moment ago")
}

// DialClosed dials a closed TCP port at every target, all at once. TookMicros is the time of
// connect(2) alone. As long as no refusal of this host is known, the first target is dialled before
// the others: it tells how long they have to be waited for.
func DialClosed(h *host.Host, port uint16, targets []netip.Addr) observation.Set {
	var first observation.Set
	if len(targets) > 0 && !h.Refusals.Known() {
		first = observation.Set{dialClosed(h, netip.AddrPortFrom(targets[0], port), sock.RefusalPatience)}
		targets = targets[1:]
	}
	return append(first, Each(targets, func(a netip.Addr) observation.Observation {
		return dialClosed(h, netip.AddrPortFrom(a, port), h.Wait)
	})...)
}

func dialClosed(h *host.Host, to netip.AddrPort, wait time.Duration) observation.Observation {
	p := Begin(h, "connect", "tcp", "", to.Addr().String())
	for {
		s, err := p.Socket(sock.FamilyOf(to.Addr()), sock.TCP)
		if err != nil {
			return p.End(err)
		}
		begun := h.Now()
		err = s.Connect(to, wait)
		took := h.Now().Sub(begun)
		if err == nil && itself(s, to) {
			continue
		}
		o := p.End(err)
		o.TookMicros = max(1, took.Microseconds())
		if o.Outcome == observation.Refused && !h.Refusals.Known() {
			h.Refusals.Took(took)
		}
		return o
	}
}

// SendClosed sends a datagram from a connected socket to a closed UDP port at every target and
// waits for what the next operation on that socket says: an ICMP port unreachable message that came
// back shows there as an error (RFC 1122 4.1.3.1 wants it passed to the application). None at all
// is Lost, after two goes of collect: a host may limit the rate of its ICMP errors (RFC 1812
// 4.3.2.8; gVisor: 50 at once, then one a millisecond), and the first go ends with a wait in which
// such a limiter recovers.
func SendClosed(h *host.Host, port uint16, targets []netip.Addr) observation.Set {
	asks := make([]*ask, len(targets))
	sockets := map[*ask]sock.Socket{}
	for i, to := range targets {
		a := &ask{Probe: Begin(h, "send", "udp", "connected", to.String()), target: to}
		s, err := stranger(a.Probe, netip.AddrPortFrom(to, port))
		nonce := Nonce(h)
		a.err, a.send = err, func() error { return s.Send(nonce) }
		asks[i], sockets[a] = a, s
	}
	read := anyOf(asks, func(a *ask, wait time.Duration) bool {
		_, err := sockets[a].Recv(NonceSize, wait)
		switch sock.OutcomeOf(err) {
		case observation.OK:
			a.answered = true
		case observation.Timeout:
			return false
		default:
			a.err = err
		}
		return true
	})
	for range 2 {
		collection{read: read, limited: true}.collect(h, asks)
	}
	return endAll(asks)
}

// itself reports whether a socket has the very port that it was connected to: the system may give a
// client a closed port, since nothing holds it, and then the client is its own peer (RFC 9293 3.5).
// Such a socket is kept beside the next, which can't get the port any more; it takes part in
// nothing.
func itself(s sock.Socket, to netip.AddrPort) bool {
	name, err := s.Name()
	return err == nil && name.Port() == to.Port()
}

// stranger is a UDP socket that is connected to a closed port, and has another one itself.
func stranger(p *Probe, to netip.AddrPort) (sock.Socket, error) {
	for {
		s, err := p.Socket(sock.FamilyOf(to.Addr()), sock.UDP)
		if err == nil {
			err = s.Connect(to, p.h.Wait)
		}
		if err != nil || !itself(s, to) {
			return s, err
		}
	}
}
