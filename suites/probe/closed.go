package probe

import (
	"net/netip"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/host"
	"github.com/loopmatrix/loopmatrix/suites/observe"
	"github.com/loopmatrix/loopmatrix/suites/sock"
)

// ClosedPort finds a port on which nothing listens at any address. A TCP port stays bound, so that nobody else can
// listen there, until release is called; bound without listen(2) it answers as closed (RFC 9293 3.10.7.1). A bound UDP
// port would be open, so there the port is only known to have been free a moment ago.
func ClosedPort(h *host.Host, t sock.Type) (port uint16, release func(), err error) {
	s, err := h.Stack.Socket(sock.Inet, t)
	if err != nil {
		return 0, nil, err
	}
	err = s.Bind(netip.AddrPortFrom(netip.IPv4Unspecified(), 0))
	var name netip.AddrPort
	if err == nil {
		name, err = s.Name()
	}
	if err != nil || t == sock.UDP {
		_ = s.Close() // the error before it is the one that counts
		return name.Port(), func() {}, err
	}
	return name.Port(), func() { _ = s.Close() }, nil
}

// DialClosed dials a closed TCP port at every target, all at once. TookMicros is the time of connect(2) alone. As long as no
// refusal of this host is known, the first target is dialled before the others: it tells how long they have to be waited
// for.
func DialClosed(h *host.Host, port uint16, targets []netip.Addr) observe.Set {
	dial := func(a netip.Addr, wait time.Duration) observe.Observation {
		p := Begin(h, "connect", "tcp", "", a.String())
		s, err := p.Socket(sock.FamilyOf(a), sock.TCP)
		if err != nil {
			return p.End(err)
		}
		begun := h.Now()
		err = s.Connect(netip.AddrPortFrom(a, port), wait)
		took := h.Now().Sub(begun)
		o := p.End(err)
		o.TookMicros = max(1, took.Microseconds())
		return o
	}
	var first observe.Set
	if len(targets) > 0 && !h.Refusals.Known() {
		o := dial(targets[0], sock.RefusalPatience)
		if o.Outcome == observe.Refused {
			h.Refusals.Took(time.Duration(o.TookMicros) * time.Microsecond)
		}
		first, targets = observe.Set{o}, targets[1:]
	}
	return append(first, Each(targets, func(a netip.Addr) observe.Observation { return dial(a, h.Wait) })...)
}

// SendClosed sends a datagram from a connected socket to a closed UDP port at every target and waits for what the next
// operation on that socket says: an ICMP port unreachable message that came back shows there as an error (RFC 1122
// 4.1.3.1 wants it passed to the application). None at all is Lost, after two goes of collect: a host may limit the rate
// of its ICMP errors (RFC 1812 4.3.2.8; gVisor: 50 at once, then one a millisecond), and the first go ends with a wait
// in which such a limiter recovers.
func SendClosed(h *host.Host, port uint16, targets []netip.Addr) observe.Set {
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
		case observe.OK:
			a.answered = true
		case observe.Timeout:
			return false
		default:
			a.err = err
		}
		return true
	})
	for range 2 {
		collect(h, asks, read)
	}
	return endAll(asks)
}

// stranger is a UDP socket that is connected to a closed port, and has another one itself. The system may give a client
// that very port, since nobody holds it: then the client would hear itself. Such a socket is kept beside the next, which
// can't get the port any more; it takes part in nothing.
func stranger(p *Probe, to netip.AddrPort) (sock.Socket, error) {
	for {
		s, err := p.Socket(sock.FamilyOf(to.Addr()), sock.UDP)
		if err == nil {
			err = s.Connect(to, p.h.Wait)
		}
		if err != nil {
			return s, err
		}
		name, err := s.Name()
		if err != nil || name.Port() != to.Port() {
			return s, err
		}
	}
}
