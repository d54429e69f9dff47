package host

import (
	"errors"
	"net/netip"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// ErrStackOnly is why a claim is not measured on a host of which only the stack is given.
var ErrStackOnly = errors.New("only the stack of this host is given")

// Of returns a host of which only the stack is given, and the network if it is not nil: it resolves
// no name, and has no second process and no cable. Its other fields may be set before the first
// claim is measured. The stack is guarded and patient, as that of This is.
func Of(stack sock.Stack, network netif.Network, seed uint64) *Host {
	known := &sock.Refusals{}
	none := func() (sock.Stack, func() error, error) { return nil, nil, ErrStackOnly }
	if network == nil {
		network = stackOnly{}
	}
	lo := 0
	if all, err := network.Interfaces(); err == nil {
		i, _ := netif.Lo(all)
		lo = i.Index
	}
	return &Host{
		Stack:    sock.Patient(sock.Guard(stack, lo, nil), known),
		Second:   none,
		Other:    none,
		System:   stackOnly{},
		Go:       stackOnly{},
		Network:  network,
		Wire:     ErrNoWire,
		Markers:  Markers{},
		Refusals: known,
		Seed:     seed,
		Sample:   Sample(seed),
		Wait:     sock.Patience,
		Started:  time.Now(),
	}
}

// stackOnly is the network and the resolver of a host of which neither is given.
type stackOnly struct{}

func notGiven(op string) error {
	return &sock.Error{Op: op, Outcome: observation.Unsupported, Err: ErrStackOnly}
}

func notResolved(op string) error {
	return &resolve.Error{Op: op, Outcome: observation.Unsupported, Err: ErrStackOnly}
}

func (stackOnly) Interfaces() ([]netif.Interface, error) { return nil, notGiven("list interfaces") }
func (stackOnly) Routes() ([]netif.Route, error)         { return nil, notGiven("list routes") }
func (stackOnly) RouteTo(netip.Addr) (netif.Route, error) {
	return netif.Route{}, notGiven("find a route")
}
func (stackOnly) Switch(string) (string, error) { return "", notGiven("read a switch") }

func (stackOnly) Name() string { return "none" }
func (stackOnly) Addresses(string, resolve.Hints) ([]netip.Addr, error) {
	return nil, notResolved("getaddrinfo")
}
func (stackOnly) Names(netip.Addr) ([]string, error) { return nil, notResolved("getnameinfo") }
func (stackOnly) Records(string, string) ([]string, error) {
	return nil, notResolved("res_query")
}
