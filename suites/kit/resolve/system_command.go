//go:build unix && !darwin

package resolve

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
)

// system asks the C library through the system's own commands (see command).
func system() Resolver { return &command{goos: runtime.GOOS, run: execute} }

// places are searched besides $PATH, which is empty for a process that was started without an
// environment.
var places = []string{"/usr/bin/", "/bin/", "/usr/sbin/"}

func execute(ctx context.Context, name string, arguments ...string) (string, string, int, error) {
	path, err := exec.LookPath(name)
	for i := 0; err != nil && i < len(places); i++ {
		if found, inPlace := exec.LookPath(places[i] + name); inPlace == nil {
			path, err = found, nil
		}
	}
	if err != nil {
		return "", "", 0, err
	}
	var stdout, stderr strings.Builder
	c := exec.CommandContext(ctx, path, arguments...)
	c.Env = append(os.Environ(), "LC_ALL=C")
	c.Stdout, c.Stderr = &stdout, &stderr
	c.WaitDelay = time.Second // for a getent that is a script and leaves a child with our pipes
	child.Attach(c)           // a getent that waits for a name server would outlive this process, and one that Ctrl-C ends seem to know no answer
	err = child.Run(c)
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Exited() {
		return stdout.String(), stderr.String(), exit.ExitCode(), nil
	}
	return stdout.String(), stderr.String(), 0, err
}
