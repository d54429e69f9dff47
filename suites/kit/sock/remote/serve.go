package remote

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// server is the child's end.
type server struct {
	stack sock.Stack

	mu      sync.Mutex
	sockets map[int]sock.Socket
	last    int
	out     *gob.Encoder
}

// serve answers requests until there are no more; that is no error.
func serve(in io.Reader, out io.Writer, stack sock.Stack) error {
	s := &server{stack: stack, sockets: map[int]sock.Socket{}, out: gob.NewEncoder(out)}
	if err := s.out.Encode(greeting{version, stack.Name()}); err != nil {
		return err
	}
	requests := gob.NewDecoder(in)
	for {
		var q request
		switch err := requests.Decode(&q); {
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
	a.ID, a.Failure = q.ID, failureOf(err)
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.out.Encode(a) // the asker may be gone; then stdin ends, too
}

// keep gives a new socket its number.
func (s *server) keep(k sock.Socket) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	s.sockets[s.last] = k
	return s.last
}

func (s *server) do(q request) (response, error) {
	if q.Call == callSocket {
		k, err := s.stack.Socket(sock.Family(q.A), sock.Type(q.B))
		if err != nil {
			return response{}, err
		}
		return response{Socket: s.keep(k)}, nil
	}
	s.mu.Lock()
	k := s.sockets[q.Socket]
	if q.Call == callClose {
		delete(s.sockets, q.Socket)
	}
	s.mu.Unlock()
	if k == nil {
		return response{}, &sock.Error{Op: "remote", Outcome: observation.Failed, Err: fmt.Errorf("no socket %d", q.Socket)}
	}
	return s.on(k, q)
}

// on makes one call on one socket.
func (s *server) on(k sock.Socket, q request) (a response, err error) {
	switch q.Call {
	case callBind:
		err = k.Bind(q.Addr)
	case callListen:
		err = k.Listen(q.A)
	case callAccept:
		var c sock.Socket
		if c, a.Addr, err = k.Accept(q.Wait); err == nil {
			a.Socket = s.keep(c)
		}
	case callConnect:
		err = k.Connect(q.Addr, q.Wait)
	case callSend:
		err = k.Send(q.Data)
	case callSendTo:
		err = k.SendTo(q.Data, q.Addr)
	case callRecv:
		a.Message, err = k.Recv(q.A, q.Wait)
	case callSetOption:
		err = k.SetOption(sock.Option(q.A), q.B)
	case callOption:
		a.Value, err = k.Option(sock.Option(q.A))
	case callJoinGroup:
		err = k.JoinGroup(q.Addr.Addr(), q.A)
	case callName:
		a.Addr, err = k.Name()
	case callPeerName:
		a.Addr, err = k.PeerName()
	case callClose:
		err = k.Close()
	default:
		err = &sock.Error{Op: "remote", Outcome: observation.Failed, Err: fmt.Errorf("no call %d", q.Call)}
	}
	return a, err
}
