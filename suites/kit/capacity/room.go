package capacity

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/sweep"
)

// Owner holds listeners: a process, or a Room in this one. It is used by one goroutine at a time.
type Owner interface {
	// Hold listens on the addresses from the first on, as far as it gets.
	Hold(from sweep.Offset, n int, port uint16) (Holding, error)
	// Meet takes the connection that waits at a listener, and sends it the token.
	Meet(at sweep.Offset, wait time.Duration) (Meeting, error)
	// Shut closes one listener.
	Shut(at sweep.Offset) error
	// Own is the memory of the process, in bytes, without what it shares with others of the same program; 0 if nobody says.
	Own() (int64, error)
	// Close closes all, and ends the process if there is one.
	Close() error
}

// Holding is how far an owner got.
type Holding struct {
	// Tried is how many addresses were tried, those that it can't listen on among them.
	Tried int
	// Failures are the addresses of those that it can't listen on, in ranges.
	Failures []Failure
	// Stopped is why it did not try them all.
	Stopped *sock.Error
}

// Failure is a range of addresses that can't be listened on, and why.
type Failure struct {
	From sweep.Offset
	N    int
	Err  sock.Error
}

// Failed is how many addresses it can't listen on.
func (h Holding) Failed() int {
	n := 0
	for _, f := range h.Failures {
		n += f.N
	}
	return n
}

// Meeting is what a listener knows of a connection.
type Meeting struct {
	// Listener is getsockname of the listener, Local that of the connection, Peer its getpeername.
	Listener, Local, Peer netip.AddrPort
}

// token is what a listener sends: its own address, which no other listener has.
func token(at sweep.Offset, port uint16) string {
	return fmt.Sprintf("I am %s\n", netip.AddrPortFrom(at.Addr(), port))
}

// shelf keeps listeners by number, from 0 on.
type shelf interface {
	// add listens on an address and keeps the listener. Its errors are of package sock.
	add(at sweep.Offset, port uint16) *sock.Error
	// at is a listener as a socket.
	at(i int) (sock.Socket, error)
	shut(i int) error
	close() error
}

// Room holds the listeners of this process.
type Room struct {
	shelf shelf
	port  uint16
	spans []span
	n     int
	spare []sock.Socket
	stack sock.Stack
}

// span is a run of neighbouring addresses that are listened on, the first of them with this number.
type span struct {
	from     sweep.Offset
	n, first int
}

// spares is how many descriptors a process keeps for the connections that it accepts when it can have no more.
const spares = 4

// NewRoom is an empty room; the stack opens its sockets.
func NewRoom(stack sock.Stack) *Room { return &Room{shelf: &sockets{stack: stack}, stack: stack} }

// Hold listens.
func (r *Room) Hold(from sweep.Offset, n int, port uint16) (h Holding, err error) {
	if err := r.reserve(); err != nil {
		return h, err
	}
	r.port = port
	for at := from; at < from+sweep.Offset(n); at++ {
		failed := r.shelf.add(at, port)
		if failed == nil {
			r.keep(at)
		} else if b, _ := boundOf(failed); b == ofAddress {
			h.fail(at, failed)
		} else {
			h.Stopped = failed
			break
		}
		h.Tried++
	}
	return h, nil
}

// reserve takes the descriptors to spare before the listeners take all. A process that can't even have those has none
// to listen with either, and says so then.
func (r *Room) reserve() error {
	for r.n == 0 && len(r.spare) < spares {
		s, err := r.stack.Socket(sock.Inet, sock.TCP)
		if err != nil {
			var e *sock.Error
			if !errors.As(err, &e) {
				return err
			}
			return nil
		}
		r.spare = append(r.spare, s)
	}
	return nil
}

func (r *Room) keep(at sweep.Offset) {
	if i := len(r.spans) - 1; i >= 0 && r.spans[i].from+sweep.Offset(r.spans[i].n) == at {
		r.spans[i].n++
	} else {
		r.spans = append(r.spans, span{from: at, n: 1, first: r.n})
	}
	r.n++
}

func (h *Holding) fail(at sweep.Offset, err *sock.Error) {
	if i := len(h.Failures) - 1; i >= 0 {
		f := &h.Failures[i]
		if f.From+sweep.Offset(f.N) == at && f.Err.Op == err.Op && f.Err.Errno == err.Errno && f.Err.Number == err.Number {
			f.N++
			return
		}
	}
	plain := *err
	plain.Err = nil // it may not be able to travel, and the number says as much
	h.Failures = append(h.Failures, Failure{From: at, N: 1, Err: plain})
}

// errStranger is behind a question for a listener that is another's.
var errStranger = errors.New("no listener of this process")

func (r *Room) number(at sweep.Offset) (int, error) {
	for _, s := range r.spans {
		if at >= s.from && at < s.from+sweep.Offset(s.n) {
			return s.first + int(at-s.from), nil
		}
	}
	return 0, fmt.Errorf("%s: %w", at.Addr(), errStranger)
}

// Meet accepts.
func (r *Room) Meet(at sweep.Offset, wait time.Duration) (m Meeting, err error) {
	i, err := r.number(at)
	if err != nil {
		return m, err
	}
	r.giveBack()
	l, err := r.shelf.at(i)
	if err != nil {
		return m, err
	}
	if m.Listener, err = l.Name(); err != nil {
		return m, err
	}
	c, _, err := l.Accept(wait)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if m.Local, err = c.Name(); err != nil {
		return m, err
	}
	if m.Peer, err = c.PeerName(); err != nil {
		return m, err
	}
	return m, c.Send([]byte(token(at, r.port)))
}

// Shut closes one.
func (r *Room) Shut(at sweep.Offset) error {
	i, err := r.number(at)
	if err != nil {
		return err
	}
	return r.shelf.shut(i)
}

// Own is the memory of this process, which a full one has to make room for: the kernel tells it by a file.
func (r *Room) Own() (int64, error) {
	r.giveBack()
	return ownMemory(), nil
}

// giveBack frees the descriptors to spare.
func (r *Room) giveBack() {
	for _, s := range r.spare {
		_ = s.Close()
	}
	r.spare = nil
}

// Close closes all.
func (r *Room) Close() error {
	r.giveBack()
	return r.shelf.close()
}

// backlog is enough for those who dial: one at a time.
const backlog = 8

// sockets is a shelf of a stack's sockets, for stacks that are no kernel and kernels without a shelf of their own.
type sockets struct {
	stack sock.Stack
	all   []sock.Socket
}

func (s *sockets) add(at sweep.Offset, port uint16) *sock.Error {
	l, err := s.stack.Socket(sock.Inet, sock.TCP)
	if err != nil {
		return asError("socket", err)
	}
	err = l.Bind(netip.AddrPortFrom(at.Addr(), port))
	if err == nil {
		err = l.Listen(backlog)
	}
	if err != nil {
		_ = l.Close()
		return asError("listen", err)
	}
	s.all = append(s.all, l)
	return nil
}

func asError(op string, err error) *sock.Error {
	var e *sock.Error
	if errors.As(err, &e) {
		return e
	}
	return &sock.Error{Op: op, Outcome: sock.OutcomeOf(err), Err: err}
}

func (s *sockets) at(i int) (sock.Socket, error) { return s.all[i], nil }
func (s *sockets) shut(i int) error              { return s.all[i].Close() }

func (s *sockets) close() error {
	for _, l := range s.all {
		_ = l.Close() // those that were shut give an error
	}
	return nil
}
