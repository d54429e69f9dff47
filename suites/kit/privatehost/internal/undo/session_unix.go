//go:build unix

package undo

import "syscall"

// ownSession keeps the signals of a terminal, and those to the process group, away from the guard (setsid(2)).
func ownSession() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
