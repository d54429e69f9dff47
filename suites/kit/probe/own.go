package probe

import (
	"errors"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// SendOwn sends a nonce to a server of its own at every target: each server is bound to the target
// address itself. OK means that the nonce arrived there; what did not is Lost (see collect). A
// target that can't be bound gives bind's error. The options are those of the clients.
func SendOwn(h *host.Host, variant string, targets []netip.Addr, options ...Option) observation.Set {
	return Again(sendOwn(h, variant, targets, options, collection{}), targets, func(to []netip.Addr) observation.Set {
		return sendOwn(h, variant, to, options, collection{once: true})
	})
}

// SendAlone is SendOwn to 127.0.0.1, of which nothing else can tell that it is silent: without an
// answer it is a Timeout.
func SendAlone(h *host.Host, variant string) observation.Set {
	return sendOwn(h, variant, []netip.Addr{host.One}, nil, collection{alone: true})
}

func sendOwn(h *host.Host, variant string, targets []netip.Addr, options []Option, c collection) observation.Set {
	asks := make([]*ask, len(targets))
	servers := map[*ask]sock.Socket{}
	nonces := map[*ask][]byte{}
	for i, to := range targets {
		a := &ask{Probe: Begin(h, "send", "udp", variant, to.String()), target: to}
		server, at, err := ListenOn(a.Stack, sock.UDP, netip.AddrPortFrom(to, 0))
		var client sock.Socket
		if err == nil {
			a.Keep(server)
			client, err = a.Socket(sock.FamilyOf(to), sock.UDP)
		}
		if err == nil {
			err = Set(client, options)
		}
		asks[i], servers[a], nonces[a] = a, server, Nonce(h)
		a.err, a.send = err, func() error { return client.SendTo(nonces[a], at) }
	}
	c.read = anyOf(asks, func(a *ask, wait time.Duration) bool {
		m, err := servers[a].Recv(NonceSize, wait)
		if err != nil {
			return false
		}
		if string(m.Data) == string(nonces[a]) {
			a.answered = true
			a.Source(m.From.Addr(), a.target)
		}
		return true
	})
	c.collect(h, asks)
	return endAll(asks)
}

// DialOwn dials every target at a listener of its own, each bound to the target address itself, all
// at once (see Connect). A target that can't be bound gives bind's error.
func DialOwn(h *host.Host, variant string, targets []netip.Addr) observation.Set {
	dial := func(to []netip.Addr) observation.Set { return dialOwn(h, variant, to) }
	return Again(dial(targets), targets, dial)
}

func dialOwn(h *host.Host, variant string, targets []netip.Addr) observation.Set {
	return Each(targets, func(a netip.Addr) observation.Observation {
		p := Begin(h, "connect", "tcp", variant, a.String())
		server, at, err := ListenOn(p.Stack, sock.TCP, netip.AddrPortFrom(a, 0))
		if err != nil {
			return p.End(err)
		}
		defer func() { _ = server.Close() }()
		return Connect(h, Dials{Server: server, Port: at.Port(), Variant: variant}, []netip.Addr{a})[0]
	})
}

var errNothing = errors.New("nothing to read on any socket")

// anyOf makes of a reader for the socket of one ask a reader for collect. It looks at every pending
// ask without waiting; if there was nothing anywhere, it waits at all of them side by side. one
// says whether it has read something and writes to nothing but its ask.
func anyOf(asks []*ask, one func(*ask, time.Duration) bool) func(time.Duration) error {
	return func(wait time.Duration) error {
		read := false
		for _, a := range asks {
			if a.err == nil && !a.answered {
				read = one(a, 0) || read
			}
		}
		if read || wait == 0 {
			return errIf(!read)
		}
		var found atomic.Bool
		var all sync.WaitGroup
		for _, a := range asks {
			if a.err == nil && !a.answered {
				all.Go(func() {
					if one(a, wait) {
						found.Store(true)
					}
				})
			}
		}
		all.Wait()
		return errIf(!found.Load())
	}
}

func errIf(nothing bool) error {
	if nothing {
		return errNothing
	}
	return nil
}

func endAll(asks []*ask) observation.Set {
	out := make(observation.Set, len(asks))
	for i, a := range asks {
		out[i] = a.end()
	}
	return out
}
