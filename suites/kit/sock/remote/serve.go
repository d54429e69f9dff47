package remote

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// server is the end of the protocol that has the stack.
type server struct {
	stack sock.Stack

	mu      sync.Mutex
	sockets map[int]sock.Socket
	last    int
	out     io.Writer
}

// Released is a stack that has a version, which its greeting tells.
type Released interface{ Release() string }

// Serve answers requests to a stack until there are no more, which is no error.
func Serve(in io.Reader, out io.Writer, stack sock.Stack) error {
	s := &server{stack: stack, sockets: map[int]sock.Socket{}, out: out}
	hello := greeting{Protocol: protocol, Version: version, Name: stack.Name()}
	if r, is := stack.(Released); is {
		hello.Release = r.Release()
	}
	if err := writeFrame(out, hello); err != nil {
		return err
	}
	for {
		var q request
		switch err := readFrame(in, &q); {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return nil
		case err != nil:
			return err
		}
		go s.answer(q) // a call that waits must not keep the others waiting
	}
}

func (s *server) answer(q request) {
	a, err := s.do(q)
	a.ID, a.Error = q.ID, failureOf(q.Call, err)
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = writeFrame(s.out, a) // the other end may be gone; then the input ends, too
}

// keep returns the number of a new socket.
func (s *server) keep(k sock.Socket) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	s.sockets[s.last] = k
	return s.last
}

func (s *server) do(q request) (response, error) {
	if q.Call == "socket" {
		return s.socket(q)
	}
	s.mu.Lock()
	k := s.sockets[q.Socket]
	if q.Call == "close" {
		delete(s.sockets, q.Socket)
	}
	s.mu.Unlock()
	if k == nil {
		return response{}, fmt.Errorf("there is no socket %d", q.Socket)
	}
	return s.on(k, q)
}

func (s *server) socket(q request) (response, error) {
	family, known := named(q.Family, sock.Families())
	if !known {
		return response{}, sock.Errno("socket", "EAFNOSUPPORT", 0)
	}
	kind, known := named(q.Type, sock.Types())
	if !known {
		return response{}, sock.Errno("socket", "EPROTONOSUPPORT", 0)
	}
	k, err := s.stack.Socket(family, kind)
	if err != nil {
		return response{}, err
	}
	return response{Socket: s.keep(k)}, nil
}

// named returns the one of these values that has this name.
func named[T fmt.Stringer](name string, all []T) (T, bool) {
	for _, v := range all {
		if v.String() == name {
			return v, true
		}
	}
	var none T
	return none, false
}

// on makes one call on one socket.
func (s *server) on(k sock.Socket, q request) (a response, err error) {
	wait := time.Duration(q.Wait) * time.Millisecond
	switch q.Call {
	case "bind":
		err = k.Bind(q.Address)
	case "listen":
		err = k.Listen(q.Backlog)
	case "accept":
		var c sock.Socket
		if c, a.Address, err = k.Accept(wait); err == nil {
			a.Socket = s.keep(c)
		}
	case "connect":
		err = k.Connect(q.Address, wait)
	case "send":
		err = k.Send(q.Data)
	case "sendto":
		err = k.SendTo(q.Data, q.Address)
	case "recvmsg":
		var m sock.Message
		if m, err = k.Recv(q.Size, wait); err == nil {
			a.received(m)
		}
	case "setsockopt", "getsockopt":
		a.Value, err = option(k, q)
	case "getsockname":
		a.Address, err = k.Name()
	case "getpeername":
		a.Address, err = k.PeerName()
	case "close":
		err = k.Close()
	default:
		err = sock.Errno(q.Call, "ENOSYS", 0)
	}
	return a, err
}

func option(k sock.Socket, q request) (int, error) {
	o, known := named(q.Option, sock.Options())
	switch {
	case q.Call == "setsockopt" && q.Option == joinGroup:
		return 0, k.JoinGroup(q.Group, q.Interface)
	case !known:
		return 0, sock.Errno(q.Call, "ENOPROTOOPT", 0)
	case q.Call == "setsockopt":
		return 0, k.SetOption(o, q.Value)
	default:
		return k.Option(o)
	}
}
