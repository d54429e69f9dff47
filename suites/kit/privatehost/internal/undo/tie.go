package undo

import (
	"io"
	"os"
	"os/exec"
)

// tied marks a process whose standard input is the pipe of Tie.
const tied = "LOOPMATRIX_TIED"

// Tie lets a process that is not started yet notice the end of this one. It calls Tied for that. The standard input of
// the process is a pipe that nothing is written to, and that the kernel closes with this process.
func Tie(child *exec.Cmd) error {
	child.Env = append(child.Environ(), tied+"=1")
	_, err := child.StdinPipe()
	return err
}

// Tied ends this process as soon as the one that started it has ended, if that one called Tie.
func Tied() error {
	if os.Getenv(tied) == "" {
		return nil
	}
	if err := os.Unsetenv(tied); err != nil { // it is not for the children of this process
		return err
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // however it breaks off, there is nobody left to work for
		os.Exit(1)
	}()
	return nil
}
