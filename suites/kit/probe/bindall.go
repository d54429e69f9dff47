package probe

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// BindAll binds one socket to each address, all on the same free port and all at once; TCP sockets
// listen. There is one observation for each address, and one server for each that could be bound,
// which may receive only what is sent to its address. They stay open until Close.
func BindAll(h *host.Host, t sock.Type, variant string, addrs []netip.Addr) (observation.Set, *Seated, error) {
	out := &Seated{}
	var err error
	families := make([]sock.Family, len(addrs))
	for i, a := range addrs {
		families[i] = sock.FamilyOf(a)
	}
	if out.Port, err = FreePort(h, t, families[0], families...); err != nil {
		return nil, out, err
	}
	seen := make(observation.Set, len(addrs))
	for i, a := range addrs {
		run := Begin(h, "bind", ProtoOf(t, sock.FamilyOf(a)), variant, a.String())
		err := out.seat(run, t, Seat{Name: a.String(), Addr: a})
		if err == nil {
			out.Servers[len(out.Servers)-1].Only = a
		}
		seen[i] = run.End(err)
	}
	return seen, out, nil
}

// Targets are the addresses of the servers that receive only what is sent to theirs, with the port.
func (s *Seated) Targets() []netip.AddrPort {
	var out []netip.AddrPort
	for _, server := range s.Servers {
		if server.Only.IsValid() {
			out = append(out, netip.AddrPortFrom(server.Only, s.Port))
		}
	}
	return out
}

// Failure is the error of the first observation that is not OK; nil if there is none.
func Failure(seen observation.Set) error {
	for _, o := range seen {
		if o.Outcome != observation.OK {
			return &sock.Error{Op: o.Op, Errno: o.Errno, Number: o.Number, Outcome: o.Outcome}
		}
	}
	return nil
}
