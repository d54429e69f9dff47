//go:build !unix && !windows

package sock

import (
	"fmt"
	"runtime"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func kernel() Stack { return none{} }

type none struct{}

func (none) Name() string { return runtime.GOOS + " (no raw sockets in this kit)" }

func (none) Socket(Family, Type) (Socket, error) {
	return nil, &Error{Op: "socket", Outcome: observation.Unsupported, Err: fmt.Errorf("no raw socket layer for %s", runtime.GOOS)}
}

// numbered finds no number: the errors of such a system have none that POSIX knows.
func numbered(error) (text string, is bool) { return "", false }
