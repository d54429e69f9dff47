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

// Server is one of several sockets that may receive a flow.
type Server struct {
	// Name is what observations call it: "first", "wildcard", its address.
	Name string
	// Only is the one address whose flows it may receive; invalid if it may receive all.
	Only netip.Addr
	// Socket listens (TCP) or is bound (UDP).
	Socket sock.Socket
}

// flowsAtOnce is how many flows are under way before the servers are read: few enough for the
// smallest backlog and the smallest receive buffer in the field (128 connections and 41,600 bytes
// on BSDs, where a small datagram costs an mbuf of 256 bytes).
const flowsAtOnce = 50

// Reach opens n flows to each target, every one from a client of its own, and finds out which of
// the servers receives it: the value of the observation. A flow to an address that this server may
// not receive is Astray. Over TCP the server answers with its number, and the client checks that it
// comes back with its nonce; over UDP one datagram is a flow. A flow that was sent and reaches none
// of the servers is Lost. A target that fails is not tried again, and the first flows to all
// targets are under way together, so that silent ones cost one deadline. After sock.Patience no
// more flows are begun: 2,000 take 0.2 s on a kernel, and over 10 s on Wine or an emulated one,
// where hundreds must do.
func Reach(h *host.Host, variant string, servers []Server, targets []netip.AddrPort, n int) observation.Set {
	batch := targets
	var later []netip.AddrPort
	for range n - 1 {
		later = append(later, targets...)
	}
	var out observation.Set
	for begun := h.Now(); len(batch) > 0; {
		for _, f := range reach(h, variant, servers, batch) {
			o := f.end()
			if o.Outcome != observation.OK && o.Outcome != observation.Astray {
				later = slices.DeleteFunc(later, func(to netip.AddrPort) bool { return to == f.to })
			}
			out = append(out, o)
		}
		size := min(len(later), flowsAtOnce)
		if h.Now().Sub(begun) > sock.Patience {
			size = 0
		}
		batch, later = later[:size], later[size:]
	}
	return out
}

// flow is one client on its way.
type flow struct {
	*Probe
	to     netip.AddrPort
	s      sock.Socket
	nonce  []byte
	err    error
	by     []string // the servers that received it
	astray bool
	number byte // which server answered
	asking bool // the connection has begun, and is not answered yet
}

func reach(h *host.Host, variant string, servers []Server, targets []netip.AddrPort) []*flow {
	kind := servers[0].Socket.Type()
	flows := make([]*flow, len(targets))
	expected := map[string]*flow{}
	for i, to := range targets {
		f := &flow{to: to, nonce: Nonce(h)}
		f.Probe = Begin(h, "reach", ProtoOf(kind, sock.FamilyOf(to.Addr())), variant, to.Addr().String())
		flows[i], expected[string(f.nonce)] = f, f
	}
	// One after the other, and accepted at once, so that no backlog matters; then all that have no
	// answer side by side. From the first of those on nothing is accepted: its connection may come
	// about meanwhile, and has nothing to read yet.
	var hanging []*flow
	for _, f := range flows {
		f.err = f.start(kind)
		switch {
		case f.asking:
			hanging = append(hanging, f)
		case f.err == nil && kind == sock.TCP && len(hanging) == 0:
			drain(h, servers, expected, 0)
		}
	}
	var all sync.WaitGroup
	for _, f := range hanging {
		all.Go(func() { f.err = f.connect(h.Wait) })
	}
	all.Wait()
	serve(h, servers, expected, flows)
	if kind == sock.TCP {
		for _, f := range flows {
			f.hear()
		}
	}
	return flows
}

func (f *flow) start(t sock.Type) (err error) {
	if f.s, err = f.Socket(sock.FamilyOf(f.to.Addr()), t); err != nil {
		return err
	}
	if t != sock.TCP {
		return f.s.SendTo(f.nonce, f.to)
	}
	_ = f.s.SetOption(sock.Linger, 0) // a courtesy: thousands of clients must not leave TIME-WAIT behind
	return f.connect(0)
}

func (f *flow) connect(wait time.Duration) error {
	err := f.s.Connect(f.to, wait)
	if f.asking = sock.OutcomeOf(err) == observation.Timeout; err != nil {
		return err
	}
	return f.s.Send(f.nonce)
}

// serve reads all servers until nothing is left there. If a flow is missing then, it reads them
// again after a marker, and at last waits for a lull, because not every stack keeps the order
// between sockets.
func serve(h *host.Host, servers []Server, expected map[string]*flow, flows []*flow) {
	drain(h, servers, expected, 0)
	if !missing(flows) {
		return
	}
	Marker(h, flows[0].to.Addr())
	drain(h, servers, expected, 0)
	if missing(flows) {
		drain(h, servers, expected, Lull(h, flows[0].to.Addr()))
	}
}

func missing(flows []*flow) bool {
	return slices.ContainsFunc(flows, func(f *flow) bool { return f.err == nil && len(f.by) == 0 })
}

// drain takes what every server has received; the first of them is waited for once.
func drain(h *host.Host, servers []Server, expected map[string]*flow, wait time.Duration) {
	for {
		took := false
		for i, s := range servers {
			for s.take(h, byte(i), expected, wait) {
				took = true
				wait = 0
			}
			wait = 0
		}
		if !took {
			return
		}
	}
}

// take receives one flow; it says whether there was anything to receive.
func (s Server) take(h *host.Host, number byte, expected map[string]*flow, wait time.Duration) bool {
	if s.Socket.Type() != sock.TCP {
		m, err := s.Socket.Recv(NonceSize, wait)
		if f := expected[string(m.Data)]; err == nil && f != nil {
			f.received(s)
		}
		return err == nil
	}
	c, _, err := s.Socket.Accept(wait)
	if err != nil {
		return false
	}
	m, err := c.Recv(NonceSize, h.Wait)
	f := expected[string(m.Data)]
	if err != nil || f == nil {
		_ = c.Close() // nobody's
		return true
	}
	f.received(s)
	f.number = number
	f.err = c.Send(append([]byte{number}, f.nonce...))
	f.Keep(c) // closed after the client, whose reset ends the connection
	return true
}

// received notes a server, once: a datagram may arrive twice.
func (f *flow) received(by Server) {
	if slices.Contains(f.by, by.Name) {
		return
	}
	f.by = append(f.by, by.Name)
	f.astray = f.astray || by.Only.IsValid() && by.Only != f.to.Addr()
	f.t.Note("received by " + by.Name)
}

// hear reads what the server said.
func (f *flow) hear() {
	if f.err != nil || len(f.by) == 0 {
		return
	}
	m, err := f.s.Recv(1+NonceSize, f.h.Wait)
	f.err = err
	if err == nil && !bytes.Equal(m.Data, append([]byte{f.number}, f.nonce...)) {
		f.by, f.astray = append(f.by, "somebody else"), true
	}
}

func (f *flow) end() observation.Observation {
	slices.Sort(f.by)
	if len(f.by) > 0 {
		f.Value(f.by[0])
	}
	if len(f.by) > 1 {
		f.Value(f.by[0] + " and " + f.by[1])
	}
	switch {
	case f.err != nil:
		return f.End(f.err)
	case f.astray:
		return f.Astray(f.o.Value)
	case len(f.by) == 0:
		return f.End(ErrLost)
	default:
		return f.End(nil)
	}
}
