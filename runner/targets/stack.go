package targets

import (
	"context"
	"errors"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// greetingLimit is how long a stack may take to greet, unless --prepare-limit says so.
const greetingLimit = 30 * time.Second

// stack is a network stack that a program serves. The kit runs here, in a process of its own as for
// the target local, and starts the program.
type stack struct{ command string }

func stackKind() Kind {
	return Kind{
		Word:    "stack",
		Form:    "stack:COMMAND",
		Does:    "a network stack of your own, that COMMAND serves on its standard input and output (suites/kit/sock/remote/README.md)",
		Parse:   parseStack,
		Prepare: greetingLimit,
	}
}

func parseStack(command string) (Target, error) {
	if _, err := Words(command); err != nil {
		return nil, err
	}
	return stack{command}, nil
}

// Name is the command behind "stack:".
func (s stack) Name() string { return "stack:" + s.command }

// Missing says if there is no such program.
func (s stack) Missing(context.Context) error {
	argv, err := Words(s.command)
	if err == nil {
		_, err = exec.LookPath(argv[0])
	}
	return err
}

// Measure runs the kit once, as whoever has started this one.
func (s stack) Measure(ctx context.Context, o Order) ([]Returned, error) {
	return eachUser(o.own(isRoot()), func(u User) (Returned, error) { return s.as(ctx, u, o) })
}

func (s stack) as(ctx context.Context, u User, o Order) (r Returned, err error) {
	kit, err := o.Kits.For(ctx, runtime.GOOS, runtime.GOARCH)
	if err != nil {
		return r, err
	}
	o.Flags = append(o.Flags[:len(o.Flags):len(o.Flags)], "--stack", s.command, "--stack-limit", o.Limits.Prepare.String())
	err = inFolder(o.Log, func(folder string) error {
		return within(ctx, o.Limits.Prepare+o.Limits.Run, "the run", func(ctx context.Context) error {
			p, err := become(ctx, u, o, kit, folder)
			if err != nil {
				return err
			}
			r, err = measuredUntilEOF(p, u)
			r.How = "a program that serves its stack by the stack protocol, version 1"
			if said := lastLine(p.words.kept); errors.Is(err, ErrCrashed) && strings.HasPrefix(said, kitSays) {
				err = errors.New(strings.TrimPrefix(said, kitSays))
			}
			return err
		})
	})
	return r, err
}

// kitSays begins what the kit says of an error of its own.
const kitSays = "loopmatrix: "
