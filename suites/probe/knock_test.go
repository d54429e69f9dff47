package probe_test

import (
	"net/netip"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/host"
	"github.com/loopmatrix/loopmatrix/suites/observe"
	"github.com/loopmatrix/loopmatrix/suites/probe"
	"github.com/loopmatrix/loopmatrix/suites/sock"
)

func TestKnocksThatAreAnswered(t *testing.T) {
	h := onKernel(t)
	k := probe.Knocks{Variant: "v", From: host.One, Wait: sock.Impatience}
	for _, seen := range []observe.Set{k.Dial(h, []netip.Addr{host.One, host.One}), k.Send(h, []netip.Addr{host.One, host.One})} {
		if len(seen) != 2 || !seen.Variant("v").AllOK() {
			t.Errorf("%+v", seen)
		}
	}
}

func TestKnocksThatAreNot(t *testing.T) {
	h := onKernel(t)
	nobody := netip.MustParseAddr("192.0.2.1") // for documentation (RFC 5737), so it can't be bound
	k := probe.Knocks{Wait: sock.Impatience}
	for _, seen := range []observe.Set{k.Dial(h, []netip.Addr{nobody, host.One}), k.Send(h, []netip.Addr{nobody, host.One})} {
		if len(seen) != 2 || seen[0].Outcome != observe.Unavailable || seen[1].Outcome != observe.OK {
			t.Errorf("%+v", seen)
		}
	}
}
