package host

import (
	"net/netip"
	"sync"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// patientPinger makes an address that never answers cost its deadline once, and a crowd of them
// spare the rest, as sock.Patient does for connections. No more than such a crowd are asked at
// once: a command for each of a whole sample, on a machine whose processors are busy anyway, would
// not even have begun when its time is over.
type patientPinger struct {
	Pinger
	room   chan struct{}
	mu     sync.Mutex
	silent map[netip.Addr]bool
}

// patient wraps a pinger; nil stays nil.
func patient(inner Pinger) Pinger {
	if inner == nil {
		return nil
	}
	return &patientPinger{Pinger: inner, room: make(chan struct{}, sock.Crowd), silent: map[netip.Addr]bool{}}
}

func (p *patientPinger) Echo(to netip.Addr, wait time.Duration) (netip.Addr, error) {
	p.room <- struct{}{}
	defer func() { <-p.room }()
	if p.hopeless(to) {
		wait = min(wait, sock.Impatience)
	}
	from, err := p.Pinger.Echo(to, wait)
	if sock.OutcomeOf(err) == observation.Timeout {
		p.mu.Lock()
		p.silent[to] = true
		p.mu.Unlock()
	}
	return from, err
}

// hopeless says whether this address, or a crowd of its family, has been silent.
func (p *patientPinger) hopeless(to netip.Addr) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	crowd := 0
	for a := range p.silent {
		if a.Is4() == to.Is4() {
			crowd++
		}
	}
	return p.silent[to] || crowd >= sock.Crowd
}
