package probe_test

import (
	"net/netip"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// onKernel is the host that the test runs on.
func onKernel(t *testing.T) *host.Host {
	h := host.This(1)
	h.Gomega = gomega.NewWithT(t)
	return h
}

func listen(t *testing.T, h *host.Host, kind sock.Type, a netip.Addr) (sock.Socket, netip.AddrPort) {
	t.Helper()
	s, at, err := probe.Listen(h, kind, netip.AddrPortFrom(a, 0))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, at
}

func TestReachNamesTheServer(t *testing.T) {
	h := onKernel(t)
	for _, kind := range []sock.Type{sock.TCP, sock.UDP} {
		a, toA := listen(t, h, kind, host.One)
		b, toB := listen(t, h, kind, host.One)
		servers := []probe.Server{{Name: "a", Socket: a}, {Name: "b", Socket: b}}
		seen := observation.Fold(probe.Reach(h, "", servers, []netip.AddrPort{toA, toB}, 100))
		if len(seen) != 2 || !seen.AllOK() || seen[0].Value != "a" || seen[0].Count != 100 || seen[1].Value != "b" || seen[1].Count != 100 {
			t.Errorf("%s: %+v", kind, seen)
		}
	}
}

func TestReachOfAServerThatMayNotReceive(t *testing.T) {
	h := onKernel(t)
	for _, kind := range []sock.Type{sock.TCP, sock.UDP} {
		s, to := listen(t, h, kind, host.One)
		seen := probe.Reach(h, "", []probe.Server{{Name: "other", Only: host.Two, Socket: s}}, []netip.AddrPort{to}, 3)
		if seen.Count() != 3 || len(seen.Outcome(observation.Astray)) != 3 || seen[0].Value != "other" {
			t.Errorf("%s: %+v", kind, seen)
		}
	}
}

func TestReachTriesWhatFailedOnce(t *testing.T) {
	h := onKernel(t)
	for kind, want := range map[sock.Type]observation.Outcome{sock.TCP: observation.Refused, sock.UDP: observation.Lost} {
		s, to := listen(t, h, kind, host.One)
		port, err := probe.FreePort(h, kind, sock.Inet)
		if err != nil {
			t.Fatal(err)
		}
		closed := netip.AddrPortFrom(host.One, port)
		seen := probe.Reach(h, "", []probe.Server{{Name: "open", Socket: s}}, []netip.AddrPort{closed, to}, 100)
		if failed := seen.Outcome(want); failed.Count() != 1 || seen.Outcome(observation.OK).Count() != 100 {
			t.Errorf("%s: %+v", kind, observation.Fold(seen))
		}
	}
}

func TestPair(t *testing.T) {
	h := onKernel(t)
	free := probe.Pair{Type: sock.UDP, First: probe.Seat{Addr: host.One}, Second: probe.Seat{Addr: host.One6}}
	o, seated := free.Bind(h)
	if o.Op != "bind" || o.Outcome != observation.OK || !seated.Both() {
		t.Errorf("two addresses: %+v", o)
	}
	seated.Close()
	nobody := netip.MustParseAddr("192.0.2.1")
	o, seated = probe.Pair{Type: sock.UDP, First: probe.Seat{Addr: nobody}, Second: probe.Seat{Addr: host.One}}.Bind(h)
	if o.Op != "hold" || o.Targets[0] != nobody.String() || o.Outcome != observation.Unavailable || seated.Both() {
		t.Errorf("an address of nobody's: %+v", o)
	}
	seated.Close()
}

func TestBindAllLeavesOutWhatIsNotThere(t *testing.T) {
	h := onKernel(t)
	seen, seated, err := probe.BindAll(h, sock.TCP, "", []netip.Addr{host.One, netip.MustParseAddr("192.0.2.1")})
	defer seated.Close()
	if err != nil || len(seen.Outcome(observation.OK)) != 1 || len(seated.Targets()) != 1 || seated.Targets()[0].Addr() != host.One {
		t.Errorf("%+v, %v, %v", seen, seated.Targets(), err)
	}
	if err := probe.Failure(seen); !sock.IsErrno(err, "EADDRNOTAVAIL") {
		t.Errorf("failure: %v", err)
	}
}

func TestWhatIsClosedByAnotherDatagram(t *testing.T) {
	h := onKernel(t)
	server, to := listen(t, h, sock.UDP, host.One)
	client, _ := listen(t, h, sock.UDP, host.One)
	first, last := probe.Nonce(h), probe.Nonce(h)
	p := probe.Begin(h, "recv", "udp", "", "")
	if err := client.SendTo(last, to); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Before(server, first, last); sock.OutcomeOf(err) != observation.Lost {
		t.Errorf("without the first: %v", err)
	}
	for _, nonce := range [][]byte{first, last} {
		if err := client.SendTo(nonce, to); err != nil {
			t.Fatal(err)
		}
	}
	if m, err := p.Before(server, first, last); err != nil || string(m.Data) != string(first) {
		t.Errorf("with both: %v", err)
	}
	if m, err := p.Expect(server, last); err != nil || string(m.Data) != string(last) {
		t.Errorf("what is left: %v", err)
	}
	if _, err := p.Expect(server, first); sock.OutcomeOf(err) != observation.Lost {
		t.Errorf("nothing is left: %v", err)
	}
}
