package main

import (
	"fmt"
	"os"
	"strconv"
	"syscall"
	"testing"

	"github.com/onsi/gomega"
	"golang.org/x/sys/windows"
)

// inPage is the environment variable with the code page that a command gives its console before it
// begins.
const inPage = "LOOPMATRIX_IN_PAGE"

func init() {
	page, err := strconv.ParseUint(os.Getenv(inPage), 10, 32)
	if err != nil {
		return
	}
	set := windows.NewLazySystemDLL("kernel32.dll").NewProc("SetConsoleOutputCP")
	if done, _, err := set.Call(uintptr(page)); done == 0 {
		fmt.Fprintln(os.Stderr, "SetConsoleOutputCP:", err)
		os.Exit(exitKit)
	}
}

// TestPipeOfAConsole has a command write into a pipe that is read in the code page of the command's
// console, as by more.
func TestPipeOfAConsole(t *testing.T) {
	for _, c := range []struct {
		page, locale, want string
	}{
		{"437", "", "- not run here"},
		{"850", "", "- not run here"},
		{"65001", "", "– not run here"},
		{"437", "LANG=en_US.UTF-8", "– not run here"},
	} {
		g := gomega.NewWithT(t)
		command := prepared("run", "--quiet", "--claims", "none")
		command.Env = append(command.Env, inPage+"="+c.page, c.locale)
		command.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NO_WINDOW} // it gets a console of its own
		r := end(t, command)
		g.Expect(r.code).To(gomega.Equal(exitFine), r.stderr)
		g.Expect(r.stdout).To(gomega.ContainSubstring(c.want), "%s %s", c.page, c.locale)
	}
}
