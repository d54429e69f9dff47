//go:build !linux

package lab

import (
	"errors"
	"runtime"
	"syscall"

	"github.com/loopmatrix/loopmatrix/suites/host"
	"github.com/loopmatrix/loopmatrix/suites/wire"
)

// Faults is empty: only Linux has private hosts that cost nothing.
func Faults() []Fault { return nil }

func isolation() *syscall.SysProcAttr { return nil }

func administrator() host.Admin { return nil }

func arrange(host.Arrangement, string) ([]*wire.Cable, error) {
	return nil, errors.New("no private hosts on " + runtime.GOOS)
}
