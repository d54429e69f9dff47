package capacity

import (
	"encoding/json"
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

func init() {
	child.Handle(role, func(string) error { return serve(os.Stdin, os.Stdout, Holding(sock.Kernel())) })
}

// request is a call of a method of Holder, by its name.
type request struct {
	Call string
	At   sweep.Offset
	N    int
	Port uint16
	Wait time.Duration
}

// response is what it returned.
type response struct {
	Listened Listened
	Accepted Accepted
	Memory   int64
	Failure  *sock.Error // without its cause
	Text     string      // of an error that is none of package sock
}

// ready is the greeting, which a program does not write that never called child.Main.
const ready = "listeners 1"

// serve answers requests until there are no more: until the other end is closed, or is no more. The
// end of the process closes its listeners, faster than one by one.
func serve(in io.Reader, out io.Writer, h Holder) error {
	debug.FreeOSMemory() // the start of the whole program has left more than a process of listeners needs
	answers, requests := json.NewEncoder(out), json.NewDecoder(in)
	err := answers.Encode(ready)
	for err == nil {
		var q request
		if err = requests.Decode(&q); err == nil {
			err = answers.Encode(answer(q, h))
		}
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return fmt.Errorf("listeners: %w", err)
}

func answer(q request, h Holder) (a response) {
	var err error
	switch q.Call {
	case "Listen":
		if a.Listened, err = h.Listen(q.At, q.N, q.Port); a.Listened.Stopped != nil {
			plain := withoutCause(a.Listened.Stopped)
			a.Listened.Stopped = &plain
			debug.FreeOSMemory() // it is full, and what it took to get there is for others
		}
	case "Accept":
		a.Accepted, err = h.Accept(q.At, q.Wait)
	case "Close":
		err = h.Close(q.At)
	case "Memory":
		a.Memory, err = h.Memory()
	default:
		err = fmt.Errorf("there is no call %q", q.Call)
	}
	if e, is := errors.AsType[*sock.Error](err); is {
		plain := withoutCause(e)
		a.Failure = &plain
	} else if err != nil {
		a.Text = sock.Reason(err)
	}
	return a
}

// process is a holder in another process.
type process struct {
	*child.Process
	requests *json.Encoder
	answers  *json.Decoder
	ended    error // how the process ended, once it did
}

// Process starts this program again, to hold listeners, and waits until it does.
func Process() (Holder, error) { return start(child.Options{}) }

func start(o child.Options) (Holder, error) {
	c, err := child.Start(role, o)
	if err != nil {
		return nil, err
	}
	p := &process{Process: c, requests: json.NewEncoder(c.In), answers: json.NewDecoder(c.Out)}
	var greeting string
	if err = p.answers.Decode(&greeting); err == nil && greeting != ready {
		err = fmt.Errorf("it wrote %q instead of %q", greeting, ready)
	}
	if err != nil {
		return nil, p.lost(fmt.Errorf("a process of listeners did not begin: %w", err))
	}
	return p, nil
}

// errEnded is behind every call of a process that has ended.
var errEnded = errors.New("the process has ended")

// lost returns how the process ended, which explains why it does not answer.
func (p *process) lost(why error) error {
	if p.ended == nil { // it may only have garbled an answer
		p.ended = fmt.Errorf("%w: %w", errEnded, p.Kill(why))
	}
	return p.ended
}

func (p *process) call(q request) (a response, err error) {
	if p.ended != nil {
		return a, p.ended
	}
	if err = p.requests.Encode(q); err == nil {
		err = p.answers.Decode(&a)
	}
	switch {
	case err != nil:
		return response{}, p.lost(err)
	case a.Failure != nil:
		return a, a.Failure
	case a.Text != "":
		return a, errors.New(a.Text)
	}
	return a, nil
}

func (p *process) Listen(from sweep.Offset, n int, port uint16) (Listened, error) {
	a, err := p.call(request{Call: "Listen", At: from, N: n, Port: port})
	return a.Listened, err
}

func (p *process) Accept(at sweep.Offset, wait time.Duration) (Accepted, error) {
	a, err := p.call(request{Call: "Accept", At: at, Wait: wait})
	return a.Accepted, err
}

func (p *process) Close(at sweep.Offset) error {
	_, err := p.call(request{Call: "Close", At: at})
	return err
}

func (p *process) Memory() (int64, error) {
	a, err := p.call(request{Call: "Memory"})
	return a.Memory, err
}

// End waits until the process is gone, with all that it held.
func (p *process) End() error {
	if p.ended != nil { // it is gone already
		return nil //nolint:nilerr // why it ended was said when it did
	}
	p.ended = errEnded
	return p.Process.End(0)
}
