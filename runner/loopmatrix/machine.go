package main

import (
	"errors"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/lab"
)

// madeForIt is the environment in which --wire auto may change the machine: one that can be thrown away.
const madeForIt = "vm"

// The users who may change interfaces, as the platform names them.
const rootUser = "root"

var (
	errNotMadeForIt = errors.New("private hosts would be this machine itself, which --wire auto changes in a VM only; --wire required does anywhere")
	errNotRoot      = errors.New("private hosts would be this machine itself, which takes root to change")
)

// mayChange says why a run must not change the interfaces and routes of the machine it runs on, or nil. It matters where
// there are no private hosts beside the machine.
func mayChange(mode string, where model.Platform) error {
	switch {
	case where.State.User != rootUser:
		return errNotRoot
	case mode != wireRequired && where.Environment != madeForIt:
		return errNotMadeForIt
	default:
		return nil
	}
}

// probeWire makes a private host to see whether there can be any, and tells the kind of its cable. Where that would be
// the machine itself, it needs permission.
func probeWire(mode string, where model.Platform) (kind string, err error) {
	if lab.OnMachine() {
		if err := mayChange(mode, where); err != nil {
			return "", err
		}
		if err := lab.UseMachine(); err != nil {
			return "", err
		}
	}
	return lab.Probe()
}
