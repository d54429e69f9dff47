package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
)

const (
	// answerLimit is how much longer than the wait of its call an answer of a command may take: a
	// machine of two cores that does a hundred other things answers within a tenth of that.
	answerLimit = 10 * time.Second
	// endGrace is how long a command may take to end after its standard input has. With the rest of
	// a run's end it stays below two seconds.
	endGrace = 500 * time.Millisecond
	// mostSaid is how much of a command's standard error is passed on, in bytes.
	mostSaid = 1 << 20
)

// Command is a program that serves a stack of its own over its standard input and output. It is a
// sock.Stack.
type Command struct {
	*Process
	program *exec.Cmd
	said    *lastLine
	exited  chan struct{} // closed when the program has ended and status is set
	status  error
	release func() // ends what ends the program with this process
	closing sync.Once
}

// Begin starts a program and waits until it serves, at most so long. The program and what it starts
// end with Close, with the context, with a failure of the program and with this process. onFailure
// is called when it breaks the protocol or ends by itself; Failure says why then.
func Begin(ctx context.Context, argv []string, limit time.Duration, onFailure func()) (*Command, error) {
	return begin(ctx, argv, limit, answerLimit, onFailure)
}

func begin(ctx context.Context, argv []string, limit, answer time.Duration, onFailure func()) (*Command, error) {
	c := &Command{Process: newProcess(nil), said: &lastLine{}, exited: make(chan struct{})}
	c.limit, c.readBack = answer, true
	out, err := c.start(argv)
	if err != nil {
		return nil, fmt.Errorf("it can't be started: %w", err)
	}
	greeted := make(chan error, 1)
	go func() { greeted <- c.greeted(out) }()
	late := time.NewTimer(limit)
	defer late.Stop()
	select {
	case err = <-greeted:
		err = c.explained(err)
	case <-ctx.Done():
		err = ctx.Err()
	case <-late.C:
		err = c.spoken(fmt.Errorf("no greeting within %s", limit))
	}
	if err != nil {
		_ = c.Close() // what went wrong is known
		return nil, err
	}
	c.onFailure = func() {
		if c.Failure() == nil { // it was closed
			return
		}
		if onFailure != nil {
			onFailure()
		}
		_ = c.Close()
	}
	go func() { c.fail(c.explained(c.receive(out))) }()
	return c, nil
}

// start starts the program and returns its standard output.
func (c *Command) start(argv []string) (io.Reader, error) {
	c.program = exec.Command(argv[0], argv[1:]...)
	child.Attach(c.program)
	c.program.Stderr, c.program.WaitDelay = c.said, endGrace
	out, theirs, err := os.Pipe() // and not StdoutPipe, which Wait closes before all of it is read
	if err != nil {
		return nil, err
	}
	c.program.Stdout = theirs
	if c.in, err = c.program.StdinPipe(); err == nil {
		err = child.Begin(c.program)
	}
	_ = theirs.Close()
	if err != nil {
		_ = out.Close()
		return nil, err
	}
	c.release, err = tied(c.program.Process)
	go func() {
		c.status = c.program.Wait()
		close(c.exited)
		time.AfterFunc(endGrace, func() { _ = out.Close() }) // what it has left behind may hold the other end
	}()
	if err != nil {
		_ = c.Close()
	}
	return out, err
}

// Greeting returns what the stack says about itself: its name, its release, which may be empty, and
// whether its sockets are those of this machine, so that the command started once more is a second
// process on the same host.
func (c *Command) Greeting() (name, release string, second bool) {
	return c.greeting.Name, c.greeting.Release, c.greeting.Second
}

// Name returns the name of the stack.
func (c *Command) Name() string { return c.greeting.Name }

// Failure returns why the stack has failed: the program has ended by itself, did not answer or has
// broken the protocol. It is nil as long as it has not.
func (c *Command) Failure() error {
	if err := c.failure(); !errors.Is(err, errClosed) {
		return err
	}
	return nil
}

// errClosed is behind every call after Close.
var errClosed = errors.New("the stack was closed")

// Close ends the program: by the end of its standard input, or else it kills it, and whatever is
// left of what it has started. It returns when they are gone.
func (c *Command) Close() error {
	c.closing.Do(func() {
		c.fail(errClosed)
		_ = c.in.Close()
		late := time.NewTimer(endGrace)
		defer late.Stop()
		select {
		case <-c.exited:
		case <-late.C:
		}
		endGroup(c.program.Process)
		<-c.exited
		c.release()
	})
	return nil
}

// explained adds how the program ended to an error of reading from it.
func (c *Command) explained(err error) error {
	end := errors.Is(err, errEnded) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, os.ErrClosed)
	if err == nil || !end {
		return c.spoken(err)
	}
	late := time.NewTimer(endGrace)
	defer late.Stop()
	where := ""
	if errors.Is(err, io.ErrUnexpectedEOF) {
		where = " in the middle of a message"
	}
	select {
	case <-c.exited:
		how := "with status 0"
		if c.status != nil {
			how = "by " + c.status.Error()
		}
		return c.spoken(fmt.Errorf("the program has ended%s, %s", where, how))
	case <-late.C:
		return c.spoken(fmt.Errorf("the program has closed its standard output%s", where))
	}
}

// spoken adds the last line that the program has written to standard error.
func (c *Command) spoken(err error) error {
	if line := c.said.line(); err != nil && line != "" {
		return fmt.Errorf("%w; it wrote last: %q", err, line)
	}
	return err
}

// lastLine passes on what is written to it to standard error, and keeps the last line.
type lastLine struct {
	mu     sync.Mutex
	passed int
	kept   []byte
}

func (l *lastLine) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.passed += len(b); l.passed <= mostSaid {
		_, _ = os.Stderr.Write(b)
	}
	l.kept = append(l.kept, b...)
	l.kept = l.kept[max(0, len(l.kept)-mostWords):]
	return len(b), nil
}

func (l *lastLine) line() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(string(l.kept)), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
