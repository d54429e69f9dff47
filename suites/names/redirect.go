package names

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
	ID:     "app.redirect",
	Family: claim.Names,
	Level:  claim.May,
	Source: claim.Source{References: []claim.Reference{claim.RFC(8252, "7.3"), claim.RFC(8252, "8.3")},
		Note: "the authorization server MUST allow any port; which of both addresses an application takes is its choice, and localhost is not recommended"},
	Sentence: "A native application can listen on a port that the system chooses, on 127.0.0.1 and on ::1, and a client of the same host reaches it there.",
	Question: "Can my app take an OAuth redirect on 127.0.0.1 and ::1?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "no-redirect-v6",
	Behaviours: []claim.Behaviour{
		{Word: "both", Means: "on 127.0.0.1 and on ::1"},
		{Word: "only-127.0.0.1", Means: "on 127.0.0.1 and not on ::1"},
		{Word: "only-::1", Means: "on ::1 and not on 127.0.0.1"},
		{Word: none, Means: "on neither"},
	},
	Rule: redirect,
}, func(h *host.Host) observation.Set {
	return append(redirectTo(h, host.One), redirectTo(h, host.One6)...)
})

// redirectTo listens on a port that the system chooses and connects to it.
func redirectTo(h *host.Host, a netip.Addr) observation.Set {
	p := probe.Begin(h, "listen", "tcp", "", a.String())
	server, at, err := probe.ListenOn(p.Stack, sock.TCP, netip.AddrPortFrom(a, 0))
	if err != nil {
		return observation.Set{p.End(err)}
	}
	defer func() { _ = server.Close() }()
	return append(observation.Set{p.End(nil)}, probe.Connect(h, probe.Dials{Server: server, Port: at.Port()}, []netip.Addr{a})...)
}

func redirect(seen observation.Set) claim.Answer {
	works := func(a netip.Addr) bool {
		at := seen.Target(a.String())
		return at.Op("connect").AllOK() && at.Op("listen").AllOK()
	}
	if len(seen.Op("listen")) == 0 {
		return claim.Unclear("nothing was tried")
	}
	var failed []string
	for _, o := range observation.Fold(seen) {
		if o.Outcome != observation.OK {
			failed = append(failed, o.Op+" "+strings.Join(o.Targets, ", ")+" "+o.Problem())
		}
	}
	reason := strings.Join(failed, "; ")
	switch four, six := works(host.One), works(host.One6); {
	case four && six:
		return claim.Shows("both", "listened and connected on both")
	case four:
		return claim.Shows("only-127.0.0.1", "%s", reason)
	case six:
		return claim.Shows("only-::1", "%s", reason)
	default:
		return claim.Shows(none, "%s", reason)
	}
}
