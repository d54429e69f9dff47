package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/loopmatrix/loopmatrix/runner/platform"
)

// ready is called once before this machine is measured.
func ready(quiet bool) error {
	self, err := os.Executable()
	if err != nil {
		return toolError("which program this is: %w", err)
	}
	if err := startable(runtime.GOOS, filepath.Base(self)); err != nil {
		return err
	}
	announceFirewall(os.Stderr, quiet, platform.FirewallAsks)
	return nil
}

// startable returns an error for a program that can't start itself again, as second processes,
// --repeat and the target local do: Windows starts no file whose name has no suffix.
func startable(goos, program string) error {
	if goos == "windows" && !strings.EqualFold(filepath.Ext(program), ".exe") {
		return toolError("%s can't start itself again, since Windows starts no program without .exe at the end of its name: rename it to %s.exe", program, program)
	}
	return nil
}

// announceFirewall says once, before anything listens, that a firewall may ask, if this system has
// one that does.
func announceFirewall(w io.Writer, quiet bool, asks func() bool) {
	if !quiet && asks() {
		_, _ = fmt.Fprintln(w, "loopmatrix: if a firewall asks whether this program may accept connections, either answer will do: it only connects to itself")
	}
}
