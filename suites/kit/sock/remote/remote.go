// Package remote is a sock.Stack in another process of this machine.
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
	name  string
	in    io.WriteCloser
	child *child.Process // nil if it was not started here
	done  chan struct{}  // closed when no answer will come any more

	mu      sync.Mutex
	last    uint64
	waiting map[uint64]chan response // nil after the end
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

// Dial makes a stack of what is served on the other side of these two pipes.
func Dial(from io.Reader, to io.WriteCloser) (*Process, error) {
	p := &Process{in: to, done: make(chan struct{}), waiting: map[uint64]chan response{}}
	var hello greeting
	if err := readFrame(from, &hello); err != nil {
		return nil, fmt.Errorf("no greeting: %w", err)
	}
	if hello.Protocol != protocol || hello.Version != version {
		return nil, fmt.Errorf("greeting of %q in version %d instead of %q in version %d", hello.Protocol, hello.Version, protocol, version)
	}
	p.name = hello.Name
	go p.receive(from)
	return p, nil
}

// receive passes every answer to the call that waits for it, until there are no more.
func (p *Process) receive(from io.Reader) {
	defer close(p.done)
	for {
		var a response
		err := readFrame(from, &a)
		p.mu.Lock()
		if err != nil {
			for _, w := range p.waiting {
				close(w)
			}
			p.waiting = nil
			p.mu.Unlock()
			return
		}
		w := p.waiting[a.ID]
		delete(p.waiting, a.ID)
		p.mu.Unlock()
		if w != nil {
			w <- a
		}
	}
}

// call sends a request and waits for its answer. The other side keeps the deadline of the call.
func (p *Process) call(q request) (response, error) {
	answer := make(chan response, 1)
	p.mu.Lock()
	if p.waiting == nil {
		p.mu.Unlock()
		return response{}, ended(q.Call, errEnded)
	}
	p.last++
	q.ID = p.last
	p.waiting[q.ID] = answer
	err := writeFrame(p.in, q)
	if err != nil {
		delete(p.waiting, q.ID)
	}
	p.mu.Unlock()
	if err != nil { // it ended, or was told to, a moment ago
		return response{}, ended(q.Call, fmt.Errorf("%w: %w", errEnded, err))
	}
	a, came := <-answer
	if !came {
		return response{}, ended(q.Call, errEnded)
	}
	return a, a.Error.err()
}

func ended(op string, err error) error {
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
