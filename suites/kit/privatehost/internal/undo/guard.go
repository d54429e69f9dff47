package undo

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
)

// role is that of the guard.
const role = "undo"

// word is what the guard is told: a step, or that the last change was not made after all.
type word struct {
	Step   *Step `json:",omitempty"`
	Forget bool  `json:",omitempty"`
}

// Handle makes this program able to be a guard, of these kinds of steps.
func Handle(kinds func() (Kinds, error)) {
	child.Handle(role, func(string) error {
		// Whatever ends the process that changes things, or its terminal, must not end the guard as
		// well. Its standard error may be a pipe that is not read any more.
		signal.Ignore(syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGPIPE)
		k, err := kinds()
		if err != nil {
			return err
		}
		return serve(os.Stdin, os.Stdout, k)
	})
}

// serve receives steps until their senders are gone, and takes all of them back. Each
// word is answered with a newline, the first without being asked: the guard stands.
func serve(in io.Reader, out io.Writer, kinds Kinds) error {
	var steps []Step
	lines := bufio.NewReader(in)
	_, stands := out.Write([]byte{'\n'})
	for stands == nil {
		line, err := lines.ReadBytes('\n')
		if err != nil { // half a line is a step that was never answered, so the change behind it was never made
			break
		}
		var w word
		if err := json.Unmarshal(line, &w); err != nil {
			return errors.Join(fmt.Errorf("guard: %q: %w", line, err), kinds.take(steps))
		}
		switch {
		case w.Step != nil:
			steps = append(steps, *w.Step)
		case w.Forget && len(steps) > 0:
			steps = steps[:len(steps)-1]
		}
		if _, err := out.Write([]byte{'\n'}); err != nil {
			break
		}
	}
	return kinds.take(steps)
}
