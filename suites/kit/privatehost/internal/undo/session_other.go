//go:build !unix

package undo

import "syscall"

func ownSession() *syscall.SysProcAttr { return nil }
