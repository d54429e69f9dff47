//go:build unix

package host

import (
	"cmp"
	"context"
	"errors"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// pingPlaces are searched besides $PATH: the BSDs and macOS keep ping in /sbin, which ordinary
// users do not search.
var pingPlaces = []string{"/sbin/", "/bin/", "/usr/sbin/", "/usr/bin/"}

// pinger is the ping command, nil if there is none.
func pinger() Pinger {
	p := pingCommand{}
	if ping := find("ping"); ping != "" {
		p.four = []string{ping}
		p.six = []string{ping, "-6"} // one command for both: iputils, busybox, FreeBSD since 13
	}
	if ping6 := find("ping6"); ping6 != "" { // the BSDs, macOS, older Linux
		p.six = []string{ping6}
	}
	if p.four == nil {
		return nil
	}
	return p
}

func find(name string) string {
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	for _, place := range pingPlaces {
		if path, err := exec.LookPath(place + name); err == nil {
			return path
		}
	}
	return ""
}

// pingCommand holds the commands for IPv4 and IPv6.
type pingCommand struct {
	four, six []string
}

func (pingCommand) Name() string { return "ping command" }

// Echo runs `ping -n -c 1 ADDRESS`, which every ping understands, and stops it when the wait is
// over: the options for the wait differ in letter, unit and meaning from system to system.
func (p pingCommand) Echo(to netip.Addr, wait time.Duration) (netip.Addr, error) {
	command := p.four
	if !to.Is4() {
		command = p.six
	}
	ctx, cancel := context.WithTimeout(context.Background(), wait)
	defer cancel()
	arguments := append(append([]string(nil), command[1:]...), "-n", "-c", "1", to.String())
	c := exec.CommandContext(ctx, command[0], arguments...)
	c.Env = append(os.Environ(), "LC_ALL=C")
	child.Attach(c) // Ctrl-C is for the kit; a ping that it ends would seem to get no reply
	output, err := outputOf(c)
	return readPing(string(output), err, ctx.Err() != nil)
}

// outputOf runs a command to its end and gives what it wrote. It reads afterwards, from a pipe that
// has room for all of it: whether another process still holds the other end does not matter then,
// as one does that is just being started, nor whether this one was given a processor meanwhile.
func outputOf(c *exec.Cmd) ([]byte, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	c.Stdout, c.Stderr = w, w
	ended := child.Run(c)
	closed := w.Close()
	output, err := waiting(r)
	return output, cmp.Or(ended, errors.Join(closed, err, r.Close()))
}

// waiting reads what is in a pipe, and waits for nothing more.
func waiting(r *os.File) ([]byte, error) {
	raw, err := r.SyscallConn()
	if err != nil {
		return nil, err
	}
	buffer, n := make([]byte, pipeSize), 0
	var failed error
	err = raw.Read(func(fd uintptr) bool {
		n, failed = unix.Read(int(fd), buffer)
		return !errors.Is(failed, unix.EINTR)
	})
	if errors.Is(failed, unix.EAGAIN) {
		return nil, err
	}
	return buffer[:max(n, 0)], errors.Join(err, failed)
}

// pipeSize is how much a pipe holds at least on every system (pipe(7): 64 KiB; 16 KiB on the BSDs):
// ping writes less.
const pipeSize = 16 << 10

// readPing makes an answer of what ping wrote and of how it ended.
func readPing(output string, ended error, stopped bool) (netip.Addr, error) {
	if from, ok := repliedFrom(output); ok {
		return from, nil
	}
	if op, name := complaint(output); name != "" {
		return netip.Addr{}, sock.Errno(op, name, 0)
	}
	var exit *exec.ExitError
	switch {
	case stopped, ended == nil, errors.As(ended, &exit) && exit.ExitCode() == noReply:
		return netip.Addr{}, sock.TimedOut("ping")
	default:
		return netip.Addr{}, &sock.Error{Op: "ping", Outcome: unstarted(ended), Err: ended}
	}
}

// unstarted returns Exhausted for a ping that could not be run at all (the shell's 126 and 127 are
// also those of a dynamic loader that lacks a library), and Failed for one that ended in another
// way.
func unstarted(ended error) observation.Outcome {
	exit, is := errors.AsType[*exec.ExitError](ended)
	if !is || exit.ExitCode() == 126 || exit.ExitCode() == 127 {
		return observation.Exhausted
	}
	return observation.Failed
}

// noReply is the exit status of iputils and busybox for an answer that did not come; the BSDs end
// with 2.
const noReply = 1

// repliedFrom finds the source of the reply: "64 bytes from 127.0.0.2: icmp_seq=1 …" and, from
// ping6 of the BSDs and macOS, "16 bytes from ::1, icmp_seq=0 …".
func repliedFrom(output string) (netip.Addr, bool) {
	_, after, found := strings.Cut(output, " bytes from ")
	if !found {
		return netip.Addr{}, false
	}
	word, _, _ := strings.Cut(after, " ")
	word = strings.TrimSuffix(strings.TrimSuffix(word, ","), ":")
	from, err := netip.ParseAddr(word)
	return from, err == nil
}

// complaints are what ping writes when a call fails: the texts of strerror(3), and some of its own.
var complaints = []struct{ text, op, name string }{
	{"ping broadcast", "ping", "EACCES"},     // iputils, in place of the error of connect(2)
	{"Lacking privilege", "socket", "EPERM"}, // iputils
	{"are you root", "socket", "EPERM"},      // busybox
	{"socket: Operation not", "socket", "EPERM"},
	{"socket: Permission", "socket", "EACCES"},
	{"socket: Protocol not", "socket", "EPROTONOSUPPORT"},
	{"Address family not", "socket", "EAFNOSUPPORT"},
	{"Operation not permitted", "ping", "EPERM"},
	{"Permission denied", "ping", "EACCES"},
	{"Network is unreachable", "ping", "ENETUNREACH"},
	{"Network unreachable", "ping", "ENETUNREACH"}, // musl
	{"No route to host", "ping", "EHOSTUNREACH"},
	{"Host is unreachable", "ping", "EHOSTUNREACH"}, // musl
	{"Network is down", "ping", "ENETDOWN"},
	{"Host is down", "ping", "EHOSTDOWN"},
	{"assign requested address", "ping", "EADDRNOTAVAIL"}, // "Can't" on the BSDs, "Cannot" in glibc
	{"Address not available", "ping", "EADDRNOTAVAIL"},    // musl
	{"Invalid argument", "ping", "EINVAL"},
	{"Message too long", "ping", "EMSGSIZE"},
	{"No buffer space available", "ping", "ENOBUFS"},
}

// complaint is the call and the errno that the output speaks of, empty for none. The call is
// "socket" if ping may not send at all, which says nothing about the address.
func complaint(output string) (op, name string) {
	for _, c := range complaints {
		if strings.Contains(output, c.text) {
			return c.op, c.name
		}
	}
	return "", ""
}
