package probe

import (
	"fmt"
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Bind binds a new socket to the address and a port that the system chooses, reads the name back
// with getsockname, and closes it. A name other than the one asked for is Astray.
func Bind(h *host.Host, t sock.Type, variant string, a netip.Addr, options ...Option) observation.Observation {
	f := sock.FamilyOf(a)
	p := Begin(h, "bind", ProtoOf(t, f), variant, a.String())
	s, err := p.Socket(f, t)
	if err == nil {
		err = Set(s, options)
	}
	if err == nil {
		err = s.Bind(netip.AddrPortFrom(a, 0))
	}
	if err != nil {
		return p.End(err)
	}
	name, err := s.Name()
	if err == nil && name.Addr() != a {
		return p.Astray(fmt.Sprintf("getsockname gives %s", name.Addr()))
	}
	return p.End(err)
}

// Listen opens a server socket: TCP sockets listen, UDP sockets are bound. The server belongs to
// the caller, who closes it.
func Listen(h *host.Host, t sock.Type, a netip.AddrPort, options ...Option) (sock.Socket, netip.AddrPort, error) {
	return ListenOn(h.Stack, t, a, options...)
}

// Backlog is the listen backlog of every server: room for a whole sample that is dialled before the
// first accept.
const Backlog = 128

// ListenOn is Listen on another stack than that of the host, such as a second process or a traced
// one.
func ListenOn(stack sock.Stack, t sock.Type, a netip.AddrPort, options ...Option) (sock.Socket, netip.AddrPort, error) {
	s, err := stack.Socket(sock.FamilyOf(a.Addr()), t)
	if err != nil {
		return nil, a, err
	}
	err = Set(s, options)
	if err == nil {
		err = s.Bind(a)
	}
	if err == nil && t == sock.TCP {
		err = s.Listen(Backlog)
	}
	if err == nil {
		a, err = s.Name()
	}
	if err != nil {
		_ = s.Close() // the error before it is the one that counts
		return nil, a, err
	}
	return s, a, nil
}
