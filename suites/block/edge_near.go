package block

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.It(claim.Claim{
	ID:       "v4.edge.near",
	Family:   claim.Block,
	Level:    claim.Stated,
	Source:   loopsBack(),
	Sentence: "127.0.0.1, 127.255.255.254, 127.0.0.255 and 127.0.255.255 are ordinary unicast addresses.",
	Question: "Is 127.0.0.255 an ordinary address?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "near-edges-are-broadcast",
	Behaviours: []claim.Behaviour{
		{Word: sameAsAnother, Means: "TCP and UDP without SO_BROADCAST reach all four, and so do echo requests if this process can send any",
			Conforms: true},
		{Word: "broadcast", Means: "UDP to one of them is denied without SO_BROADCAST"},
		{Word: "only-127.0.0.1", Means: "127.0.0.1 is reached in every way, and none of the other three is"},
		{Word: "partial", Means: "some of them are reached, or in some ways, and others not"},
		{Word: "none", Means: "none of them is reached in every way"},
	},
	Rule: nearEdges,
}, func(h *host.Host) observation.Set {
	near := []netip.Addr{host.One, netip.AddrFrom4([4]byte{127, 0, 0, 255}), netip.AddrFrom4([4]byte{127, 0, 255, 255}),
		netip.AddrFrom4([4]byte{127, 255, 255, 254})}
	listener, port := serve(h, sock.TCP, wildcard)
	defer func() { _ = listener.Close() }()
	seen := probe.Connect(h, probe.Dials{Server: listener, Port: port, Variant: onWildcard}, near)
	server, port := serve(h, sock.UDP, wildcard)
	defer func() { _ = server.Close() }()
	seen = append(seen, probe.Send(h, probe.Datagrams{Server: server, Port: port, Variant: plain}, near)...)
	return append(seen, probe.TryEcho(h, near)...)
})

// nearEdges reads whether the neighbours of the edges are reached as unicast addresses are.
func nearEdges(seen observation.Set) claim.Answer {
	tried := seen.Where(func(o observation.Observation) bool { return o.Op == "connect" || o.Op == "send" || o.Op == "echo" })
	failed := tried.Where(func(o observation.Observation) bool { return o.Outcome != observation.OK })
	denied := failed.Op("send").Outcome(observation.Denied)
	all, bad := tried.Targets(), failed.Targets()
	good := without(all, bad)
	errs := strings.Join(failed.Errors(), ", ")
	switch {
	case len(all) < 2:
		return claim.Unclear("only %d addresses were tried", len(all))
	case len(bad) == 0:
		return claim.Shows(sameAsAnother, "all %d addresses", len(all))
	case denied.Where(func(o observation.Observation) bool { return o.Errno == "EACCES" }).Count() > 0:
		return claim.Shows("broadcast", "UDP to %s gave EACCES", denied.FirstTarget())
	case len(good) == 0:
		return claim.Shows("none", "%s", errs)
	case slices.Equal(good, []string{host.One.String()}):
		return claim.Shows("only-127.0.0.1", "the other %d addresses gave %s", len(bad), errs)
	default:
		return claim.Shows("partial", "%s gave %s", strings.Join(bad, ", "), errs)
	}
}
