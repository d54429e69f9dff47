// Command winshell is what sshd is on Windows for the words of a command: it hands them to cmd as
// OpenSSH does (cmd.exe /c "WORDS"), with itself below the name kit.exe for cmd to start. That one
// writes down the words it got.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

func main() {
	if strings.EqualFold(filepath.Base(os.Args[0]), "kit.exe") {
		check(json.NewEncoder(os.Stdout).Encode(os.Args[1:]))
		return
	}
	self, err := os.Executable()
	check(err)
	check(os.Chdir(filepath.Dir(self)))
	lines, err := os.ReadFile("lines.json")
	check(err)
	var all []string
	check(json.Unmarshal(lines, &all))
	for _, line := range all {
		shell := exec.Command("cmd.exe")
		shell.SysProcAttr = &syscall.SysProcAttr{CmdLine: `cmd.exe /c "` + line + `"`}
		shell.Stdout, shell.Stderr = os.Stdout, os.Stderr
		err := shell.Run()
		fmt.Printf("exit %d\n", shell.ProcessState.ExitCode())
		if _, exited := err.(*exec.ExitError); !exited {
			check(err)
		}
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(9)
	}
}
