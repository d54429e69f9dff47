package binds

import (
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.It(claim.Claim{
	ID:     "bind.exclusive",
	Family: claim.Binds,
	Level:  claim.Stated,
	Source: claim.Source{References: []claim.Reference{{Document: "Microsoft", Section: "Using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE",
		URL: "https://learn.microsoft.com/en-us/windows/win32/winsock/using-so-reuseaddr-and-so-exclusiveaddruse"}},
		Note: "a vendor's word; WSAEACCES (10013) or WSAEADDRINUSE (10048), depending on the arrangement"},
	Sentence: "SO_EXCLUSIVEADDRUSE keeps other sockets from binding the port, with and without SO_REUSEADDR.",
	Question: "Does SO_EXCLUSIVEADDRUSE protect my port?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "exclusive-ignored",
	Behaviours: []claim.Behaviour{
		{Word: "prevents", Means: "every other bind is refused with EACCES or EADDRINUSE", Conforms: true},
		{Word: "partly", Means: "some other binds are allowed, as the reason says"},
		{Word: "ineffective", Means: "every other bind is allowed"},
	},
	Rule: exclusive,
}, func(h *host.Host) observation.Set {
	s, err := h.Stack.Socket(sock.Inet, sock.TCP)
	if err == nil {
		err = s.SetOption(sock.ExclusiveAddr, 1)
		_ = s.Close() // it told what it was opened for
	}
	if err != nil {
		h.NotRun("setsockopt", err)
	}
	return besideExclusive(h)
})

// besideExclusive tries to bind beside an exclusive holder: the same address, and a specific one
// beside the wildcard.
func besideExclusive(h *host.Host) (seen observation.Set) {
	exclusively := []probe.Option{{Name: sock.ExclusiveAddr, Value: 1}}
	reuse := []probe.Option{{Name: sock.ReuseAddr, Value: 1}}
	for _, t := range []sock.Type{sock.TCP, sock.UDP} {
		for _, p := range []probe.Pair{
			{Variant: "same address", First: probe.Seat{Addr: host.One}, Second: probe.Seat{Addr: host.One}},
			{Variant: "same address, SO_REUSEADDR", First: probe.Seat{Addr: host.One}, Second: probe.Seat{Addr: host.One, Options: reuse}},
			{Variant: "wildcard held", First: probe.Seat{Addr: anyAddress}, Second: probe.Seat{Addr: host.One}},
			{Variant: "wildcard held, SO_REUSEADDR", First: probe.Seat{Addr: anyAddress}, Second: probe.Seat{Addr: host.One, Options: reuse}},
		} {
			p.Type, p.First.Options = t, exclusively
			o, seated := p.Bind(h)
			seated.Close()
			seen = append(seen, o)
		}
	}
	return seen
}

// exclusive reads whether anything got in.
func exclusive(seen observation.Set) claim.Answer {
	bound := seen.Op("bind")
	got := bound.Outcome(observation.OK)
	switch {
	case len(bound) == 0:
		return claim.Unclear("the port could not be held: %s", list(seen.Errors()))
	case bound.All(func(o observation.Observation) bool {
		return o.Outcome == observation.Denied || o.Outcome == observation.InUse
	}):
		return claim.Shows("prevents", "%s", list(bound.Errors()))
	case bound.AllOK():
		return claim.Shows("ineffective", "in all %d arrangements", len(cells(bound)))
	case len(got) == 0:
		return claim.Unclear("refused, but for another reason: %s", list(bound.Errors()))
	default:
		return claim.Shows("partly", "allowed: %s", list(cells(got)))
	}
}
