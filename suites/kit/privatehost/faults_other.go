//go:build !linux

package privatehost

import "syscall"

// Faults is empty: only Linux has private hosts that cost nothing.
func Faults() []Fault { return nil }

func isolation() *syscall.SysProcAttr { return nil }
