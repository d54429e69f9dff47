// Package child starts this program again, for what takes another process: a second owner of a
// port, namespaces of its own, more descriptors than one process can have.
//
// A role is a name and a function. Handle registers it when the program is initialised; Start
// starts a process in that role; Main, which comes first in main and in TestMain, calls the
// function in that process and does not return. The role and its argument are in one variable of
// the environment, which a child does not pass on.
//
// A child lives no longer than the process that started it, however that ends: its standard input
// ends then, and beside that the system kills it (by a signal on Linux and FreeBSD, by a job object
// on Windows). It leads a process group of its own and ignores SIGINT and SIGTERM: what a terminal
// or timeout(1) sends to a whole group is for the parent, which ends its children.
package child

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// variable is the environment variable of a child: its role, a space, and the argument.
const variable = "LOOPMATRIX_CHILD"

// ErrNested is the error of a start in a child whose main does not call Main. Such a child would
// start children without end.
var ErrNested = errors.New("this process is a child itself, and its main does not call child.Main first of all")

var (
	// roles are the functions by role.
	roles = map[string]func(argument string) error{}
	// role and argument are those of this process.
	role, argument = inherited()
	// begun reports whether Main was called.
	begun bool
)

// inherited returns the role and the argument of this process, and removes them from its
// environment.
func inherited() (role, argument string) {
	role, argument, _ = strings.Cut(os.Getenv(variable), " ")
	_ = os.Unsetenv(variable) // which fails for names with '=' in them only
	return role, argument
}

// Assignment is what gives a process this role, without an argument, when it stands in its
// environment.
func Assignment(role string) string { return variable + "=" + role }

// Handle registers the function of a role. A process in that role ends when the function returns:
// with status 0, or with status 1 and the error on standard error. A nil function is a role of the
// program as such, for which Main returns.
func Handle(role string, f func(argument string) error) {
	if _, taken := roles[role]; taken {
		panic(fmt.Sprintf("child: there are two roles %q", role))
	}
	roles[role] = f
}

// Role returns the role of this process, and "" if it is no child.
func Role() string { return role }

// Main is called before anything else that a program does. In a child it calls the function of its
// role and does not return.
func Main() {
	begun = true
	f, known := roles[role]
	switch {
	case role == "", known && f == nil:
		return
	case !known:
		f = func(string) error { return fmt.Errorf("there is no role %q", role) }
	}
	signal.Notify(make(chan os.Signal, 1), os.Interrupt, syscall.SIGTERM) // programs that it starts don't ignore them
	if err := f(argument); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0) // whatever still waits: the parent has all that it asked for, or is gone
}

// ExitWithInput ends this process with status 1 when its standard input ends: for a role that reads
// nothing from it.
func ExitWithInput() {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // an error ends it as well
		os.Exit(1)
	}()
}
