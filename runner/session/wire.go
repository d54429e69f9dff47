package session

import (
	"errors"
	"fmt"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// rootUser is the user who may change interfaces, as the platform names it.
const rootUser = "root"

// noWire is Platform.Wire of a run without private hosts.
const noWire = "none"

var (
	errNotPermitted = errors.New("private hosts would be this machine itself: its default routes, and lo, would be away for seconds; " +
		"--wire required asks for that, and so does " + privatehost.Permission + "=1 in a machine that is thrown away")
	errNotRoot = errors.New("private hosts would be this machine itself, which takes root to change")
)

// permission returns why a run must make no private hosts, or nil. Where they vanish by themselves
// (namespaces), any user may try. Where they are this machine itself, only a word of the user
// permits it: --wire required, or the variable privatehost.Permission. That the machine is a
// virtual one permits nothing.
func permission(onMachine bool, mode string, where model.Platform) error {
	switch {
	case !onMachine:
		return nil
	case where.State.User != rootUser:
		return errNotRoot
	case mode != WireRequired && !privatehost.Permitted():
		return errNotPermitted
	default:
		return nil
	}
}

// wired sets the private hosts of a host, and returns the kind of their cables. Without them,
// WireAuto goes on and the claims that need them say why they were not run.
func wired(h *host.Host, mode string, where model.Platform) (kind string, err error) {
	return wiredOn(h, mode, privatehost.OnMachine(), where)
}

// wiredOn is wired where private hosts are the machine itself, or are not.
func wiredOn(h *host.Host, mode string, onMachine bool, where model.Platform) (kind string, err error) {
	if mode == WireOff {
		h.Wire = fmt.Errorf("%w: --wire off", host.ErrNoWire)
		return noWire, nil
	}
	if err = permission(onMachine, mode, where); err == nil && onMachine {
		err = privatehost.Permit() // children inherit it
	}
	if err == nil {
		kind, err = privatehost.Probe()
	}
	switch {
	case err == nil:
		h.Wire, h.Private = nil, privatehost.Private("", h.Seed)
		return kind, nil
	case mode == WireRequired:
		return noWire, fmt.Errorf("--wire required: %s", sock.Reason(err))
	default:
		h.Wire = fmt.Errorf("%w: %w", host.ErrNoWire, err)
		return noWire, nil
	}
}
