package probe

import (
	"bytes"
	"fmt"
	"net/netip"
	"sync"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Dials describes TCP connections to one server, each to another of its addresses.
type Dials struct {
	Server  sock.Socket  // listens already
	Port    uint16       // its port
	Variant string       // for the observations
	From    netip.Addr   // the client binds this address first, if it is valid
	Expect  netip.Addr   // the local address of the accepted socket, if it is not the one that was dialled
	Family  *sock.Family // the client's family, if it is not that of the address dialled
	Options []Option     // of the client
	Names   bool         // compares the ports and getpeername of both ends too
	// Note, if set, reads the value of the observation from the client's socket once it is connected.
	Note func(sock.Socket) string
}

// Connect dials every target at the server's port, all at once; sends a nonce over each connection that comes about;
// accepts them on the server; and sends the nonce back. OK means that all of it happened on this very server and that
// the accepted socket's own address is the one that was dialled. Source is the address that the server saw.
func Connect(h *host.Host, d Dials, targets []netip.Addr) observation.Set {
	out := make(observation.Set, 0, len(targets))
	for len(targets) > 0 { // in portions, so that none overflows the backlog
		n := min(len(targets), Overlap)
		out = append(out, connectPortion(h, d, targets[:n])...)
		targets = targets[n:]
	}
	return out
}

// dial is one client on its way.
type dial struct {
	*Probe
	target netip.Addr
	s      sock.Socket
	local  netip.AddrPort
	remote netip.AddrPort // whom the client sees; read only for Dials.Names
	nonce  []byte
	err    error
	where  string     // what went astray
	peer   netip.Addr // whom the server saw
	met    bool       // the server has seen the nonce
}

func connectPortion(h *host.Host, d Dials, targets []netip.Addr) observation.Set {
	dials := make([]*dial, len(targets))
	var all sync.WaitGroup
	for i, a := range targets {
		dials[i] = &dial{Probe: Begin(h, "connect", "tcp", d.Variant, a.String()), target: a, nonce: Nonce(h)}
		all.Go(func() { dials[i].start(d) })
	}
	all.Wait()
	expected := map[string]*dial{}
	for _, c := range dials {
		if c.err == nil {
			expected[string(c.nonce)] = c
		}
	}
	accept(h, d, expected)
	out := make(observation.Set, len(dials))
	for i, c := range dials {
		out[i] = c.finish(h)
	}
	return out
}

// start connects and sends the nonce.
func (c *dial) start(d Dials) {
	f := sock.FamilyOf(c.target)
	if d.Family != nil {
		f = *d.Family
	}
	if c.s, c.err = c.Socket(f, sock.TCP); c.err != nil {
		return
	}
	if c.err = Set(c.s, d.Options); c.err != nil {
		return
	}
	if d.From.IsValid() {
		if c.err = c.s.Bind(netip.AddrPortFrom(d.From, 0)); c.err != nil {
			return
		}
	}
	if c.err = c.s.Connect(netip.AddrPortFrom(c.target, d.Port), c.h.Wait); c.err != nil {
		return
	}
	if d.Note != nil {
		c.Value(d.Note(c.s))
	}
	if c.local, c.err = c.s.Name(); c.err == nil && d.Names {
		c.remote, c.err = c.s.PeerName()
	}
	if c.err == nil {
		c.err = c.s.Send(c.nonce)
	}
}

// accept takes as many connections as are expected. A connection of nobody's is closed; if one that is expected does
// not come, the wait for it is the host's.
func accept(h *host.Host, d Dials, expected map[string]*dial) {
	for range len(expected) {
		transcript := &sock.Transcript{}
		s, from, err := sock.TraceSocket(d.Server, transcript).Accept(h.Wait)
		if err != nil {
			return // finish finds out who was not met
		}
		m, err := s.Recv(NonceSize, h.Wait)
		c, known := expected[string(m.Data)]
		if err == nil && known {
			c.meet(d, s, from)
			c.t.Append(transcript)
		}
		_ = s.Close()
	}
}

// meet is what the server does with a client: it notes both addresses and sends the nonce back.
func (c *dial) meet(d Dials, s sock.Socket, from netip.AddrPort) {
	c.met, c.peer = true, from.Addr()
	want := c.target
	if d.Expect.IsValid() {
		want = d.Expect
	}
	name, err := s.Name()
	switch {
	case err != nil:
		c.err = err
	case name.Addr().WithZone("") != want.WithZone("") && !want.IsUnspecified():
		c.where = fmt.Sprintf("the accepted socket is %s", name.Addr())
	case from.Addr().Unmap() != c.local.Addr().Unmap():
		c.where = fmt.Sprintf("the client is %s, the server saw %s", c.local.Addr(), from.Addr())
	}
	if c.err == nil && c.where == "" && d.Names {
		c.where, c.err = c.names(s, name, from)
	}
	if c.err == nil {
		c.err = s.Send(c.nonce)
	}
}

// names compares the four names of a connection crosswise, ports included; it tells the first difference. Ports differ
// from run to run and are in the transcript only.
func (c *dial) names(s sock.Socket, name, from netip.AddrPort) (string, error) {
	peer, err := s.PeerName()
	switch {
	case err != nil:
		return "", err
	case peer != from:
		return "getpeername of the server differs from what accept gave", nil
	case peer != c.local:
		return "getpeername of the server differs from getsockname of the client", nil
	case name != c.remote:
		return "getsockname of the server differs from getpeername of the client", nil
	default:
		return "", nil
	}
}

// finish reads the nonce back and ends the probe.
func (c *dial) finish(h *host.Host) observation.Observation {
	if c.err != nil {
		return c.End(c.err)
	}
	if !c.met {
		return c.Astray("connected, but not to this server")
	}
	c.Source(c.peer, c.target)
	m, err := c.s.Recv(NonceSize, h.Wait)
	switch {
	case c.where != "":
		return c.Astray(c.where)
	case err == nil && !bytes.Equal(m.Data, c.nonce):
		return c.Astray("the nonce came back altered")
	default:
		return c.End(err)
	}
}
