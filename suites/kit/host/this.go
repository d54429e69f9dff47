package host

import (
	"errors"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock/remote"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// ErrNoWire is why claims that need the other end of a cable can't be measured.
var ErrNoWire = errors.New("this run holds no wire")

// This is the host that this process runs on.
func This(seed uint64) *Host {
	network := netif.Kernel()
	lo, known := 0, &sock.Refusals{}
	all, err := network.Interfaces()
	if i, found := netif.Lo(all); err == nil && found { // without a listing the guard trusts no interface
		lo = i.Index
	}
	return &Host{
		Stack:    sock.Patient(sock.Guard(sock.Kernel(), lo, netif.Leads), known),
		Second:   func() (sock.Stack, func() error, error) { return second(lo, known, remote.Start) },
		Other:    func() (sock.Stack, func() error, error) { return second(lo, known, remote.StartOther) },
		System:   resolve.System(),
		Go:       resolve.Go(),
		Network:  network,
		Rules:    netif.Rules,
		Pinger:   inside(patient(pinger())),
		Wire:     ErrNoWire,
		Sniff:    wire.Sniff,
		Markers:  Markers{},
		Refusals: known,
		Seed:     seed,
		Sample:   Sample(seed),
		Wait:     sock.Patience,
		Own:      own(all),
		Started:  time.Now(),
	}
}

// second starts a second process; its stack is guarded and patient like that of this one.
func second(lo int, known *sock.Refusals, start func() (*remote.Process, error)) (sock.Stack, func() error, error) {
	p, err := start()
	if err != nil {
		return nil, nil, err
	}
	return sock.Patient(sock.Guard(p, lo, netif.Leads), known), p.Close, nil
}

// own lists the addresses of the host that are not loopback.
func own(all []netif.Interface) []string {
	var out []string
	for _, i := range all {
		for _, a := range i.Addresses {
			if !sock.IsLoopback(a.Addr()) {
				out = append(out, a.Addr().WithZone("").String())
			}
		}
	}
	return out
}
