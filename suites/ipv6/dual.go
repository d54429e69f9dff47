package ipv6

import (
	"net/netip"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.It(claim.Claim{
	ID:     "v6.wild.dual",
	Family: claim.IPv6,
	Level:  claim.Stated,
	Source: claim.Source{References: []claim.Reference{claim.RFC(3493, "5.3"), claim.RFC(3493, "3.7"), claim.RFC(4291, "2.5.5.2")},
		Note: `"By default this option is turned off." A system may lack dual-stack sockets altogether, as OpenBSD does on purpose.`},
	Sentence: "A server on [::] that sets no option is reached on 127.0.0.1 and 127.0.0.2, and sees ::ffff:127.0.0.1 as its peer.",
	Question: "Does a server on [::] serve 127.0.0.1 as well?",
	Headline: true,
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "no-dual-stack",
	Behaviours: append(outcomes(claim.Behaviour{Word: "dual", Conforms: true,
		Means: "TCP and UDP from AF_INET clients arrive, and the peer is an IPv4-mapped address"}, false),
		claim.Behaviour{Word: "dual-127.0.0.1", Conforms: true,
			Means: "as dual, but AF_INET servers are not reached on 127.0.0.2 either"},
		claim.Behaviour{Word: "dual-if-asked",
			Means: "AF_INET clients arrive only at a server that switches IPV6_V6ONLY off"},
		claim.Behaviour{Word: "unmapped", Means: "they arrive, and the peer is shown as something else than an IPv4-mapped address"}),
	Rule: dual,
}, func(h *host.Host) observation.Set {
	need4(h)
	two := second(h)
	targets := []netip.Addr{host.One}
	if two.AllOK() {
		targets = append(targets, host.Two)
	}
	return append(append(two, dialled(h, asOpened, nil, targets)...),
		dialled(h, "", []probe.Option{{Name: sock.V6Only, Value: 0}}, targets)...)
})

// asOpened is the variant of what was tried on a socket without options. Reports from before it was
// tried have only what was tried with IPV6_V6ONLY off, which has no variant.
const asOpened = "as opened"

// dialled lets AF_INET clients dial servers on [::] that have these options.
func dialled(h *host.Host, variant string, options []probe.Option, targets []netip.Addr) observation.Set {
	seen := probe.Each(targets, func(a netip.Addr) observation.Observation {
		return serving(h, sock.TCP, wildcard, options, func(s sock.Socket, port uint16) observation.Set {
			return probe.Connect(h, probe.Dials{Server: s, Port: port, Expect: mapped(a)}, []netip.Addr{a})
		})[0]
	})
	seen = append(seen, serving(h, sock.UDP, wildcard, options, func(s sock.Socket, port uint16) observation.Set {
		return probe.Send(h, probe.Datagrams{Server: s, Port: port}, targets)
	})...)
	for i := range seen {
		seen[i].Variant = variant
	}
	return seen
}

// dual reads whether a server is reached as it is opened, and if not, whether it is with
// IPV6_V6ONLY off.
func dual(seen observation.Set) claim.Answer {
	two := seen.Variant(controls)
	opened, asked := reached(seen.Variant(asOpened), two), reached(seen.Variant(""), two)
	switch {
	case !opened.Clear:
		return claim.Unclear("a socket without options: %s", opened.Reason)
	case seen.Variant(asOpened).Outcome(observation.OK).Count() > 0:
		return opened
	case strings.HasPrefix(asked.Word, "dual"):
		return claim.Shows("dual-if-asked", "without options %s; with IPV6_V6ONLY off %s", opened.Reason, asked.Reason)
	case asked.Word == "partial" || asked.Word == "unmapped": // which says nothing about a socket without options
		return claim.Shows(opened.Word, "%s; with IPV6_V6ONLY off %s: %s", opened.Reason, asked.Word, asked.Reason)
	default:
		return asked
	}
}

// reached reads what became of what was tried on one kind of socket.
func reached(tried, two observation.Set) claim.Answer {
	unmapped := tried.Outcome(observation.OK).Where(func(o observation.Observation) bool { return !strings.HasPrefix(o.Source, "::ffff:127.") })
	answer := unanimous("dual")(tried)
	switch {
	case answer.Word != "dual":
		return answer
	case len(unmapped) > 0:
		return claim.Shows("unmapped", "the server sees %s", strings.Join(unmapped.Sources(), ", "))
	case !two.AllOK():
		return claim.Shows("dual-127.0.0.1", "an AF_INET client gets %s from 127.0.0.2", strings.Join(two.Errors(), ", "))
	default:
		return answer
	}
}
