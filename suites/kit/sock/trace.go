package sock

import (
	"fmt"
	"net/netip"
	"sync"
	"time"
)

// Transcript is the list of calls made on a traced stack, in the order in which they returned.
type Transcript struct {
	mu      sync.Mutex
	lines   []string
	sockets int
}

// Lines is a copy of the transcript: one call a line, with its result, as strace would show it.
func (t *Transcript) Lines() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string(nil), t.lines...)
}

func (t *Transcript) add(result error, ok, format string, args ...any) {
	call := fmt.Sprintf(format, args...)
	if result != nil {
		if e, is := result.(*Error); is { //nolint:errorlint // a Stack returns *Error itself
			ok = e.short()
		} else {
			ok = result.Error()
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append(t.lines, call+" = "+ok)
}

// short is the error without the name of its call.
func (e *Error) short() string {
	bare := *e
	bare.Op = ""
	return bare.Error()[len(": "):]
}

func (t *Transcript) number() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sockets++
	return t.sockets
}

// Trace gives a stack that does what inner does and writes every call into the transcript.
func Trace(inner Stack) (Stack, *Transcript) {
	t := &Transcript{}
	return traced{inner, t}, t
}

// TraceInto is Trace with a transcript that other calls are written into as well.
func TraceInto(inner Stack, t *Transcript) Stack { return traced{inner, t} }

// TraceSocket writes the calls of a socket that is open already into the transcript.
func TraceSocket(s Socket, t *Transcript) Socket { return &tracedSocket{s, t, t.number()} }

// Append adds the lines of another transcript.
func (t *Transcript) Append(other *Transcript) {
	lines := other.Lines()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append(t.lines, lines...)
}

type traced struct {
	Stack
	t *Transcript
}

func (x traced) Socket(f Family, k Type) (Socket, error) {
	s, err := x.Stack.Socket(f, k)
	if err != nil {
		x.t.add(err, "", "socket(%s, %s)", f, k)
		return nil, err
	}
	n := x.t.number()
	x.t.add(nil, fmt.Sprintf("s%d", n), "socket(%s, %s)", f, k)
	return &tracedSocket{s, x.t, n}, nil
}

type tracedSocket struct {
	Socket
	t *Transcript
	n int
}

func (s *tracedSocket) Bind(a netip.AddrPort) error {
	err := s.Socket.Bind(a)
	s.t.add(err, "0", "bind(s%d, %s)", s.n, a)
	return err
}

func (s *tracedSocket) Listen(backlog int) error {
	err := s.Socket.Listen(backlog)
	s.t.add(err, "0", "listen(s%d, %d)", s.n, backlog)
	return err
}

func (s *tracedSocket) Accept(wait time.Duration) (Socket, netip.AddrPort, error) {
	c, from, err := s.Socket.Accept(wait)
	if err != nil {
		s.t.add(err, "", "accept(s%d)", s.n)
		return nil, from, err
	}
	n := s.t.number()
	s.t.add(nil, fmt.Sprintf("s%d from %s", n, from), "accept(s%d)", s.n)
	return &tracedSocket{c, s.t, n}, from, nil
}

func (s *tracedSocket) Connect(to netip.AddrPort, wait time.Duration) error {
	err := s.Socket.Connect(to, wait)
	s.t.add(err, "0", "connect(s%d, %s)", s.n, to)
	return err
}

func (s *tracedSocket) Send(b []byte) error {
	err := s.Socket.Send(b)
	s.t.add(err, fmt.Sprint(len(b)), "send(s%d, %d bytes)", s.n, len(b))
	return err
}

func (s *tracedSocket) SendTo(b []byte, to netip.AddrPort) error {
	err := s.Socket.SendTo(b, to)
	s.t.add(err, fmt.Sprint(len(b)), "sendto(s%d, %d bytes, %s)", s.n, len(b), to)
	return err
}

func (s *tracedSocket) Recv(size int, wait time.Duration) (Message, error) {
	m, err := s.Socket.Recv(size, wait)
	s.t.add(err, describe(m), "recvmsg(s%d, %d)", s.n, size)
	return m, err
}

func describe(m Message) string {
	text := fmt.Sprint(len(m.Data))
	if m.From.IsValid() {
		text += fmt.Sprintf(" from %s", m.From)
	}
	if m.To.IsValid() {
		text += fmt.Sprintf(" to %s", m.To)
	}
	if m.Index != 0 {
		text += fmt.Sprintf(" on interface %d", m.Index)
	}
	if m.TTL > 0 {
		text += fmt.Sprintf(" ttl %d", m.TTL)
	}
	return text
}

func (s *tracedSocket) SetOption(o Option, v int) error {
	err := s.Socket.SetOption(o, v)
	s.t.add(err, "0", "setsockopt(s%d, %s, %d)", s.n, o, v)
	return err
}

func (s *tracedSocket) Option(o Option) (int, error) {
	v, err := s.Socket.Option(o)
	s.t.add(err, fmt.Sprint(v), "getsockopt(s%d, %s)", s.n, o)
	return v, err
}

func (s *tracedSocket) JoinGroup(group netip.Addr, index int) error {
	err := s.Socket.JoinGroup(group, index)
	s.t.add(err, "0", "setsockopt(s%d, join %s on interface %d)", s.n, group, index)
	return err
}

func (s *tracedSocket) Name() (netip.AddrPort, error) {
	a, err := s.Socket.Name()
	s.t.add(err, a.String(), "getsockname(s%d)", s.n)
	return a, err
}

func (s *tracedSocket) PeerName() (netip.AddrPort, error) {
	a, err := s.Socket.PeerName()
	s.t.add(err, a.String(), "getpeername(s%d)", s.n)
	return a, err
}

func (s *tracedSocket) Close() error {
	err := s.Socket.Close()
	s.t.add(err, "0", "close(s%d)", s.n)
	return err
}

// Note adds a line that is no call.
func (t *Transcript) Note(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append(t.lines, line)
}
