// Package remote is a sock.Stack in another process of this machine. Begin starts a program
// that serves a stack of its own, and Serve is how a program in Go does that.
//
// Some claims need two owners of a port, and the system tells them apart by process or by user. So
// the kit starts its own executable once more (package child), which serves the kernel's stack to
// the parent over stdin and stdout. The protocol is a small one, in JSON and for programs in any
// language: README.md documents it.
package remote

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// role is that of a process whose stack is used by another.
const role = "stack"

func init() { child.Handle(role, serveKernel) }

func serveKernel(string) error {
	if err := Serve(os.Stdin, os.Stdout, sock.Kernel()); err != nil {
		return fmt.Errorf("second process: %w", err)
	}
	return nil
}

// errEnded is behind every call whose answer did not come because the process is gone.
var errEnded = errors.New("the second process has ended")

// Process is a stack in another process. It is a sock.Stack.
type Process struct {
	greeting greeting
	in       io.WriteCloser
	child    *child.Process // nil if it was not started here
	done     chan struct{}  // closed when no answer will come any more
	// limit is how much longer than the wait of its call an answer may take; 0 is no limit.
	limit time.Duration
	// readBack is for a stack that does not read an option back itself.
	readBack bool
	// onFailure is called once, when the other side has broken the protocol or is gone; may be nil.
	onFailure func()

	writing sync.Mutex
	mu      sync.Mutex
	last    uint64
	waiting map[uint64]waiting // nil after the end
	opened  map[int]bool       // the numbers of sockets that were given
	failed  error              // why there are no more answers
}

// waiting is a request whose answer has not come yet.
type waiting struct {
	request request
	answer  chan<- response
}

// Start starts this program again, owned by the same user, and waits until it serves. Close ends
// it.
func Start() (*Process, error) { return start(child.Options{}) }

func start(o child.Options) (*Process, error) {
	c, err := child.Start(role, o)
	if err != nil {
		return nil, err
	}
	p, err := Dial(c.Out, c.In)
	if err != nil {
		_ = c.Kill(err)
		return nil, fmt.Errorf("second process: %w", err)
	}
	p.child = c
	return p, nil
}

func newProcess(in io.WriteCloser) *Process {
	return &Process{in: in, done: make(chan struct{}), waiting: map[uint64]waiting{}, opened: map[int]bool{}}
}

// Dial makes a stack of what is served on the other side of these two pipes.
func Dial(from io.Reader, to io.WriteCloser) (*Process, error) {
	p := newProcess(to)
	if err := p.greeted(from); err != nil {
		return nil, err
	}
	go func() { p.fail(p.receive(from)) }()
	return p, nil
}

// greeted reads the greeting.
func (p *Process) greeted(from io.Reader) error {
	if err := readFrame(from, &p.greeting); err != nil {
		return fmt.Errorf("no greeting: %w", err)
	}
	return p.greeting.valid()
}

// receive passes every answer to the call that waits for it, and returns why there are no more.
func (p *Process) receive(from io.Reader) error {
	defer close(p.done)
	for n := 2; ; n++ { // the greeting was the first
		var a response
		err := readFrame(from, &a)
		switch {
		case errors.Is(err, io.EOF):
			return errEnded
		case errors.Is(err, io.ErrUnexpectedEOF):
			return fmt.Errorf("%w: message %d: %w", errEnded, n, err)
		case err != nil:
			return fmt.Errorf("message %d: %w", n, err)
		}
		if err := p.pass(a); err != nil {
			return fmt.Errorf("message %d: %w", n, err)
		}
	}
}

// pass passes an answer to the call that waits for it.
func (p *Process) pass(a response) error {
	p.mu.Lock()
	w, is := p.waiting[a.ID]
	delete(p.waiting, a.ID)
	over := p.failed != nil
	p.mu.Unlock()
	switch {
	case over: // it has failed already, and the first failure counts
		return errEnded
	case !is:
		return fmt.Errorf("an answer to request %d, which is not waiting for one", a.ID)
	}
	err := a.valid(w.request)
	if err == nil && a.Error == nil && a.Socket != 0 && (w.request.Call == "socket" || w.request.Call == "accept") {
		p.mu.Lock()
		if p.opened[a.Socket] {
			err = fmt.Errorf("\"socket\" is %d, a number that was given before", a.Socket)
		}
		p.opened[a.Socket] = true
		p.mu.Unlock()
	}
	if err != nil {
		close(w.answer)
		return fmt.Errorf("the answer to request %d, %s: %w", a.ID, w.request, err)
	}
	w.answer <- a
	return nil
}

// fail ends all calls, now and later, with this error. Only the first counts.
func (p *Process) fail(err error) {
	p.mu.Lock()
	first := p.failed == nil
	if first {
		p.failed = err
	}
	for _, w := range p.waiting {
		close(w.answer)
	}
	p.waiting = nil
	p.mu.Unlock()
	if first && p.onFailure != nil {
		p.onFailure()
	}
}

// failure returns why there are no more answers; nil if there may be some.
func (p *Process) failure() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.failed
}

// call sends a request and waits for its answer. The other side keeps the deadline of the call.
func (p *Process) call(q request) (response, error) {
	answer := make(chan response, 1)
	p.mu.Lock()
	if p.waiting == nil {
		p.mu.Unlock()
		return response{}, ended(q.Call, p.failure())
	}
	p.last++
	q.ID = p.last
	p.waiting[q.ID] = waiting{q, answer}
	p.mu.Unlock()
	if p.limit > 0 { // for the request as well, which may not be read
		limit := time.Duration(q.Wait)*time.Millisecond + p.limit
		defer time.AfterFunc(limit, func() { p.fail(fmt.Errorf("no answer to request %d, %s, within %s", q.ID, q, limit)) }).Stop()
	}
	p.writing.Lock()
	err := writeFrame(p.in, q)
	p.writing.Unlock()
	if err != nil { // it ended, or was told to, a moment ago
		p.mu.Lock()
		delete(p.waiting, q.ID)
		p.mu.Unlock()
		return response{}, ended(q.Call, fmt.Errorf("%w: %w", errEnded, err))
	}
	a, came := <-answer
	if !came {
		return response{}, ended(q.Call, p.failure())
	}
	return a, a.Error.err()
}

func ended(op string, err error) error {
	if err == nil {
		err = errEnded
	}
	return &sock.Error{Op: op, Outcome: observation.Failed, Err: err}
}

// Close ends the process and waits until it is gone; all its sockets are closed then.
func (p *Process) Close() error {
	if p.child == nil {
		return p.in.Close()
	}
	err := p.child.End(sock.Patience)
	<-p.done
	return err
}
