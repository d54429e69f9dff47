//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package platform

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// toolPatience is how long a program that only reads a kernel's state may take; they take a few
// milliseconds.
const toolPatience = 3 * time.Second

// readFilter reads whether pf (all but NetBSD), npf (NetBSD) and ipfw (FreeBSD, DragonFly) are on.
func readFilter(f *findings, _ string) string {
	pf, err := ask(f, filterFact, func() (bool, error) { return readByTool("/dev/pf", pfStatus, "/sbin/pfctl", "-s", "info") })
	if err != nil {
		return unknown(err)
	}
	npf, err := ask(f, filterFact, func() (bool, error) { return readByTool("/dev/npf", npfStatus, "/sbin/npfctl", "show") })
	if err != nil {
		return unknown(err)
	}
	ipfw := ""
	if f.enabled("net.inet.ip.fw.enable") {
		ipfw = "ipfw: on"
	}
	return filters(on("pf", pf), on("npf", npf), ipfw)
}

func on(name string, is bool) string {
	if !is {
		return ""
	}
	return name + ": on"
}

// readByTool runs the filter's own program, if its device may be opened. Without a device there is
// no filter, nor with one that no driver stands behind.
func readByTool(device string, status func(string) (on, known bool), program string, args ...string) (bool, error) {
	d, err := os.Open(device)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ENXIO) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	_ = d.Close()
	ctx, cancel := context.WithTimeout(context.Background(), toolPatience)
	defer cancel()
	out, err := exec.CommandContext(ctx, program, args...).Output()
	if err != nil {
		return false, err
	}
	is, known := status(string(out))
	if !known {
		return false, fmt.Errorf("%s does not tell its status", program)
	}
	return is, nil
}
