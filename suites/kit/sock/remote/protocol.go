package remote

import (
	"errors"
	"net/netip"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// greeting is the first thing that a child says.
type greeting struct {
	Version string
	Name    string // Stack.Name
}

// call says which method a request is for.
type call int

const (
	callSocket call = iota
	callBind
	callListen
	callAccept
	callConnect
	callSend
	callSendTo
	callRecv
	callSetOption
	callOption
	callJoinGroup
	callName
	callPeerName
	callClose
)

// request is one call of a method. Every method has at most two integers, one address and one block of data.
type request struct {
	ID     uint64
	Call   call
	Socket int // which socket; 0 for the stack itself
	A, B   int // the method's integers, in the order of its parameters
	Addr   netip.AddrPort
	Data   []byte
	Wait   time.Duration
}

// response is what the method returned.
type response struct {
	ID      uint64
	Socket  int // the new socket of Socket and Accept
	Value   int
	Addr    netip.AddrPort
	Message sock.Message
	Failure *failure
}

// failure is an error that can travel: a *sock.Error with the text of what is behind it.
type failure struct {
	Op, Errno string
	Number    int
	Outcome   observation.Outcome
	Text      string
}

func failureOf(err error) *failure {
	if err == nil {
		return nil
	}
	var e *sock.Error
	if !errors.As(err, &e) {
		return &failure{Outcome: observation.Failed, Text: sock.Reason(err)}
	}
	f := &failure{Op: e.Op, Errno: e.Errno, Number: e.Number, Outcome: e.Outcome}
	if e.Err != nil {
		f.Text = sock.Reason(e.Err)
	}
	return f
}

func (f *failure) err() error {
	if f == nil {
		return nil
	}
	e := &sock.Error{Op: f.Op, Errno: f.Errno, Number: f.Number, Outcome: f.Outcome}
	if f.Text != "" {
		e.Err = errors.New(f.Text)
	}
	return e
}
