// Package fake holds whole hosts in memory, and one deliberate defect for each claim, to prove that
// every claim can fail and that the kit notices it.
//
// A Machine is described by a Policy, which is data: what an address means, which binds conflict,
// who receives. The mechanisms that read it (bind.go, tcp.go, udp.go, icmp.go) are the same for
// every machine. Everything is synchronous: a connection stands in the backlog and a datagram in
// the queue when the call returns. Nothing ever waits: what would hang reports its time-out at once
// and moves the machine's clock by the wait.
package fake

import (
	"sync"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Machine is a host in memory. Its fields may be changed until Host is called; its methods may be
// called from several goroutines.
type Machine struct {
	Policy
	// Network is what the machine lists about its interfaces, routes and switches.
	Network Facts
	// System and Go are the books of its two resolvers.
	System, Go Names

	wrapStack   []func(sock.Stack) sock.Stack
	wrapSystem  []func(resolve.Resolver) resolve.Resolver
	wrapGo      []func(resolve.Resolver) resolve.Resolver
	wrapNetwork []func(netif.Network) netif.Network

	mu        sync.Mutex // guards everything below, and the state of every socket
	open      []*socket
	ports     map[port][]*socket // bound sockets, in the order of their binds
	flows     map[flow]*socket   // connected TCP sockets
	processes int
	given     int // how many ephemeral ports were given out
	waited    time.Duration

	refusals sock.Refusals
}

// Wait is the longest wait for an answer on a fake host. No time passes for it.
const Wait = 3 * time.Second

// Wrap puts a layer between the machine and whoever opens sockets on it; a later layer lies around
// the earlier ones.
func (m *Machine) Wrap(layer func(sock.Stack) sock.Stack) { m.wrapStack = append(m.wrapStack, layer) }

// WrapResolvers puts a layer around both resolvers.
func (m *Machine) WrapResolvers(layer func(resolve.Resolver) resolve.Resolver) {
	m.WrapSystem(layer)
	m.wrapGo = append(m.wrapGo, layer)
}

// WrapSystem puts a layer around the system's resolver only.
func (m *Machine) WrapSystem(layer func(resolve.Resolver) resolve.Resolver) {
	m.wrapSystem = append(m.wrapSystem, layer)
}

// WrapNetwork puts a layer around the facts of the network.
func (m *Machine) WrapNetwork(layer func(netif.Network) netif.Network) {
	m.wrapNetwork = append(m.wrapNetwork, layer)
}

// Waited is the time that all calls together would have waited for nothing.
func (m *Machine) Waited() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.waited
}

// Host is the machine as a host under test, with the same layers around its stack as the real one
// (host.This).
func (m *Machine) Host(seed uint64) *host.Host {
	return &host.Host{
		Stack:    m.stack(m.fork(self)),
		Second:   func() (sock.Stack, func() error, error) { return m.second(self) },
		Other:    func() (sock.Stack, func() error, error) { return m.second(other) },
		System:   layered[resolve.Resolver](&m.System, m.wrapSystem),
		Go:       layered[resolve.Resolver](&m.Go, m.wrapGo),
		Network:  layered[netif.Network](&m.Network, m.wrapNetwork),
		Wire:     host.ErrNoWire,
		Markers:  host.Markers{},
		Refusals: &m.refusals,
		Seed:     seed,
		Sample:   host.Sample(seed),
		Wait:     Wait,
		Started:  time.Now(),
		Clock:    func() time.Time { return time.Time{}.Add(m.Waited()) },
	}
}

// second starts one more process.
func (m *Machine) second(u user) (sock.Stack, func() error, error) {
	p := m.fork(u)
	return m.stack(p), func() error { return m.exit(p) }, nil
}

func layered[T any](inner T, layers []func(T) T) T {
	for _, layer := range layers {
		inner = layer(inner)
	}
	return inner
}

// stack is the machine's stack as one process sees it.
func (m *Machine) stack(p process) sock.Stack {
	return sock.Patient(sock.Guard(layered[sock.Stack](stack{m, p}, m.wrapStack), m.Network.Lo(), nil), &m.refusals)
}

// Bare is the machine's stack without guard and patience, like sock.Kernel.
func (m *Machine) Bare() sock.Stack { return layered[sock.Stack](stack{m, m.fork(self)}, m.wrapStack) }
