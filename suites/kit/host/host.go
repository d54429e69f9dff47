// Package host is the host under test as a spec sees it: a socket stack, resolvers, the facts of
// its network, and the addresses that stand for the block.
package host

import (
	"net/netip"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// Host is the host under test.
type Host struct {
	// Gomega asserts the preconditions of a measurement; a broken one makes the claim inconclusive.
	gomega.Gomega
	// Stack opens sockets, guarded and patient.
	Stack sock.Stack
	// Second gives the stack of a second process, owned by the same user, and its end.
	Second func() (sock.Stack, func() error, error)
	// Other gives the stack of a second process, owned by another user, and its end.
	Other func() (sock.Stack, func() error, error)
	// System is the system's own resolver, Go is the one of Go's standard library.
	System, Go resolve.Resolver
	// Network tells interfaces, routes and switches.
	Network netif.Network
	// Pinger is the system's own way to send an echo request without a socket of ours; nil if it
	// has none.
	Pinger Pinger
	// Wire says why this run has no private hosts and so holds no wire; every claim of how N needs
	// one.
	Wire error
	// Private makes private hosts; nil if Wire says why not.
	Private Private
	// Sniff starts to capture on the interface of this name.
	Sniff func(name string) (wire.Sniffer, error)
	// Admin changes a private host; nil outside of one.
	Admin Admin
	// Filter is the packet filter of a private host; nil outside of one.
	Filter Filter
	// Rules tells how the packet filter treats loopback as things are; nil if nothing tells.
	Rules func() (netif.Ruleset, error)
	// Cables are those of a private host.
	Cables []*wire.Cable
	// Own are the host's addresses that are not loopback; no observation names them
	// (observation.Anonymous). Those that the kit gave to a private host are not among them.
	Own []string
	// Seed is what Sample and every nonce come from.
	Seed uint64
	// Sample is the ordinary addresses of the block that stand for all (see Sample).
	Sample []netip.Addr
	// Markers remembers which marker paths are silent (package probe).
	Markers Markers
	// Refusals remembers how long a refusal takes here; Stack waits for connections accordingly.
	Refusals *sock.Refusals
	// Wait is the longest wait for an answer that should come at once.
	Wait time.Duration
	// Started is when the run began.
	Started time.Time
	// Clock tells the time on an in-memory host, on which no real time passes; nil means time.Now.
	Clock func() time.Time
}

// Now is the time on the host under test; only how far apart two times are means anything.
func (h *Host) Now() time.Time {
	if h.Clock != nil {
		return h.Clock()
	}
	return time.Now()
}

// Markers remembers the markers that did not come back. It is used by one goroutine at a time.
type Markers map[Marker]bool

// Marker is a way that a marker goes: a datagram ("udp") or an echo request ("icmp", "icmpv6") to
// an address.
type Marker struct {
	Proto string
	To    netip.Addr
}

// Pinger sends echo requests by means of the system: the ping command, or IcmpSendEcho.
type Pinger interface {
	// Name says by which means: "ping command", "IcmpSendEcho2".
	Name() string
	// Echo sends one echo request and gives the source of the reply. The means itself checks id,
	// sequence and payload. Errors are *sock.Error; without a reply the outcome is Timeout. An
	// error of the call "socket" says that this process may not use the means at all.
	Echo(to netip.Addr, wait time.Duration) (from netip.Addr, err error)
}

// Skipped is what NotRun throws; package claim turns it into the verdict not-run.
type Skipped struct {
	// Probe is what was tried.
	Probe observation.Observation
	// Err is why it could not run.
	Err error
	// Seen is what was observed all the same, beside what the claim is about.
	Seen observation.Set
}

// NotRun ends the spec: the probe named op was tried, and err says why the claim can't be measured
// here. What was seen all the same is kept in the report. What the kit itself is short of makes the
// claim inconclusive instead.
func (h *Host) NotRun(op string, err error, seen ...observation.Observation) {
	if sock.OutcomeOf(err) == observation.Exhausted {
		h.Expect(err).NotTo(gomega.HaveOccurred())
	}
	panic(Skipped{sock.Describe(observation.Observation{Op: op, Count: 1}, err), err, seen})
}

// Lo is the loopback interface; without one the spec ends as not-run.
func (h *Host) Lo() netif.Interface {
	all, err := h.Network.Interfaces()
	if err != nil {
		h.NotRun("list interfaces", err)
	}
	lo, found := netif.Lo(all)
	if !found {
		h.NotRun("list interfaces", sock.Errno("list interfaces", "ENODEV", 0))
	}
	return lo
}
