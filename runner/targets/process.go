package targets

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
)

// grace is how long a program may take to end after it was asked to, before it is killed: the kit
// ends within milliseconds, and an emulator needs none at all.
const grace = 2 * time.Second

// process is a program that runs for a target, in a process group of its own, so that the
// terminal's Ctrl-C reaches it through its context only, and so that whatever it starts goes with
// it.
type process struct {
	*exec.Cmd
	words  *lastWords
	groups *Groups
}

// program makes a process that ends with the context: it is asked to (SIGTERM to its group,
// CTRL_BREAK on Windows), and then killed. What it says on standard error goes into the log.
func program(ctx context.Context, log io.Writer, name string, args ...string) process {
	c := exec.CommandContext(ctx, name, args...)
	p := process{c, &lastWords{log: log}, groupsOf(ctx)}
	c.Stderr = p.words
	c.WaitDelay = grace
	child.Attach(c)
	c.Cancel = func() error { return EndOrKill(c) }
	return p
}

// lastWords passes on to the log what a program says, and keeps its last line.
type lastWords struct {
	log  io.Writer
	kept []byte
}

// keptWords is more than a line that says what is wrong, in bytes.
const keptWords = 1000

func (w *lastWords) Write(p []byte) (int, error) {
	w.kept = append(w.kept, p...)
	w.kept = w.kept[max(0, len(w.kept)-keptWords):]
	return w.log.Write(p)
}

// explain adds the last thing that the program said to what went wrong with it.
func (p process) explain(err error) error {
	if line := lastLine(p.words.kept); err != nil && line != "" {
		return fmt.Errorf("%w: %q", err, line)
	}
	return err
}

func lastLine(said []byte) string {
	said = bytes.TrimSpace(said)
	return string(bytes.TrimSpace(said[bytes.LastIndexByte(said, '\n')+1:]))
}

// run runs it to its end, and then ends whatever is left of its group. Where the system can do
// that, the process dies with this one.
func (p process) run() error {
	if err := child.Begin(p.Cmd); err != nil {
		return err
	}
	p.groups.add(p.Process)
	defer p.groups.remove(p.Process)
	return p.Wait()
}

// output runs it and gives what it wrote to standard output, at most maxStream bytes.
func (p process) output() ([]byte, error) { return p.outputUpTo(maxStream) }

// outputUpTo is output with a limit, in bytes. A process that writes more is an error.
func (p process) outputUpTo(limit int) ([]byte, error) {
	out := bounded{limit: limit}
	p.Stdout = &out
	err := p.run()
	return out.buffer.Bytes(), cmp.Or(out.refused, err)
}

// bounded is a buffer that refuses to grow beyond a limit, in bytes. It has no more methods than
// that of a writer: io.Copy would fill it by another (io.ReaderFrom) without a limit.
type bounded struct {
	buffer  bytes.Buffer
	limit   int
	refused error
}

// Write ends the process that writes more (SIGPIPE), by an error.
func (b *bounded) Write(p []byte) (int, error) {
	if b.buffer.Len()+len(p) > b.limit {
		b.refused = fmt.Errorf("it writes more than %d bytes", b.limit)
		return 0, b.refused
	}
	return b.buffer.Write(p)
}

// late names the limit that ended a step, which the error of the killed process does not.
func late(ctx context.Context, what string, limit time.Duration, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("%s: it was not done within %s", what, limit)
	case ctx.Err() != nil:
		return fmt.Errorf("%s: %w", what, ctx.Err())
	default:
		return fmt.Errorf("%s: %w", what, err)
	}
}

// within does one step with a limit of its own.
func within(ctx context.Context, limit time.Duration, what string, step func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return late(ctx, what, limit, step(ctx))
}
