// Command guestkit takes the place of the kit in a kernel that was booted for it, and does what may
// happen to a kit. Which fault it has is its last argument.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/loopmatrix/loopmatrix/runner/targets"
	_ "github.com/loopmatrix/loopmatrix/runner/targets/guest"
	"github.com/loopmatrix/loopmatrix/suites/kit/child"
)

func main() {
	child.Main()
	switch fault := os.Args[len(os.Args)-1]; fault {
	case "crash":
		panic("oh no")
	case "killed":
		self, err := os.FindProcess(os.Getpid())
		fail(errors.Join(err, self.Kill()))
		select {} // until it arrives
	case "cut":
		var stream bytes.Buffer
		err := targets.WriteBundle(&stream, []byte(`{"schema":1}`), map[string][]byte{"x.pcapng": make([]byte, 4096)})
		_, cut := os.Stdout.Write(stream.Bytes()[:stream.Len()/2])
		fail(errors.Join(err, cut))
	case "full":
		fail(fill())
	default:
		fail(fmt.Errorf("there is no fault %q", fault))
	}
}

// fill writes to the disk until it is full, which is an error.
func fill() error {
	f, err := os.CreateTemp("", "everything-")
	if err == nil {
		_, err = io.Copy(f, zeros{})
	}
	return err
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "loopmatrix:", err)
		os.Exit(3)
	}
}
