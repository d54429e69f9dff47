package privatehost_test

import (
	"net/netip"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

func about(a netip.Addr) func(wire.Frame) bool {
	return func(f wire.Frame) bool { return f.Mentions(func(b netip.Addr) bool { return a == b }) }
}

var _ = claim.InPrivate(claim.Claim{ID: "test.wire", Family: claim.Offhost, Level: claim.MustNot, Sentence: "x", Question: "x?",
	Gates: []claim.Gate{claim.Neighbour}, Source: claim.Source{Note: "x"}, NoFault: "it is made up",
	Behaviours: []claim.Behaviour{{Word: "x", Means: "x", Conforms: true}},
	Rule:       func(observation.Set) claim.Answer { return claim.Shows("x", "x") }},
	claim.Part{Name: "route", In: host.Arrangement{Cables: 1, Route: true}, Spec: func(h *host.Host) observation.Set {
		c := h.Cable()
		send := func(o ...probe.Option) func() observation.Observation {
			return func() observation.Observation {
				p := probe.Begin(h, "send", "udp", "", "127.0.0.1")
				s, err := p.Socket(sock.Inet, sock.UDP)
				if err == nil {
					err = probe.Set(s, o)
				}
				if err == nil {
					err = s.SendTo([]byte("x"), netip.MustParseAddrPort("127.0.0.1:4242"))
				}
				return p.End(err)
			}
		}
		seen := probe.Leaving(h, c, about(host.One), send())
		for _, o := range []sock.Option{sock.BindDevice, sock.UnicastIf, sock.SendVia} {
			seen = append(seen, probe.Leaving(h, c, about(host.One), send(probe.Option{Name: o, Value: c.Index}))...)
		}
		for _, to := range []netip.Addr{c.Host.IPv4, host.One} {
			seen = append(seen, probe.InjectEach(h, c, probe.Injection{Source: c.Peer.IPv4, Destination: to, Target: to,
				Server: netip.IPv4Unspecified()})...)
		}
		return seen
	}})

func TestWire(t *testing.T) {
	var r claim.Result
	err := privatehost.Private("", seed)("test.wire", 0, &r)
	unable.Skip(t, err)
	t.Log(r.Verdict, r.Reason, len(r.Captures))
	for _, o := range r.Observations {
		t.Logf("%+v", o)
	}
}
