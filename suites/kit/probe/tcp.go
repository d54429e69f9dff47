package probe

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"time"

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
	// Note, if set, reads the value of the observation from the client's socket once it is
	// connected.
	Note func(sock.Socket) string
}

// Connect dials every target at the server's port; sends a nonce over each connection that comes
// about; accepts them on the server; and sends the nonce back. OK means that all of it happened on
// this very server and that the accepted socket's own address is the one that was dialled. Source
// is the address that the server saw.
func Connect(h *host.Host, d Dials, targets []netip.Addr) observation.Set {
	dial := func(to []netip.Addr) observation.Set { return d.to(h, to) }
	return Again(dial(targets), targets, dial)
}

func (d Dials) to(h *host.Host, targets []netip.Addr) observation.Set {
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
	asking bool       // the connection has begun, and is not answered yet
}

// connectPortion dials one target after the other and accepts each connection at once, so that the
// backlog of the server does not matter. What has no answer then is waited for all at once.
func connectPortion(h *host.Host, d Dials, targets []netip.Addr) observation.Set {
	dials := make([]*dial, len(targets))
	a := acceptance{Dials: d, h: h, expected: map[string]*dial{}, wait: h.Wait}
	for i, to := range targets {
		dials[i] = &dial{Probe: Begin(h, "connect", "tcp", d.Variant, to.String()), target: to, nonce: Nonce(h)}
		a.expected[string(dials[i].nonce)] = dials[i]
	}
	var hanging []*dial
	for _, c := range dials {
		if c.err = c.open(d); c.err == nil {
			c.err = c.connect(d, 0)
		}
		if c.err == nil {
			a.accept()
		} else if c.asking {
			hanging = append(hanging, c)
		}
	}
	var all sync.WaitGroup
	for _, c := range hanging {
		all.Go(func() { c.err = c.connect(d, h.Wait) })
	}
	all.Wait()
	for _, c := range hanging {
		if c.err == nil {
			a.accept()
		}
	}
	a.finish()
	out := make(observation.Set, len(dials))
	for i, c := range dials {
		if c.err == nil && !c.met {
			c.err = a.err
		}
		out[i] = c.finish(h)
	}
	return out
}

// open opens the client's socket.
func (c *dial) open(d Dials) (err error) {
	f := sock.FamilyOf(c.target)
	if d.Family != nil {
		f = *d.Family
	}
	if c.s, err = c.Socket(f, sock.TCP); err != nil {
		return err
	}
	if err = Set(c.s, d.Options); err == nil && d.From.IsValid() {
		err = c.s.Bind(netip.AddrPortFrom(d.From, 0))
	}
	return err
}

// connect connects and sends the nonce.
func (c *dial) connect(d Dials, wait time.Duration) error {
	err := c.s.Connect(netip.AddrPortFrom(c.target, d.Port), wait)
	if c.asking = sock.OutcomeOf(err) == observation.Timeout; err != nil {
		return err
	}
	if d.Note != nil {
		c.Value(d.Note(c.s))
	}
	if c.local, err = c.s.Name(); err == nil && d.Names {
		c.remote, err = c.s.PeerName()
	}
	if err == nil {
		err = c.s.Send(c.nonce)
	}
	return err
}

// acceptance is the server's side of several dials.
type acceptance struct {
	Dials
	h        *host.Host
	expected map[string]*dial
	wait     time.Duration // for the next connection
	mute     []accepted    // those over which nothing came yet: their client is still waited for
	err      error         // why nothing more can be accepted
}

type accepted struct {
	s    sock.Socket
	from netip.AddrPort
	t    *sock.Transcript
}

// accept takes a connection. After the wait for one that does not come nothing is waited for any
// more.
func (a *acceptance) accept() {
	if a.err != nil {
		return
	}
	c := accepted{t: &sock.Transcript{}}
	var err error
	switch c.s, c.from, err = sock.TraceSocket(a.Server, c.t).Accept(a.wait); {
	case sock.OutcomeOf(err) == observation.Timeout:
		a.wait = 0
	case err != nil:
		a.err = err
	case !a.read(c, 0):
		a.mute = append(a.mute, c)
	}
}

// finish reads from those that were mute when they were accepted.
func (a *acceptance) finish() {
	for _, c := range a.mute {
		if !a.read(c, a.h.Wait) {
			_ = c.s.Close()
		}
	}
}

// read reports whether the client of a connection, or any other sender, has sent something over it;
// then it is met and closed.
func (a *acceptance) read(c accepted, wait time.Duration) bool {
	m, err := c.s.Recv(NonceSize, wait)
	if sock.OutcomeOf(err) == observation.Timeout {
		return false
	}
	if d, known := a.expected[string(m.Data)]; err == nil && known {
		d.meet(a.Dials, c.s, c.from)
		d.t.Append(c.t)
	}
	_ = c.s.Close()
	return true
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
		c.where = fmt.Sprintf(clientIs+"%s, the server saw %s", c.local.Addr(), from.Addr())
	}
	if c.err == nil && c.where == "" && d.Names {
		c.where, c.err = c.names(s, name, from)
	}
	if c.err == nil {
		c.err = s.Send(c.nonce)
	}
}

// clientIs begins what is said of a client whose source address was rewritten on the way.
const clientIs = "the client is "

// Rewritten reports whether what was observed arrived where it was to, from another source address
// than its sender's.
func Rewritten(o observation.Observation) bool {
	return o.Outcome == observation.Astray && strings.HasPrefix(o.Value, clientIs)
}

// names compares the four names of a connection crosswise, ports included; it tells the first
// difference. Ports differ from run to run and are in the transcript only.
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
