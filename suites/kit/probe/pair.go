package probe

import (
	"errors"
	"net/netip"
	"slices"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// portTries is how many ports are asked about before one is taken as it is. A port that is free in
// one family is seldom taken in the other: by a connection that has just ended, for a minute (RFC
// 9293 3.3.2, TIME-WAIT).
const portTries = 16

// FreePort finds a port that no socket holds on any address of these families: one that the system
// chooses for a wildcard socket of the first, and that it gives to one of each other alone. All are
// closed again. Where the system has not got one of the others, or every port is taken there,
// whoever binds will see it.
func FreePort(h *host.Host, t sock.Type, first sock.Family, others ...sock.Family) (port uint16, err error) {
	for range portTries {
		if port, err = freePort(h, t, first, 0); err != nil {
			return 0, err
		}
		taken := slices.ContainsFunc(others, func(f sock.Family) bool {
			if f == first {
				return false
			}
			_, err := freePort(h, t, f, port)
			return sock.OutcomeOf(err) == observation.InUse
		})
		if !taken {
			break
		}
	}
	return port, nil
}

// freePort binds the wildcard of a family to a port, 0 for one of the system's choice, and closes
// it again.
func freePort(h *host.Host, t sock.Type, f sock.Family, port uint16) (uint16, error) {
	s, err := h.Stack.Socket(f, t)
	if err != nil {
		return 0, err
	}
	defer func() { _ = s.Close() }()
	wild := netip.IPv4Unspecified()
	if f == sock.Inet6 {
		wild = netip.IPv6Unspecified()
	}
	if err := s.Bind(netip.AddrPortFrom(wild, port)); err != nil {
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

// Bind binds the first socket and then the second to the same free port; TCP sockets listen, unless
// they are bare. The observation is what the second one got; its operation is "hold" instead of
// "bind" if already the first one failed. The value is "listen" if bind(2) allowed what listen(2)
// refused. The sockets stay open until Close.
func (p Pair) Bind(h *host.Host) (observation.Observation, *Seated) {
	out := &Seated{}
	run := Begin(h, "bind", ProtoOf(p.Type, sock.FamilyOf(p.Second.Addr)), p.Variant, p.Second.Addr.String())
	var err error
	if out.Port, err = FreePort(h, p.Type, sock.FamilyOf(p.First.Addr), sock.FamilyOf(p.Second.Addr)); err == nil {
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
