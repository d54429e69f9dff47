package binds

import (
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.It(claim.Claim{
	ID:     "bind.duplicate",
	Family: claim.Binds,
	Level:  claim.Stated,
	Source: claim.Source{References: []claim.Reference{posix("bind")},
		Note: "\"EADDRINUSE: The specified address is already in use.\""},
	Sentence:   "A second bind of the same address and port fails with EADDRINUSE, if neither socket set an option.",
	Question:   "What happens if I start a second server on the same address and port?",
	Gates:      []claim.Gate{claim.Unprivileged},
	Fault:      "duplicate-bind-allowed",
	Behaviours: coexistBehaviours("EADDRINUSE"),
	Rule:       coexist,
}, func(h *host.Host) observation.Set {
	var seen observation.Set
	for _, p := range []probe.Pair{
		{Type: sock.TCP, Variant: "listening"},
		{Type: sock.TCP, Variant: "not listening", First: probe.Seat{Bare: true}, Second: probe.Seat{Bare: true}},
		{Type: sock.UDP},
	} {
		p.First.Addr, p.Second.Addr = host.One, host.One
		o, seated := p.Bind(h)
		seated.Close()
		seen = append(seen, o)
	}
	return seen
})
