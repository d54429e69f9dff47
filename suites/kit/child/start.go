package child

import (
	"context"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"time"
)

// Options say how a child is started. The zero value is a child without an argument, with the
// environment of this process.
type Options struct {
	// Argument is passed to the function of the role.
	Argument string
	// Program is the path of this program; empty is os.Executable.
	Program string
	// Arguments are those of the command line.
	Arguments []string
	// Environment is the environment; nil is that of this process.
	Environment []string
	// System is what else the system sets for the new process, such as its user and its namespaces.
	System *syscall.SysProcAttr
	// Outlives is for a role that has something to do when this process has ended: only the end of
	// its standard input says so, and the system does not kill it.
	Outlives bool
}

// Command returns the command that is this program in a role; Run runs it. It is killed at the end
// of the context.
func Command(ctx context.Context, role string, o Options) (*exec.Cmd, error) {
	if Role() != "" && !begun {
		return nil, ErrNested
	}
	var err error
	if o.Program == "" {
		o.Program, err = os.Executable()
	}
	if o.Environment == nil {
		o.Environment = os.Environ()
	}
	c := exec.CommandContext(ctx, o.Program, o.Arguments...)
	c.Env = append(slices.Clone(o.Environment), Assignment(role)+" "+o.Argument)
	if c.SysProcAttr = o.System; c.SysProcAttr == nil {
		c.SysProcAttr = &syscall.SysProcAttr{}
	}
	if roles[role] != nil { // the program as such stays in the group of whoever started it
		lead(c.SysProcAttr)
	}
	if !o.Outlives {
		tie(c.SysProcAttr)
	}
	return c, err
}

// Attach puts a process that is not started yet into a group of its own, and has the system kill it
// when this process ends, if the system can do that.
func Attach(c *exec.Cmd) {
	if c.SysProcAttr == nil {
		c.SysProcAttr = &syscall.SysProcAttr{}
	}
	lead(c.SysProcAttr)
	tie(c.SysProcAttr)
}

// Begin starts a command that Command or Attach has prepared. Wait of the command waits for it.
func Begin(c *exec.Cmd) error { return onThread(c.Start) }

// Join has the system kill a process that Begin has started, and what it starts, when this process
// ends, where Attach can't do that: on Windows.
func Join(p *os.Process) error { return join(p) }

// Run is Begin and Wait.
func Run(c *exec.Cmd) error {
	if err := Begin(c); err != nil {
		return err
	}
	return c.Wait()
}

// threads returns the channel of functions that one thread calls, which lasts as long as this
// process: the signal of the parent's death comes with the end of the thread that started the child
// (prctl(2), PR_SET_PDEATHSIG).
var threads = sync.OnceValue(func() chan<- func() {
	jobs := make(chan func())
	go func() {
		runtime.LockOSThread()
		for job := range jobs {
			job()
		}
	}()
	return jobs
})

func onThread(start func() error) error {
	done := make(chan error, 1)
	threads() <- func() { done <- start() }
	return <-done
}

// Process is a child that reads from In and writes to Out. Its standard error is that of this
// process.
type Process struct {
	*exec.Cmd
	In  io.WriteCloser
	Out io.ReadCloser
}

// Start starts a child in a role.
func Start(role string, o Options) (*Process, error) {
	c, err := Command(context.Background(), role, o)
	if err != nil {
		return nil, err
	}
	p := &Process{Cmd: c}
	c.Stderr = os.Stderr
	if p.In, err = c.StdinPipe(); err != nil {
		return nil, err
	}
	if p.Out, err = c.StdoutPipe(); err != nil {
		return nil, err
	}
	if err := Begin(c); err != nil {
		return nil, err
	}
	if !o.Outlives {
		err = join(c.Process)
	}
	if err != nil {
		return nil, p.Kill(err)
	}
	return p, nil
}

// End ends the child by the end of its standard input, and waits for it. One that is still there
// after that time is killed; 0 is no limit.
func (p *Process) End(limit time.Duration) error {
	_ = p.In.Close() // it may have ended by itself, which Wait says
	if limit > 0 {
		defer time.AfterFunc(limit, func() { _ = p.Process.Kill() }).Stop()
	}
	return p.Wait()
}

// Kill kills the child and waits for it. It returns the error of its end, or else the reason to
// kill it.
func (p *Process) Kill(why error) error {
	_ = p.In.Close()
	_ = p.Process.Kill() // it may have ended by itself
	if err := p.Wait(); err != nil {
		return err
	}
	return why
}
