package probe

import (
	"bytes"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Knocks describes clients that try to reach a server of their own at each target, where something
// may deny it.
type Knocks struct {
	Variant string
	From    netip.Addr    // the client binds this address first, if it is valid
	Wait    time.Duration // the longest wait for a connection
	// Quiet says from which targets no answer is expected; nil for none of them. Nobody waits for
	// these alone.
	Quiet func(netip.Addr) bool
}

// knocking is one client on its way.
type knocking struct {
	*Probe
	target         netip.Addr
	server, client sock.Socket
	at             netip.AddrPort
	err            error
}

// Dial dials a listener at every target, one after the other. What is not connected or denied then
// is looked at again after a marker, so that order tells what hangs and not a wait; only if
// something still has no answer, and should have one, all wait for it. OK means that this listener
// accepted the connection.
func (k Knocks) Dial(h *host.Host, targets []netip.Addr) observation.Set {
	all := make([]*knocking, len(targets))
	for i, a := range targets {
		all[i] = k.start(h, a)
	}
	if hanging(all, nil) {
		Marker(h, targets[0])
		again(all, 0)
	}
	if hanging(all, k.Quiet) {
		again(all, k.Wait)
	}
	out := make(observation.Set, len(all))
	for i, c := range all {
		if c.err == nil {
			c.err = c.accept(c.server, c.client)
		}
		out[i] = c.End(c.err)
	}
	return out
}

func (k Knocks) start(h *host.Host, a netip.Addr) *knocking {
	c := &knocking{Probe: Begin(h, "connect", "tcp", k.Variant, a.String()), target: a}
	if c.server, c.at, c.err = k.server(c.Probe, sock.TCP, a); c.err == nil {
		c.client, c.err = k.client(c.Probe, sock.TCP, a)
	}
	if c.err == nil {
		c.err = c.client.Connect(c.at, 0)
	}
	return c
}

func (c *knocking) hangs() bool { return sock.OutcomeOf(c.err) == observation.Timeout }

// hanging says whether a client has no answer, those aside whose target is quiet.
func hanging(all []*knocking, quiet func(netip.Addr) bool) bool {
	return slices.ContainsFunc(all, func(c *knocking) bool { return c.hangs() && (quiet == nil || !quiet(c.target)) })
}

// again waits for the connections that hang, all at once.
func again(all []*knocking, wait time.Duration) {
	var waiting sync.WaitGroup
	for _, c := range all {
		if c.hangs() {
			waiting.Go(func() { c.err = c.client.Connect(c.at, wait) })
		}
	}
	waiting.Wait()
}

// accept takes the connection of this client from the listener.
func (p *Probe) accept(server, client sock.Socket) error {
	c, from, err := server.Accept(p.h.Wait)
	if err != nil {
		return err
	}
	p.Keep(c)
	if name, err := client.Name(); err != nil || name != from {
		return &sock.Error{Op: "accept", Outcome: observation.Astray, Err: errStranger}
	}
	return nil
}

// Send sends a datagram from a connected socket to every target, where a server is bound, and looks
// what the next operation on that socket says: an ICMP error that came back shows there (RFC 1122
// 4.1.3.3). OK means that the server received it. A datagram that did not arrive, and of which the
// client is told nothing, is sent once more, and is Lost if a marker overtakes that one too.
func (k Knocks) Send(h *host.Host, targets []netip.Addr) observation.Set {
	all := make([]*knocking, len(targets))
	nonce := Nonce(h)
	for i, a := range targets {
		c := &knocking{Probe: Begin(h, "send", "udp", k.Variant, a.String()), target: a}
		if c.server, c.at, c.err = k.server(c.Probe, sock.UDP, a); c.err == nil {
			c.client, c.err = k.client(c.Probe, sock.UDP, a)
		}
		if c.err == nil {
			c.err = c.client.Connect(c.at, h.Wait)
		}
		if c.err == nil {
			c.err = ErrLost
		}
		all[i] = c
	}
	for range 2 {
		for _, c := range all {
			c.send(nonce)
		}
		if slices.ContainsFunc(all, (*knocking).lost) {
			Marker(h, targets[0])
		}
		for _, c := range all {
			c.heard(nonce)
		}
	}
	out := make(observation.Set, len(all))
	for i, c := range all {
		out[i] = c.End(c.err)
	}
	return out
}

// lost says whether a datagram could be sent, and nothing is known of it yet.
func (c *knocking) lost() bool { return sock.OutcomeOf(c.err) == observation.Lost }

func (c *knocking) send(nonce []byte) {
	if !c.lost() {
		return
	}
	if err := c.client.Send(nonce); err != nil {
		c.err = err
		return
	}
	c.heard(nonce)
}

// heard reads what client and server have been told.
func (c *knocking) heard(nonce []byte) {
	if !c.lost() {
		return
	}
	if _, err := c.client.Recv(NonceSize, 0); sock.OutcomeOf(err) != observation.Timeout {
		c.err = err
		return
	}
	if m, err := c.server.Recv(NonceSize, 0); err == nil && bytes.Equal(m.Data, nonce) {
		c.err = nil
	}
}

func (k Knocks) server(p *Probe, t sock.Type, a netip.Addr) (sock.Socket, netip.AddrPort, error) {
	s, at, err := ListenOn(p.Stack, t, netip.AddrPortFrom(a, 0))
	if err == nil {
		p.Keep(s)
	}
	return s, at, err
}

func (k Knocks) client(p *Probe, t sock.Type, to netip.Addr) (sock.Socket, error) {
	s, err := p.Socket(sock.FamilyOf(to), t)
	if err == nil && k.From.IsValid() {
		err = s.Bind(netip.AddrPortFrom(k.From, 0))
	}
	return s, err
}
