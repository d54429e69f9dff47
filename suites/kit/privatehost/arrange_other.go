//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package privatehost

import (
	"errors"
	"runtime"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
)

var errNoDriver = errors.New("no private hosts on " + runtime.GOOS + ", " + noCable)

const onMachine = false

func arrange(host.Arrangement, string) (place, error) { return place{}, errNoDriver }
