//go:build !darwin && !dragonfly && !freebsd && !linux && !netbsd && !openbsd && !windows

package netif

import (
	"fmt"
	"net/netip"
	"runtime"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

func kernel() Network { return none{} }

// none knows the interfaces and nothing else.
type none struct{}

func (none) Interfaces() ([]Interface, error)  { return standard() }
func (none) Routes() ([]Route, error)          { return nil, unknown("list routes") }
func (none) RouteTo(netip.Addr) (Route, error) { return Route{}, unknown("find a route") }
func (none) Switch(string) (string, error)     { return "", unknown("read a switch") }

func rules() (Ruleset, error) { return Ruleset{}, unknown("read the rules of the packet filter") }

func unknown(op string) error {
	return &sock.Error{Op: op, Outcome: observation.Unsupported, Err: fmt.Errorf("this kit does not know how on %s", runtime.GOOS)}
}

func fail(op string, err error) error {
	return &sock.Error{Op: op, Outcome: observation.Failed, Err: err}
}
