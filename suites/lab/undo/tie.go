package undo

import (
	"io"
	"os"
	"os/exec"
)

// Tie lets a process that is not started yet notice the end of this one. It calls Tied for that. The standard input of
// the process is a pipe that nothing is written to, and that the kernel closes with this process.
func Tie(child *exec.Cmd) error {
	_, err := child.StdinPipe()
	return err
}

// Tied ends this process as soon as the one that started it, and called Tie, has ended.
func Tied() {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // however it breaks off, there is nobody left to work for
		os.Exit(1)
	}()
}
