package binds

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.It(claim.Claim{
	ID:     "bind.reuseaddr.exact",
	Family: claim.Binds,
	Level:  claim.Impl,
	Source: claim.Source{References: []claim.Reference{posix("setsockopt"), posix("bind")},
		Note: "POSIX does not say whether SO_REUSEADDR allows an exact duplicate, nor which socket receives then"},
	Sentence:   "With SO_REUSEADDR on both, two sockets can hold exactly the same address and port.",
	Question:   "Can two servers with SO_REUSEADDR hold the same address and port, and which one gets the traffic?",
	Gates:      []claim.Gate{claim.Unprivileged},
	Fault:      "reuseaddr-duplicates",
	Behaviours: shareBehaviours(),
	Rule:       share,
}, func(h *host.Host) observation.Set { return shared(h, sock.ReuseAddr, 20) }) // 20 flows tell "always" from "in turns"

var _ = claim.It(claim.Claim{
	ID:     "bind.reuseport",
	Family: claim.Binds,
	Level:  claim.Impl,
	Source: claim.Source{Note: "no standard has SO_REUSEPORT; 4.4BSD made it for multicast, Linux 3.9 (socket(7)) and DragonFly " +
		"distribute flows, FreeBSD does so with SO_REUSEPORT_LB only"},
	Sentence:   "With SO_REUSEPORT on both, two sockets hold the same address and port, and share the flows.",
	Question:   "Does SO_REUSEPORT spread connections over several servers?",
	Gates:      []claim.Gate{claim.Unprivileged},
	Fault:      "reuseport-last-wins",
	Behaviours: shareBehaviours(),
	Rule:       share,
}, func(h *host.Host) observation.Set { return shared(h, sock.ReusePort, flowsEach) })

// shared gives two sockets the same address and port, by means of an option on both, and sends them
// flows.
func shared(h *host.Host, option sock.Option, flows int) observation.Set {
	var seen observation.Set
	on := []probe.Option{{Name: option, Value: 1}}
	for _, t := range []sock.Type{sock.TCP, sock.UDP} {
		o, seated := probe.Pair{Type: t,
			First:  probe.Seat{Name: "first", Addr: host.One, Options: on},
			Second: probe.Seat{Name: "second", Addr: host.One, Options: on},
		}.Bind(h)
		seen = append(seen, o)
		if seated.Both() {
			to := []netip.AddrPort{netip.AddrPortFrom(host.One, seated.Port)}
			seen = append(seen, probe.Reach(h, "", seated.Servers, to, flows)...)
		}
		seated.Close()
	}
	return seen
}

// sharing is what one transport does with two sockets on one port.
type sharing string

const (
	unsupported sharing = "unsupported"
	refused     sharing = "refused"
	firstWins   sharing = "first-wins"
	lastWins    sharing = "last-wins"
	distributed sharing = "distributed"
	unheld      sharing = "unheld"     // not even one socket could hold the port
	unanswered  sharing = "unanswered" // both hold it, and no flow arrived
)

func shareBehaviours() []claim.Behaviour {
	return []claim.Behaviour{
		{Word: string(distributed), Means: "both sockets hold the port, and the flows are spread over them"},
		{Word: string(firstWins), Means: "both sockets hold the port, and the first one receives every flow"},
		{Word: string(lastWins), Means: "both sockets hold the port, and the second one receives every flow"},
		{Word: "udp-distributed", Means: "over UDP the datagrams are spread over both sockets; over TCP the second one is refused"},
		{Word: "udp-first-wins", Means: "over UDP the first socket receives every datagram; over TCP the second one is refused"},
		{Word: "udp-last-wins", Means: "over UDP the second socket receives every datagram; over TCP the second one is refused"},
		{Word: "tcp-distributed", Means: "over TCP the connections are spread over both sockets; over UDP the second one is refused"},
		{Word: "tcp-first-wins", Means: "over TCP the first socket receives every connection; over UDP the second one is refused"},
		{Word: "tcp-last-wins", Means: "over TCP the second socket receives every connection; over UDP the second one is refused"},
		{Word: string(refused), Means: "the second socket can't hold the port"},
		{Word: "mixed", Means: "TCP and UDP differ, as the reason says"},
		{Word: string(unsupported), Means: "the system has no such option"},
	}
}

// share reads who receives when two sockets hold one port.
func share(seen observation.Set) claim.Answer {
	tcp, udp := sharingOf(seen.Proto("tcp")), sharingOf(seen.Proto("udp"))
	reason := "TCP " + string(tcp) + ", UDP " + string(udp)
	if errnos := seen.Errors(); len(errnos) > 0 {
		reason += ": " + list(errnos)
	}
	switch {
	case tcp == unheld || udp == unheld || tcp == unanswered || udp == unanswered:
		return claim.Unclear("%s", reason)
	case tcp == udp:
		return claim.Shows(string(tcp), "%s", reason)
	case tcp == refused && udp != unsupported:
		return claim.Shows("udp-"+string(udp), "%s", reason)
	case udp == refused && tcp != unsupported:
		return claim.Shows("tcp-"+string(tcp), "%s", reason)
	default:
		return claim.Shows("mixed", "%s", reason)
	}
}

func sharingOf(seen observation.Set) sharing {
	bound, reached := seen.Op("bind"), seen.Op("reach").Outcome(observation.OK)
	values := reached.Values()
	switch {
	case len(seen.Op("hold").Outcome(observation.Unsupported)) > 0:
		return unsupported
	case len(bound) == 0:
		return unheld
	case !bound.AllOK():
		return refused
	case len(values) > 1:
		return distributed
	case len(values) == 0:
		return unanswered
	case values[0] == "first":
		return firstWins
	default:
		return lastWins
	}
}
