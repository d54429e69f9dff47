package capacity

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/sweep"
)

// role is that of a process that holds listeners.
const role = "listeners"

func init() { child.Handle(role, holdListeners) }

// version is the greeting. It only has to differ from what a program prints that never called child.Main.
const version = "listeners 1"

func holdListeners(string) error {
	if err := serve(os.Stdin, os.Stdout, kernelRoom()); err != nil {
		return fmt.Errorf("listeners: %w", err)
	}
	return nil // the end of the process closes them all, faster than one by one
}

// The calls of an Owner.
const (
	callHold = iota
	callMeet
	callShut
	callOwn
)

// request is a call of a method.
type request struct {
	Call int
	From sweep.Offset
	N    int
	Port uint16
	Wait time.Duration
}

// response is what it gave.
type response struct {
	Holding Holding
	Meeting Meeting
	Own     int64
	Failure *sock.Error // without what is behind it, which could not travel
	Text    string      // of an error that is none of package sock
}

func (r *response) fail(err error) {
	var e *sock.Error
	switch {
	case errors.As(err, &e):
		plain := *e
		plain.Err = nil
		r.Failure = &plain
	case err != nil:
		r.Text = sock.Reason(err)
	}
	if stopped := r.Holding.Stopped; stopped != nil {
		plain := *stopped
		plain.Err = nil
		r.Holding.Stopped = &plain
	}
}

func (r response) err() error {
	switch {
	case r.Failure != nil:
		return r.Failure
	case r.Text != "":
		return errors.New(r.Text)
	default:
		return nil
	}
}

// serve answers requests until there are no more: until whoever asks has closed the pipe, or is no more.
func serve(in io.Reader, out io.Writer, room *Room) error {
	debug.FreeOSMemory() // the start of the whole program has left more than a process of listeners needs
	answers, questions := gob.NewEncoder(out), gob.NewDecoder(in)
	if err := answers.Encode(version); err != nil {
		return err
	}
	for {
		var q request
		if err := questions.Decode(&q); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if err := answers.Encode(answer(q, room)); err != nil {
			return err
		}
	}
}

func answer(q request, room *Room) (a response) {
	var err error
	switch q.Call {
	case callHold:
		a.Holding, err = room.Hold(q.From, q.N, q.Port)
	case callMeet:
		a.Meeting, err = room.Meet(q.From, q.Wait)
	case callShut:
		err = room.Shut(q.From)
	case callOwn:
		a.Own, err = room.Own()
	default:
		err = fmt.Errorf("there is no call %d", q.Call)
	}
	a.fail(err)
	return a
}

// process is an Owner in another process.
type process struct {
	*child.Process
	questions *gob.Encoder
	answers   *gob.Decoder
	ended     error // how the process ended, once it did
}

// Process starts this program again, to hold listeners.
func Process() (Owner, error) { return launch(child.Options{}) }

func launch(o child.Options) (Owner, error) {
	p, err := child.Start(role, o)
	if err != nil {
		return nil, err
	}
	q := &process{Process: p, questions: gob.NewEncoder(p.In), answers: gob.NewDecoder(p.Out)}
	if err := q.greet(); err != nil {
		return nil, err
	}
	return q, nil
}

// greet waits until the process serves.
func (p *process) greet() error {
	var hello string
	err := p.answers.Decode(&hello)
	if err == nil && hello != version {
		err = fmt.Errorf("it said %q instead of %q", hello, version)
	}
	if err != nil {
		return p.end(fmt.Errorf("a process of listeners did not begin: %w", err))
	}
	return nil
}

// errEnded is behind every call of a process that has ended.
var errEnded = errors.New("the process has ended")

// end says how the process ended, which explains why it does not answer.
func (p *process) end(why error) error {
	if p.ended == nil { // it may only have garbled an answer
		p.ended = fmt.Errorf("%w: %w", errEnded, p.Kill(why))
	}
	return p.ended
}

func (p *process) call(q request) (response, error) {
	if p.ended != nil {
		return response{}, p.ended
	}
	if err := p.questions.Encode(q); err != nil {
		return response{}, p.end(err)
	}
	var a response
	if err := p.answers.Decode(&a); err != nil {
		return response{}, p.end(err)
	}
	return a, a.err()
}

func (p *process) Hold(from sweep.Offset, n int, port uint16) (Holding, error) {
	a, err := p.call(request{Call: callHold, From: from, N: n, Port: port})
	return a.Holding, err
}

func (p *process) Meet(at sweep.Offset, wait time.Duration) (Meeting, error) {
	a, err := p.call(request{Call: callMeet, From: at, Wait: wait})
	return a.Meeting, err
}

func (p *process) Shut(at sweep.Offset) error {
	_, err := p.call(request{Call: callShut, From: at})
	return err
}

func (p *process) Own() (int64, error) {
	a, err := p.call(request{Call: callOwn})
	return a.Own, err
}

// Close ends the process and waits until it is gone, with all that it held.
func (p *process) Close() error {
	if p.ended == nil {
		p.ended = errEnded
		return p.End(0)
	}
	return nil
}
