// Package probe makes the socket calls that several claims share and reports what came back. A
// probe never asserts and never judges: what can go wrong on a host is in its observations.
package probe

import (
	"net/netip"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Overlap is how many probes run side by side: a whole sample, so that a block in which every
// address is silent costs one deadline, and few enough for the smallest listen backlog in the field
// (128 on macOS: kern.ipc.somaxconn).
const Overlap = 100

// Each runs one probe for each address, up to Overlap of them side by side, and gives their
// observations in the order of the addresses. A panic in one of them is thrown again by Each.
func Each(addrs []netip.Addr, one func(netip.Addr) observation.Observation) observation.Set {
	out := make(observation.Set, len(addrs))
	all := make([]func(), len(addrs))
	for i, a := range addrs {
		all[i] = func() { out[i] = one(a) }
	}
	Beside(all...)
	return out
}

// Beside runs functions side by side, up to Overlap of them at once, and waits for all. A panic in
// one of them is thrown again.
func Beside(all ...func()) {
	thrown := make(chan any, len(all))
	var running errgroup.Group
	running.SetLimit(Overlap)
	for _, one := range all {
		running.Go(func() error {
			defer func() {
				if t := recover(); t != nil {
					thrown <- t
				}
			}()
			one()
			return nil
		})
	}
	_ = running.Wait()
	select {
	case t := <-thrown:
		panic(t)
	default:
	}
}

// Probe is one probe under way: a traced stack, and the observation that it becomes.
type Probe struct {
	sock.Stack
	h     *host.Host
	t     *sock.Transcript
	o     observation.Observation
	begun time.Time
	open  []sock.Socket
}

// Begin starts a probe. The target is an address or a name.
func Begin(h *host.Host, op, proto, variant, target string) *Probe {
	stack, t := sock.Trace(h.Stack)
	p := &Probe{Stack: stack, h: h, t: t, begun: time.Now()}
	p.o = observation.Observation{Op: op, Proto: proto, Variant: variant, Count: 1,
		AtMicros: p.begun.Sub(h.Started).Microseconds()}
	if target != "" {
		p.o.Targets = []string{target}
	}
	return p
}

// Socket opens a socket that End closes.
func (p *Probe) Socket(f sock.Family, t sock.Type) (sock.Socket, error) {
	s, err := p.Stack.Socket(f, t)
	if err == nil {
		p.open = append(p.open, s)
	}
	return s, err
}

// Keep makes End close this socket too.
func (p *Probe) Keep(s sock.Socket) { p.open = append(p.open, s) }

// End closes what the probe opened and gives the observation with what err says.
func (p *Probe) End(err error) observation.Observation {
	p.o.TookMicros = max(1, time.Since(p.begun).Microseconds())
	for _, s := range p.open {
		_ = s.Close() // what was observed is observed
	}
	p.o.Calls = p.t.Lines()
	return sock.Describe(p.o, err)
}

// Source notes the source address that the other end saw.
func (p *Probe) Source(source, destination netip.Addr) *Probe {
	p.o.Source = observation.SourceOf(source, destination)
	return p
}

// Value notes what was read.
func (p *Probe) Value(v string) *Probe {
	p.o.Value = v
	return p
}

// Astray ends the probe with the observation that something arrived where, whence or how it should
// not have; the value says what.
func (p *Probe) Astray(what string) observation.Observation {
	o := p.Value(what).End(nil)
	o.Outcome = observation.Astray
	return o
}

// Option is a socket option to set before anything else.
type Option struct {
	Name  sock.Option
	Value int
}

// Set sets the options on a socket, in order.
func Set(s sock.Socket, options []Option) error {
	for _, o := range options {
		if err := s.SetOption(o.Name, o.Value); err != nil {
			return err
		}
	}
	return nil
}

// ProtoOf is the word for a socket type in Observation.Proto.
func ProtoOf(t sock.Type, f sock.Family) string {
	switch {
	case t == sock.TCP:
		return "tcp"
	case t == sock.UDP:
		return "udp"
	case f == sock.Inet6:
		return "icmpv6"
	default:
		return "icmp"
	}
}
