package netif_test

import (
	"errors"
	"net/netip"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// TestKernel asks the machine that runs the test. A question may go unanswered, but then with an
// error that names the call.
func TestKernel(t *testing.T) {
	g, network := NewWithT(t), netif.Kernel()
	named := func(err error) bool {
		var e *sock.Error
		return errors.As(err, &e) && e.Op != ""
	}
	if all, err := network.Interfaces(); err != nil {
		g.Expect(named(err)).To(BeTrue(), "%v", err)
	} else if lo, found := netif.Lo(all); found {
		g.Expect(lo.Index).To(BeNumerically(">", 0))
		g.Expect(lo.Name).NotTo(BeEmpty())
		t.Logf("%+v", lo)
	}
	if all, err := network.Routes(); err != nil {
		g.Expect(named(err)).To(BeTrue(), "%v", err)
	} else {
		for _, r := range all {
			g.Expect(r.Destination.IsValid()).To(BeTrue(), "%+v", r)
			g.Expect(r.Kind).NotTo(BeEmpty(), "%+v", r)
			t.Logf("%+v", r)
		}
	}
	for _, a := range []string{"127.0.0.1", "127.0.0.2", "::1", "::2", "192.0.2.1"} {
		r, err := network.RouteTo(netip.MustParseAddr(a))
		g.Expect(err == nil || named(err)).To(BeTrue(), "%v", err)
		t.Logf("%s: %+v, %v", a, r, err)
	}
}

func TestSwitch(t *testing.T) {
	g, network := NewWithT(t), netif.Kernel()
	for _, name := range netif.Switches() {
		if v, err := network.Switch(name); err == nil {
			g.Expect(v).NotTo(BeEmpty(), name)
			t.Logf("%s = %s", name, v)
		}
	}
	for _, name := range []string{"", "no.such.switch", "../../etc/passwd", "//.//.etc.passwd"} {
		_, err := network.Switch(name)
		g.Expect(err).To(HaveOccurred(), name)
	}
}
