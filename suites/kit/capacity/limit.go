package capacity

import "github.com/loopmatrix/loopmatrix/suites/kit/sock"

// bound is what an error in a process that listens means: whether the process is full, or everything is, or just this
// address can't be listened on.
type bound int

const (
	ofAddress bound = iota
	ofProcess
	ofSystem
)

// boundOf tells them apart. An error of bind or listen that is no want of anything is one of the address; socket knows no
// address, so that what it can't do for one it can't do for any.
func boundOf(err *sock.Error) (bound, Limit) {
	switch err.Errno {
	case "EMFILE":
		return ofProcess, Descriptors
	case "ENFILE":
		return ofSystem, OpenFiles
	case "ENOBUFS", "ENOMEM", "EAGAIN":
		return ofSystem, KernelMemory
	}
	if err.Op == "socket" {
		return ofSystem, Refused
	}
	return ofAddress, ""
}
