package probe

import (
	"errors"
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/host"
	"github.com/loopmatrix/loopmatrix/suites/observe"
	"github.com/loopmatrix/loopmatrix/suites/sock"
)

// FreePort finds a port that nobody holds on any address of this family: the one that the system chooses for a
// wildcard socket, which is closed again.
func FreePort(h *host.Host, t sock.Type, f sock.Family) (uint16, error) {
	s, err := h.Stack.Socket(f, t)
	if err != nil {
		return 0, err
	}
	defer func() { _ = s.Close() }()
	wild := netip.IPv4Unspecified()
	if f == sock.Inet6 {
		wild = netip.IPv6Unspecified()
	}
	if err := s.Bind(netip.AddrPortFrom(wild, 0)); err != nil {
		return 0, err
	}
	name, err := s.Name()
	return name.Port(), err
}

// Seat is one socket that wants a port.
type Seat struct {
	Name    string // for observations: "wildcard", "first"
	Addr    netip.Addr
	Options []Option
	Bare    bool       // TCP only: it is bound, and does not listen
	Stack   sock.Stack // that of another process; nil for the host's
}

// Pair describes two sockets that want the same port.
type Pair struct {
	Type          sock.Type
	Variant       string // for the observation
	First, Second Seat
}

// Seated is what a Pair has left open: one or two servers on one port.
type Seated struct {
	Servers []Server
	Port    uint16
}

// Both says whether both sockets hold the port.
func (s *Seated) Both() bool { return len(s.Servers) == 2 }

// Close closes both, the second first.
func (s *Seated) Close() {
	for i := len(s.Servers) - 1; i >= 0; i-- {
		_ = s.Servers[i].Socket.Close() // what was observed is observed
	}
}

// Bind binds the first socket and then the second to the same free port; TCP sockets listen, unless they are bare. The
// observation is what the second one got; its operation is "hold" instead of "bind" if already the first one failed.
// The value is "listen" if bind(2) allowed what listen(2) refused. The sockets stay open until Close.
func (p Pair) Bind(h *host.Host) (observe.Observation, *Seated) {
	out := &Seated{}
	run := Begin(h, "bind", ProtoOf(p.Type, sock.FamilyOf(p.Second.Addr)), p.Variant, p.Second.Addr.String())
	var err error
	if out.Port, err = FreePort(h, p.Type, sock.FamilyOf(p.First.Addr)); err == nil {
		err = out.seat(run, p.Type, p.First)
	}
	if err != nil {
		run.o.Op, run.o.Targets = "hold", []string{p.First.Addr.String()}
		return run.End(err), out
	}
	err = out.seat(run, p.Type, p.Second)
	var e *sock.Error
	if errors.As(err, &e) && e.Op == "listen" {
		run.Value("listen")
	}
	return run.End(err), out
}

// seat opens one socket of the pair; its calls are in the transcript of the run.
func (s *Seated) seat(run *Probe, t sock.Type, seat Seat) error {
	stack := run.Stack
	if seat.Stack != nil {
		stack = sock.TraceInto(seat.Stack, run.t)
	}
	k, err := stack.Socket(sock.FamilyOf(seat.Addr), t)
	if err != nil {
		return err
	}
	err = Set(k, seat.Options)
	if err == nil {
		err = k.Bind(netip.AddrPortFrom(seat.Addr, s.Port))
	}
	if err == nil && t == sock.TCP && !seat.Bare {
		err = k.Listen(Backlog)
	}
	if err != nil {
		_ = k.Close() // the error before it is the one that counts
		return err
	}
	s.Servers = append(s.Servers, Server{Name: seat.Name, Socket: k})
	return nil
}
