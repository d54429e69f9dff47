package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// startable gives an error for a program that can't start itself again, as second processes, --repeat and the target local do:
// Windows starts no file whose name has no suffix.
func startable() error {
	self, err := os.Executable()
	if err != nil {
		return kit("which program this is: %w", err)
	}
	return named(runtime.GOOS, filepath.Base(self))
}

func named(goos, program string) error {
	if goos == "windows" && !strings.EqualFold(filepath.Ext(program), ".exe") {
		return kit("%s can't start itself again, since Windows starts no program without .exe at the end of its name: rename it to %s.exe", program, program)
	}
	return nil
}
