package names

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

var _ = claim.InPrivate(claim.Claim{
	ID:     "name.reverse.block",
	Family: claim.Names,
	Level:  claim.Should,
	Source: claim.Source{References: []claim.Reference{claim.RFC(6303, "3"), claim.RFC(6303, "4.2")},
		Note: "section 4.2 lists 127.IN-ADDR.ARPA among the zones that recursive name servers should serve by themselves; it asks nothing of a host that hands the question to such a server"},
	Sentence: "The address 127.0.0.2 has a name that is known locally, or none, and asking for it sends no query off the site.",
	Question: "Who gets to know that I asked for the name of 127.0.0.2?",
	Gates:    []claim.Gate{claim.Privileged, claim.Neighbour},
	Behaviours: []claim.Behaviour{
		{Word: "local", Means: "a name is known locally, and nobody is asked", Conforms: true},
		{Word: none, Means: "there is no name, and nobody is asked", Conforms: true},
		{Word: resolve.AsksDNS, Means: "the configured name server is asked and nobody else, so that it is up to that server whether a query leaves the site", Conforms: true},
		{Word: "leaves", Means: "something leaves the host that is not for the site's own name server"},
		isTimeout,
	},
	Rule:  ofBoth(reverseBlock),
	Fault: "copied-to-cable",
}, claim.Part{Name: "default route", Spec: askForNames, In: func() host.Arrangement {
	in := with(usualHosts)
	in.Cables, in.Route = 1, true
	return in
}()})

// nameless are addresses that no hosts file has, but for that of some resolver's stub.
var nameless = []netip.Addr{host.Two, netip.AddrFrom4([4]byte{127, 0, 0, 53}), netip.AddrFrom4([4]byte{127, 1, 2, 3})}

// askForNames asks for names. The configured name server stands for the site's, although it is on
// loopback here, and the cable leads off the site.
func askForNames(h *host.Host) observation.Set {
	s := serve(h, nil)
	defer func() { _ = s.Close() }()
	var seen observation.Set
	for _, a := range askers(h) {
		for _, address := range nameless {
			var query observation.Observation
			left := probe.Leaving(h, h.Cable(), offSite(h.Cable()), func() (answer observation.Observation) {
				answer, query = overhear(h, s, a, names(address))
				return answer
			})
			seen = append(append(seen, query), left...)
		}
	}
	return seen
}

// offSite says of a frame whether it goes further than to the neighbour, to whom the markers go,
// and to groups on the link.
func offSite(c *wire.Cable) func(wire.Frame) bool {
	return func(f wire.Frame) bool {
		s := f.Read()
		to := s.Destination.Addr()
		return (s.Kind == "udp" || s.Kind == "tcp") && to != c.Peer.IPv4 && to != c.Peer.IPv6 && !to.IsMulticast()
	}
}

// reverseBlock reads whom one resolver asks for the name of an address of the block.
func reverseBlock(seen observation.Set) claim.Answer {
	asks, left := seen.Op("query").Outcome(observation.OK), seen.Op("wire").Outcome(observation.OK)
	answers := observation.Fold(seen.Op("getnameinfo"))
	if len(answers.Targets()) < len(nameless) || len(seen.Op("wire")) == 0 {
		return claim.Unclear("not all names were asked for")
	}
	named := false
	for _, o := range answers {
		switch word, clear := lacking(o); {
		case !clear:
			return claim.Unclear("the name of %s: %s", list(o.Targets), o.Problem())
		case word == timeout:
			return claim.Shows(timeout, "no answer about %s", list(o.Targets))
		case word == "":
			named = true
		}
	}
	switch {
	case len(left) > 0:
		return claim.Shows("leaves", "%s left over the cable", list(left.Values()))
	case len(asks) > 0:
		return claim.Shows(resolve.AsksDNS, "the name server is asked about %s", list(sent(asks)))
	case named:
		return claim.Shows("local", "the answer is %s", list(answers.Values()))
	default:
		return claim.Shows(none, "no name, and no query")
	}
}
