package sock

import (
	"errors"
	"net/netip"
	"sync"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// Patience is the longest wait for an answer inside one host. Loopback answers in microseconds, in
// milliseconds under emulation.
const Patience = 3 * time.Second

// RefusalPatience is the longest wait for the first refusal of a host. Windows asks a closed port
// three times, 500 ms apart, before it reports a refusal after about 2 s (Go's net.(*netFD).connect
// works around it with SIO_TCP_INITIAL_RTO); the wait is several times that, since a busy machine
// takes longer.
const RefusalPatience = refusalFactor * Patience

// refusalFactor is how many times the slowest refusal a connection is waited for.
const refusalFactor = 4

// Refusals remembers how long the refusals of a host take, which is how long its connections have
// to be waited for. Its zero value knows of none; nil remembers nothing.
type Refusals struct {
	mu      sync.Mutex
	slowest time.Duration
}

// Took notes a refusal.
func (r *Refusals) Took(d time.Duration) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.slowest = max(r.slowest, d)
}

// Known reports whether a refusal was noted.
func (r *Refusals) Known() bool { return r.wait(0) > 0 }

// wait returns the wait that a connection needs: at least four times the slowest refusal.
func (r *Refusals) wait(d time.Duration) time.Duration {
	if r == nil {
		return d
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return max(d, refusalFactor*r.slowest)
}

// Impatience is the longest wait for an address that has been silent for its full deadline before.
// It is still asked, and an answer still counts; a hundred times what emulated loopback takes is
// enough to see one.
const Impatience = 250 * time.Millisecond

// Crowd is how many silent addresses of a family it takes to expect the same of the next one: more
// than any fault in a few places explains, and fewer than a sample holds.
const Crowd = 32

// Patient makes an address that never answers cost its deadline once: after a connect has waited in
// vain for its full deadline, later connects of the same socket type to the same address wait at
// most Impatience. After a crowd of such addresses, connects to any other address of that family do
// so too. A connect for which the full deadline is given waits long enough for a refusal, by those
// that are known.
func Patient(inner Stack, known *Refusals) Stack {
	return &patient{Stack: inner, known: known, silent: map[silence]bool{}}
}

type silence struct {
	addr netip.Addr
	kind Type
}

type patient struct {
	Stack
	known  *Refusals
	mu     sync.Mutex
	silent map[silence]bool
}

func (p *patient) Socket(f Family, t Type) (Socket, error) {
	s, err := p.Stack.Socket(f, t)
	if err != nil {
		return nil, err
	}
	return &patientSocket{s, p}, nil
}

func (p *patient) wait(k silence, wait time.Duration) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	full := wait >= Patience // a shorter one asks whether something is there already
	if p.silent[k] || p.crowded(k) {
		wait = min(wait, Impatience)
	}
	if full {
		wait = p.known.wait(wait)
	}
	return wait
}

// crowded says whether a crowd of addresses that are like this one has been silent.
func (p *patient) crowded(k silence) bool {
	n := 0
	for other := range p.silent {
		if other.kind == k.kind && other.addr.Is4() == k.addr.Is4() {
			n++
		}
	}
	return n >= Crowd
}

func (p *patient) remember(k silence) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.silent[k] = true
}

type patientSocket struct {
	Socket
	p *patient
}

// Bind tells an address and port in use from the want of any port.
func (s *patientSocket) Bind(a netip.AddrPort) error {
	err := s.Socket.Bind(a)
	if a.Port() == 0 && IsErrno(err, "EADDRINUSE") {
		return exhausted(err)
	}
	return err
}

func (s *patientSocket) Connect(to netip.AddrPort, wait time.Duration) error {
	k := silence{to.Addr().Unmap(), s.Type()} // ::ffff:127.0.0.2 is as silent as 127.0.0.2
	err := s.Socket.Connect(to, s.p.wait(k, wait))
	if OutcomeOf(err) == observation.Timeout && wait >= Impatience { // a shorter wait does not tell silence
		s.p.remember(k)
	}
	if IsErrno(err, "EADDRNOTAVAIL") && s.p.portless(s.Family(), s.Type()) {
		return exhausted(err)
	}
	return err
}

// portless reports whether the system has no port for another socket. Linux gives the same error
// for that and for an address that is not available (__inet_hash_connect).
func (p *patient) portless(f Family, t Type) bool {
	s, err := p.Stack.Socket(f, t)
	if err != nil {
		return false
	}
	defer func() { _ = s.Close() }()
	wild := netip.IPv4Unspecified()
	if f == Inet6 {
		wild = netip.IPv6Unspecified()
	}
	return IsErrno(s.Bind(netip.AddrPortFrom(wild, 0)), "EADDRINUSE")
}

// exhausted returns the error of a call that failed because the system has no port to give.
func exhausted(err error) error {
	e, _ := errors.AsType[*Error](err)
	short := *e
	short.Outcome = observation.Exhausted
	return &short
}

func (s *patientSocket) Accept(wait time.Duration) (Socket, netip.AddrPort, error) {
	c, from, err := s.Socket.Accept(wait)
	if err != nil {
		return nil, from, err
	}
	return &patientSocket{c, s.p}, from, nil
}
