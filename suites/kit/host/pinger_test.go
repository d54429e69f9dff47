package host_test

import (
	"net/netip"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// TestPinger pings 127.0.0.1 and ::1 by the means of the system; what is denied or missing skips.
func TestPinger(t *testing.T) {
	p := host.This(1).Pinger
	if p == nil {
		t.Skip("this system has no ping command")
	}
	for _, a := range []netip.Addr{host.One, host.One6} {
		from, err := p.Echo(a, sock.Patience)
		switch sock.OutcomeOf(err) {
		case observation.OK:
			if from != a {
				t.Errorf("%s: the reply came from %s", a, from)
			}
		default:
			t.Logf("%s by %s: %v", a, p.Name(), err)
		}
	}
}
