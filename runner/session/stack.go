package session

import (
	"cmp"
	"context"
	"fmt"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/runner/platform"
	"github.com/loopmatrix/loopmatrix/runner/progress"
	"github.com/loopmatrix/loopmatrix/runner/targets"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock/remote"
)

// protocolAt is where the stack protocol is documented.
const protocolAt = "suites/kit/sock/remote/README.md"

// errStack is behind every error of a stack that did not keep to the protocol.
func errStack(err error) error {
	return fmt.Errorf("the stack has failed: %w (what a stack has to do: %s)", err, protocolAt)
}

// onStack measures the claims on the stack that a program serves. A program that ends, or breaks
// the protocol, ends the run with an error and without a report: its answers are those of no stack.
func (p Plan) onStack(ctx context.Context, shown *progress.Display) (out Outcome, err error) {
	argv, err := targets.Words(p.Stack)
	if err != nil {
		return out, usage("--stack: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	begin := func() (*remote.Command, error) { return remote.Begin(ctx, argv, p.StackLimit, cancel) }
	stack, err := begin()
	if err != nil {
		if ctx.Err() != nil {
			return out, errNothing
		}
		return out, errStack(err)
	}
	others := &processes{start: begin}
	defer func() {
		_ = stack.Close()
		others.close()
	}()
	name, release, second := stack.Greeting()
	under := host.Of(stack, nil, p.Seed)
	if second { // its sockets are this machine's, which may have routes that lead off it
		under.Stack = sock.Patient(sock.Guard(stack, 0, netif.Leads), under.Refusals)
		under.Second = func() (sock.Stack, func() error, error) { return others.second(under) }
	}
	out, err = p.measure(ctx, shown, under, platform.Stack(name, release), func([]claim.Result) {})
	out.Report.Subject = model.Stack
	if failed := cmp.Or(stack.Failure(), others.failure()); failed != nil {
		return Outcome{}, errStack(failed)
	}
	return out, err
}

// processes are further processes of a stack's program, which a spec starts one after the other.
type processes struct {
	start   func() (*remote.Command, error)
	started []*remote.Command
}

// second starts the program once more, as a second process on the host.
func (o *processes) second(under *host.Host) (sock.Stack, func() error, error) {
	c, err := o.start()
	if err != nil {
		return nil, nil, err
	}
	o.started = append(o.started, c)
	return sock.Patient(sock.Guard(c, 0, netif.Leads), under.Refusals), c.Close, nil
}

// close ends all of them.
func (o *processes) close() {
	for _, c := range o.started {
		_ = c.Close()
	}
}

// failure returns the first failure of one.
func (o *processes) failure() error {
	for _, c := range o.started {
		if err := c.Failure(); err != nil {
			return err
		}
	}
	return nil
}
