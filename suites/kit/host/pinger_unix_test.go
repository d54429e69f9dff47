//go:build unix

package host

import (
	"errors"
	"net/netip"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// TestOutputOf reads what a command wrote though another process holds the pipe for longer.
func TestOutputOf(t *testing.T) {
	out, err := outputOf(exec.Command("/bin/sh", "-c", "echo out; echo err >&2; sleep 30 & echo $!; exit 3"))
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 3 {
		t.Error(err)
	}
	lines := strings.Fields(string(out))
	if len(lines) != 3 || lines[0] != "out" || lines[1] != "err" {
		t.Fatalf("%q", out)
	}
	sleeper, err := strconv.Atoi(lines[2])
	if err == nil {
		err = unix.Kill(sleeper, unix.SIGKILL)
	}
	if err != nil {
		t.Error(err)
	}
	if out, err := outputOf(exec.Command("/bin/sh", "-c", "")); len(out) > 0 || err != nil {
		t.Errorf("%q, %v", out, err)
	}
	if _, err := outputOf(exec.Command("/nonexistent")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func TestReadPing(t *testing.T) {
	// The exit status of a real process stands for that of ping.
	failure := exec.Command("/bin/sh", "-c", "exit 2").Run()
	silence := exec.Command("/bin/sh", "-c", "exit 1").Run()
	unloadable := exec.Command("/bin/sh", "-c", "exit 127").Run()
	for _, c := range []struct {
		name    string
		output  string
		ended   error
		stopped bool
		from    string
		want    observation.Outcome
		errno   string
	}{
		{"iputils", "PING 127.0.0.2 (127.0.0.2) 56(84) bytes of data.\n64 bytes from 127.0.0.2: icmp_seq=1 ttl=64 time=0.027 ms\n",
			nil, false, "127.0.0.2", observation.OK, ""},
		{"iputils IPv6", "PING ::1(::1) 56 data bytes\n64 bytes from ::1: icmp_seq=1 ttl=64 time=0.03 ms\n", nil, false, "::1", observation.OK, ""},
		{"busybox", "PING 127.0.0.1 (127.0.0.1): 56 data bytes\n64 bytes from 127.0.0.1: seq=0 ttl=64 time=0.04 ms\n", nil, false, "127.0.0.1", observation.OK, ""},
		{"macOS IPv6", "PING6(56=40+8+8 bytes) ::1 --> ::1\n16 bytes from ::1, icmp_seq=0 hlim=64 time=0.1 ms\n", nil, false, "::1", observation.OK, ""},
		{"another source", "64 bytes from 127.0.0.1: icmp_seq=0 ttl=64 time=0.04 ms\n", nil, false, "127.0.0.1", observation.OK, ""},
		{"link-local", "64 bytes from fe80::1%lo0: icmp_seq=0\n", nil, false, "fe80::1%lo0", observation.OK, ""},
		{"silence on Linux", "PING 127.0.0.2 …\n\n1 packets transmitted, 0 received\n", silence, false, "", observation.Timeout, ""},
		{"stopped", "PING 127.0.0.2 …\n", errors.New("signal: killed"), true, "", observation.Timeout, ""},
		{"a reply before it was stopped", "8 bytes from ::1: x", errors.New("signal: killed"), true, "::1", observation.OK, ""},
		{"broadcast", "ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules\n", failure, false, "", observation.Denied, "EACCES"},
		{"no privilege", "ping: socktype: SOCK_RAW\nping: socket: Operation not permitted\n", failure, false, "", observation.Denied, "EPERM"},
		{"no route", "ping: sendto: Can't assign requested address\n", failure, false, "", observation.Unavailable, "EADDRNOTAVAIL"},
		{"no such option", "ping: illegal option -- n\n", failure, false, "", observation.Failed, ""},
		{"no address", "64 bytes from somewhere: x", failure, false, "", observation.Failed, ""},
		{"never ran", "", exec.ErrNotFound, false, "", observation.Exhausted, ""},
		{"a library is missing", "ping: error while loading shared libraries: libcap.so.2\n", unloadable, false, "", observation.Exhausted, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			from, err := readPing(c.output, c.ended, c.stopped)
			if got := sock.OutcomeOf(err); got != c.want {
				t.Errorf("outcome %s (%v), want %s", got, err, c.want)
			}
			if c.from != "" && from != netip.MustParseAddr(c.from) || c.from == "" && from.IsValid() {
				t.Errorf("from %s, want %s", from, c.from)
			}
			if c.errno != "" && !sock.IsErrno(err, c.errno) {
				t.Errorf("%v, want %s", err, c.errno)
			}
		})
	}
}
