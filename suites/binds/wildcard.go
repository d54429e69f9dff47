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
	ID:     "bind.wild-then-specific",
	Family: claim.Binds,
	Level:  claim.Impl,
	Source: claim.Source{References: []claim.Reference{posix("bind")},
		Note: "POSIX does not say whether a wildcard address is in use when a specific one is asked for"},
	Sentence:   "While 0.0.0.0 holds a port, 127.0.0.1 can't be bound to it, if neither socket set an option.",
	Question:   "A server holds 0.0.0.0:8080: can another one take 127.0.0.1:8080?",
	Gates:      []claim.Gate{claim.Unprivileged},
	Fault:      "specific-beside-wildcard",
	Behaviours: coexistBehaviours(),
	Rule:       coexist,
}, func(h *host.Host) observation.Set { return bindInOrder(h, anyAddress, host.One) })

var _ = claim.It(claim.Claim{
	ID:     "bind.specific-then-wild",
	Family: claim.Binds,
	Level:  claim.Impl,
	Source: claim.Source{References: []claim.Reference{posix("bind")},
		Note: "POSIX does not say whether a specific address makes the wildcard one in use"},
	Sentence:   "While 127.0.0.1 holds a port, 0.0.0.0 can't be bound to it, if neither socket set an option.",
	Question:   "A server holds 127.0.0.1:8080: can another one take 0.0.0.0:8080?",
	Gates:      []claim.Gate{claim.Unprivileged},
	Fault:      "wildcard-beside-specific",
	Behaviours: coexistBehaviours(),
	Rule:       coexist,
}, func(h *host.Host) observation.Set { return bindInOrder(h, host.One, anyAddress) })

func bindInOrder(h *host.Host, first, second netip.Addr) observation.Set {
	var seen observation.Set
	for _, t := range []sock.Type{sock.TCP, sock.UDP} {
		o, seated := probe.Pair{Type: t, First: probe.Seat{Addr: first}, Second: probe.Seat{Addr: second}}.Bind(h)
		seated.Close()
		seen = append(seen, o)
	}
	return seen
}
