package main

import (
	"errors"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
)

// rootUser is the user who may change interfaces, as the platform names it.
const rootUser = "root"

// consent says in the help what it takes to change this machine.
const consent = "What needs a cable is measured in\n" +
	"private hosts that vanish by themselves (Linux). BSD and macOS have none: there, it is measured only by root, and only\n" +
	"with --wire required or " + privatehost.Permission + "=1, and this machine's interfaces, routes and packet filter\n" +
	"are changed meanwhile: say so in a machine that is thrown away, for its network is gone for seconds."

var (
	errNotPermitted = errors.New("private hosts would be this machine itself: its default routes, and lo, would be away for seconds; " +
		"--wire required asks for that, and so does " + privatehost.Permission + "=1 in a machine that is thrown away")
	errNotRoot = errors.New("private hosts would be this machine itself, which takes root to change")
)

// mayWire returns why a run must make no private hosts, or nil. Where they vanish by themselves (namespaces), anybody may
// try. Where they are this machine itself (onMachine), only a word of the user permits it: --wire required, or the
// variable privatehost.Permission. That the machine is a virtual one permits nothing.
func mayWire(onMachine bool, mode string, permitted bool, where model.Platform) error {
	switch {
	case !onMachine:
		return nil
	case where.State.User != rootUser:
		return errNotRoot
	case mode != wireRequired && !permitted:
		return errNotPermitted
	default:
		return nil
	}
}

// probeWire makes a private host to see whether there can be any, and returns the kind of its cable. Where that would be
// the machine itself, it needs permission, which its children inherit.
func probeWire(onMachine bool, mode string, where model.Platform) (kind string, err error) {
	if err := mayWire(onMachine, mode, privatehost.Permitted(), where); err != nil {
		return "", err
	}
	if onMachine {
		if err := privatehost.Permit(); err != nil {
			return "", err
		}
	}
	return privatehost.Probe()
}
