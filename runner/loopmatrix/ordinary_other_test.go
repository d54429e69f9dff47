//go:build unix && !linux

package main

import (
	"errors"
	"os"
	"syscall"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// ordinary is for processes of this user, who must be an ordinary one.
func ordinary(t *testing.T) *syscall.SysProcAttr {
	t.Helper()
	if os.Geteuid() == 0 {
		unable.Skip(t, errors.New("root reads and writes every file"))
	}
	return nil
}
