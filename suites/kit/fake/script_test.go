package fake_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// tape runs socket calls and writes down what came back, without what differs from run to run: a
// port is written as the letter under which it was seen first.
type tape struct {
	t     *testing.T
	stack sock.Stack
	lines []string
	ports map[uint16]string
	own   []netip.Addr // addresses of external interfaces
	last  uint16       // the port of the last bind
	twice bool         // the system chose a port that has a letter already
}

// hand is a socket in a script.
type hand struct {
	sock.Socket
	x    *tape
	name string
}

func (x *tape) note(name, call string, err error, result string) error {
	if err != nil {
		result = err.Error()
	}
	x.lines = append(x.lines, fmt.Sprintf("%s.%s = %s", name, call, result))
	return err
}

func (x *tape) address(a netip.AddrPort) string {
	if !a.IsValid() {
		return "nothing"
	}
	host := a.Addr().String()
	if slices.Contains(x.own, a.Addr()) {
		host = "own"
	}
	if a.Port() == 0 {
		return host
	}
	if _, known := x.ports[a.Port()]; !known {
		x.ports[a.Port()] = string(rune('P' + len(x.ports)))
	}
	return host + ":" + x.ports[a.Port()]
}

func (x *tape) open(name string, f sock.Family, k sock.Type, options ...sock.Option) *hand {
	s, err := x.stack.Socket(f, k)
	if x.note(name, fmt.Sprintf("socket(%s, %s)", f, k), err, "ok") != nil {
		return nil
	}
	x.t.Cleanup(func() { _ = s.Close() })
	h := &hand{s, x, name}
	for _, o := range options {
		h.set(o, 1)
	}
	return h
}

func (h *hand) set(o sock.Option, v int) {
	_ = h.x.note(h.name, fmt.Sprintf("set(%s, %d)", o, v), h.SetOption(o, v), "ok")
}

func (h *hand) get(o sock.Option) {
	v, err := h.Option(o)
	_ = h.x.note(h.name, fmt.Sprintf("get(%s)", o), err, fmt.Sprint(v))
}

func to(a string, port uint16) netip.AddrPort {
	return netip.AddrPortFrom(netip.MustParseAddr(a), port)
}

// chosen makes a call that may have the system choose a port for the socket, and sees whether it
// has a letter already. Linux gives one port to several connections if they go to different
// addresses (inet_hash_connect).
func (h *hand) chosen(call func() error) error {
	before, _ := h.Name()
	err := call()
	if after, _ := h.Name(); before.Port() == 0 && after.Port() != 0 {
		_, known := h.x.ports[after.Port()]
		h.x.twice = h.x.twice || known
	}
	return err
}

// bind binds an address and a port; port 0 asks the system for one, which tape.last keeps.
func (h *hand) bind(a string, port uint16) error {
	bind := func() error { return h.Bind(to(a, port)) }
	if port == 0 {
		ask := bind
		bind = func() error { return h.chosen(ask) }
	}
	err := bind()
	if err == nil {
		if n, e := h.Name(); e == nil {
			h.x.last = n.Port()
		}
	}
	return h.x.note(h.name, "bind("+h.x.address(to(a, port))+")", err, "ok")
}

// free finds a port that nobody holds at any address of either family: on a kernel even a
// connection of yesterday's script that is in TIME-WAIT would be in the way of a wildcard.
func (x *tape) free(k sock.Type) uint16 {
	s, err := x.stack.Socket(sock.Inet6, k)
	if err != nil {
		x.t.Skip(err) // the scripts compare both families
	}
	defer func() { _ = s.Close() }()
	if err := s.SetOption(sock.V6Only, 0); err != nil {
		x.t.Fatal(err)
	}
	if err := s.Bind(to("::", 0)); err != nil {
		x.t.Fatal(err)
	}
	name, err := s.Name()
	if err != nil {
		x.t.Fatal(err)
	}
	return name.Port()
}

func (h *hand) listen() {
	_ = h.x.note(h.name, "listen", h.chosen(func() error { return h.Listen(16) }), "ok")
}

// sound is how long a script waits for what should come at once, and quiet for what should not.
const (
	sound = time.Second
	quiet = 2 * time.Millisecond
)

func (h *hand) connect(a string, port uint16) error {
	call := "connect(" + h.x.address(to(a, port)) + ")"
	return h.x.note(h.name, call, h.chosen(func() error { return h.Connect(to(a, port), sound) }), "ok")
}

func (h *hand) accept(name string) *hand {
	s, from, err := h.Accept(quiet)
	if h.x.note(h.name, "accept", err, "from "+h.x.address(from)) != nil {
		return nil
	}
	h.x.t.Cleanup(func() { _ = s.Close() })
	c := &hand{s, h.x, name}
	c.names()
	return c
}

func (h *hand) names() {
	a, err := h.Name()
	_ = h.x.note(h.name, "getsockname", err, h.x.address(a))
	a, err = h.PeerName()
	_ = h.x.note(h.name, "getpeername", err, h.x.address(a))
}

func (h *hand) send(b string) { _ = h.x.note(h.name, "send", h.Send([]byte(b)), "ok") }

func (h *hand) sendto(b, a string, port uint16) {
	call := "sendto(" + h.x.address(to(a, port)) + ")"
	_ = h.x.note(h.name, call, h.chosen(func() error { return h.SendTo([]byte(b), to(a, port)) }), "ok")
}

func (h *hand) recv() {
	m, err := h.Recv(70000, quiet)
	text := fmt.Sprintf("%d bytes %.20q", len(m.Data), m.Data)
	if err == nil {
		text += " from " + h.x.address(m.From)
		if m.To.IsValid() {
			text += fmt.Sprintf(" to %s on %d", m.To, m.Index)
		}
		text += fmt.Sprintf(" ttl %d", m.TTL)
	}
	_ = h.x.note(h.name, "recv", err, text)
}

func (h *hand) close() { _ = h.x.note(h.name, "close", h.Close(), "ok") }

// play runs a script on a stack, until every port that the system chose for it is another: two of
// one number have one letter, and nothing can be told from the tape.
func play(t *testing.T, stack sock.Stack, own []netip.Addr, script func(*tape)) string {
	for {
		x := &tape{t: t, stack: stack, own: own, ports: map[uint16]string{}}
		if script(x); !x.twice {
			return strings.Join(x.lines, "\n")
		}
	}
}
