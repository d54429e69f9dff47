//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package lab

import (
	"errors"
	"os/exec"
	"runtime"

	"github.com/loopmatrix/loopmatrix/suites/host"
)

// errNoDriver is why there are no cables on Windows: its own drivers give no frames to a program and take none from it.
// TAP and packet drivers are other people's, and the kit installs nothing.
var errNoDriver = errors.New("no private hosts on " + runtime.GOOS + ", which comes without a driver for the other end of a cable")

const onMachine = false

func arrange(host.Arrangement, string) (place, error) { return place{}, errNoDriver }

func tie(*exec.Cmd) error { return nil }

func standGuard() {}
