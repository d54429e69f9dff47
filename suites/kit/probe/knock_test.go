package probe_test

import (
	"net/netip"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

func TestKnocksThatAreAnswered(t *testing.T) {
	h := onKernel(t)
	k := probe.Knocks{Variant: "v", From: host.One, Wait: sock.Impatience}
	for _, seen := range []observation.Set{k.Dial(h, []netip.Addr{host.One, host.One}), k.Send(h, []netip.Addr{host.One, host.One})} {
		if len(seen) != 2 || !seen.Variant("v").AllOK() {
			t.Errorf("%+v", seen)
		}
	}
}

func TestKnocksThatAreNot(t *testing.T) {
	h := onKernel(t)
	nobody := netip.MustParseAddr("192.0.2.1") // for documentation (RFC 5737), so it can't be bound
	k := probe.Knocks{Wait: sock.Impatience}
	for _, seen := range []observation.Set{k.Dial(h, []netip.Addr{nobody, host.One}), k.Send(h, []netip.Addr{nobody, host.One})} {
		if len(seen) != 2 || seen[0].Outcome != observation.Unavailable || seen[1].Outcome != observation.OK {
			t.Errorf("%+v", seen)
		}
	}
}
