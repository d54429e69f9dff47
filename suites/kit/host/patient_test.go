package host

import (
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// deaf is a pinger that hears nothing from 127.0.0.2 and notes how long it waited.
type deaf struct{ waits []time.Duration }

func (*deaf) Name() string { return "deaf" }

func (d *deaf) Echo(to netip.Addr, wait time.Duration) (netip.Addr, error) {
	d.waits = append(d.waits, wait)
	if to == Two {
		return netip.Addr{}, sock.TimedOut("echo")
	}
	return to, nil
}

func TestASilentAddressCostsItsDeadlineOnce(t *testing.T) {
	d := &deaf{}
	p := patient(d)
	for _, to := range []netip.Addr{One, Two, One, Two, Two} {
		_, _ = p.Echo(to, sock.Patience)
	}
	if want := []time.Duration{sock.Patience, sock.Patience, sock.Patience, sock.Impatience, sock.Impatience}; !slices.Equal(d.waits, want) {
		t.Errorf("waits %v, want %v", d.waits, want)
	}
	if patient(nil) != nil {
		t.Error("no pinger must stay none")
	}
}

// slow is a pinger that counts how many ask it at once, and answers when nobody more comes.
type slow struct {
	asking, most atomic.Int32
	crowded      sync.Once // the one who waited for room may make it full a second time
	full         chan struct{}
}

func (*slow) Name() string { return "slow" }

func (s *slow) Echo(to netip.Addr, _ time.Duration) (netip.Addr, error) {
	n := s.asking.Add(1)
	defer s.asking.Add(-1)
	for most := s.most.Load(); n > most && !s.most.CompareAndSwap(most, n); most = s.most.Load() {
	}
	if n == sock.Crowd {
		s.crowded.Do(func() { close(s.full) })
	}
	<-s.full
	return to, nil
}

func TestNotAllAtOnce(t *testing.T) {
	s := &slow{full: make(chan struct{})}
	p := patient(s)
	var all sync.WaitGroup
	for range sock.Crowd + 1 { // the last one waits for room
		all.Go(func() { _, _ = p.Echo(One, sock.Patience) })
	}
	all.Wait()
	if most := s.most.Load(); most != sock.Crowd {
		t.Errorf("%d at once, want %d", most, sock.Crowd)
	}
}

// dead is a pinger that hears nothing of IPv4.
type dead struct{ deaf }

func (d *dead) Echo(to netip.Addr, wait time.Duration) (netip.Addr, error) {
	d.waits = append(d.waits, wait)
	if to.Is4() {
		return netip.Addr{}, sock.TimedOut("echo")
	}
	return to, nil
}

func TestACrowdOfSilentAddressesSparesTheRest(t *testing.T) {
	d := &dead{}
	p := patient(d)
	last := func(to netip.Addr) time.Duration {
		_, _ = p.Echo(to, sock.Patience)
		return d.waits[len(d.waits)-1]
	}
	for n := range sock.Crowd {
		if wait := last(netip.AddrFrom4([4]byte{127, 1, 0, byte(n)})); wait != sock.Patience {
			t.Fatalf("%d silent addresses: waited %v, want %v", n, wait, sock.Patience)
		}
	}
	if wait := last(netip.MustParseAddr("127.2.0.0")); wait != sock.Impatience {
		t.Errorf("a crowd: waited %v, want %v", wait, sock.Impatience)
	}
	if wait := last(One6); wait != sock.Patience {
		t.Errorf("another family: waited %v, want %v", wait, sock.Patience)
	}
}
