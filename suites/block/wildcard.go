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
	ID:     "v4.wildcard.covers",
	Family: claim.Block,
	Level:  claim.Stated,
	Source: claim.Source{References: []claim.Reference{claim.RFC(5735, "3"), claim.RFC(1122, "4.2.3.10"), {
		Document: "POSIX.1-2024", Section: "netinet/in.h (INADDR_ANY)",
		URL: "https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/netinet_in.h.html"}},
		Note: "An edge that the system takes for a broadcast address is no exception to the claim: by RFC 1122 4.2.3.10 TCP must " +
			"reject such an address as an error, at once."},
	Sentence: "A socket bound to 0.0.0.0 is reachable on every address of 127.0.0.0/8.",
	Question: "Does a server on 0.0.0.0 answer on 127.0.0.2 too, and does it see which address was dialled?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "wildcard-without-127.0.0.2",
	Behaviours: []claim.Behaviour{
		{Word: "whole-block", Means: "it is reached on ordinary addresses and on both edges", Conforms: true},
		{Word: "all-but-edges", Means: "it is reached on ordinary addresses; connecting to 127.0.0.0 or 127.255.255.255 or both is an error", Conforms: true},
		{Word: "edges-silent", Means: "it is reached on ordinary addresses; connecting to 127.0.0.0 or 127.255.255.255 or both gets no answer"},
		{Word: "only-127.0.0.1", Means: "it is reached on 127.0.0.1 only"},
		{Word: "astray", Means: "a connection arrives at another socket, or the accepted socket's name is not the address that was dialled"},
		{Word: "partial", Means: "it is reached on 127.0.0.1 and some other addresses, and not on all ordinary ones"},
		{Word: "none", Means: "it is not even reached on 127.0.0.1"},
	},
	Rule: covered,
}, func(h *host.Host) observation.Set {
	server, port := serve(h, sock.TCP, wildcard)
	defer func() { _ = server.Close() }()
	return probe.Connect(h, probe.Dials{Server: server, Port: port, Variant: onWildcard},
		[]netip.Addr{host.One, host.Two, host.Debian, host.Low, host.High})
})

// covered reads on which addresses a wildcard listener was reached. The accepted socket's name has
// been compared with the address dialled by probe.Connect, which calls a difference astray.
func covered(seen observation.Set) claim.Answer {
	seen = seen.Op("connect")
	astray := seen.Outcome(observation.Astray)
	failed := seen.Where(func(o observation.Observation) bool { return o.Outcome != observation.OK })
	all, bad := seen.Targets(), failed.Targets()
	good := without(all, bad)
	errs := strings.Join(failed.Errors(), ", ")
	ordinary := without(bad, []string{host.Low.String(), host.High.String()})
	switch {
	case !slices.Contains(all, host.One.String()) || len(all) < 2:
		return claim.Unclear("only %d addresses were dialled", len(all))
	case len(bad) == 0:
		return claim.Shows("whole-block", "on %s", strings.Join(all, ", "))
	case len(astray) > 0:
		return claim.Shows("astray", "%s: %s", astray.FirstTarget(), strings.Join(astray.Values(), "; "))
	case len(ordinary) == 0 && len(failed.Where(mute)) > 0:
		return claim.Shows("edges-silent", "%s gave %s", strings.Join(bad, ", "), errs)
	case len(ordinary) == 0:
		return claim.Shows("all-but-edges", "%s gave %s", strings.Join(bad, ", "), errs)
	case !slices.Contains(good, host.One.String()):
		return claim.Shows("none", "127.0.0.1 among others gave %s", errs)
	case len(good) == 1:
		return claim.Shows("only-127.0.0.1", "the other %d addresses gave %s", len(bad), errs)
	default:
		return claim.Shows("partial", "%s gave %s", strings.Join(bad, ", "), errs)
	}
}
