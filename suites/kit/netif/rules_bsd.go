//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package netif

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// toolPatience is how long a program that only reads a kernel's state may take; they take a few
// milliseconds.
const toolPatience = 3 * time.Second

// rules asks pf, or npf where there is no pf. Without a device there is no filter, nor with one
// that no driver stands behind.
func rules() (Ruleset, error) {
	switch there, err := device("/dev/pf"); {
	case err != nil:
		return Ruleset{Filter: "pf"}, sock.SystemError("open /dev/pf", err)
	case there:
		return pfRules()
	}
	there, err := device("/dev/npf")
	if err != nil || !there {
		return Ruleset{Filter: "npf"}, sock.SystemError("open /dev/npf", err)
	}
	out, err := tool("/sbin/npfctl", "show")
	if err != nil {
		return Ruleset{Filter: "npf"}, err
	}
	return npfRules(out), nil
}

func device(path string) (there bool, err error) {
	d, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ENXIO) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, d.Close()
}

func pfRules() (Ruleset, error) {
	found := Ruleset{Filter: "pf"}
	info, err := tool("/sbin/pfctl", "-s", "info")
	if err != nil || !pfEnabled(info) {
		return found, err
	}
	listed, err := tool("/sbin/pfctl", "-s", "rules")
	if err != nil {
		return found, err
	}
	interfaces, err := tool("/sbin/pfctl", "-v", "-s", "Interfaces")
	found.Rules, found.Skips = count(listed), pfSkips(interfaces)
	return found, err
}

func tool(program string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), toolPatience)
	defer cancel()
	out, err := exec.CommandContext(ctx, program, args...).Output()
	return string(out), sock.SystemError(program, err)
}
