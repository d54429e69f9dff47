//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package privatehost

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost/internal/undo"
)

// quiet are the switches that let an address be used at once, and keep the host from asking who
// else has it: the numbers of probes for IPv6 (RFC 4862 5.4, dad_count of KAME) and, on NetBSD, for
// IPv4 (RFC 5227, sys/netinet/if_arp.c).
var quiet = []string{"net.inet6.ip6.dad_count", "net.inet.ip.dad_count"}

// sysctl runs sysctl(8): each of these systems has it, and every other way to write a switch
// differs from one to the next.
func sysctl(args ...string) (string, error) {
	path := "/sbin/sysctl"
	if _, err := os.Stat(path); err != nil {
		path = "/usr/sbin/sysctl" // macOS
	}
	var complaints bytes.Buffer
	c := exec.Command(path, args...)
	c.Stderr = &complaints
	out, err := c.Output()
	if err != nil {
		return "", fmt.Errorf("sysctl %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(complaints.String()))
	}
	return strings.TrimSpace(string(out)), nil
}

// readSwitch asks the kernel, and sysctl(8) about what is not a number of the usual sizes.
func readSwitch(name string) (string, error) {
	if value, err := netif.Kernel().Switch(name); err == nil {
		if _, err := strconv.Atoi(value); err == nil {
			return value, nil
		}
	}
	value, err := sysctl("-n", name)
	if err == nil && value == "" {
		return "", fmt.Errorf("sysctl -n %s says nothing", name)
	}
	return value, err
}

// writeSwitch writes a switch, and reads it again: not every sysctl(8) tells by its status that it
// could not.
func writeSwitch(name, value string) error {
	if _, err := sysctl("-w", name+"="+value); err != nil {
		return err
	}
	now, err := readSwitch(name)
	if err == nil && now != value {
		err = fmt.Errorf("sysctl -w %s=%s: it is still %s", name, value, now)
	}
	return err
}

// setSwitch sets a switch until its old value comes back.
func setSwitch(name, value string, w will) error {
	old, err := readSwitch(name)
	if err != nil || old == value {
		return err
	}
	if err := w(undo.Step{Kind: "switch", Args: []string{name, old}}); err != nil {
		return err
	}
	return writeSwitch(name, value)
}
