package binds

import (
	"github.com/loopmatrix/loopmatrix/suites/claim"
)

var _ = claim.Declare(claim.Claim{
	ID:       "filter.peraddr.deny",
	Family:   claim.Binds,
	Level:    claim.Folk,
	Source:   claim.Source{Note: "the manuals of packet filters; none of them speaks of single loopback addresses"},
	Sentence: "A filter rule on destination 127.0.0.2 denies that address and leaves 127.0.0.1 alone.",
	Question: "Can a firewall rule block 127.0.0.2 alone?",
	Gates:    []claim.Gate{claim.Privileged},
	Behaviours: []claim.Behaviour{
		{Word: "separate", Means: "127.0.0.2 is denied, and 127.0.0.1 works as before"},
		{Word: "both-denied", Means: "127.0.0.1 is denied as well"},
		{Word: "not-applied", Means: "127.0.0.2 works as before"},
	},
})

var _ = claim.Declare(claim.Claim{
	ID:     "filter.peraddr.errno",
	Family: claim.Binds,
	Level:  claim.Should,
	Source: claim.Source{References: []claim.Reference{claim.RFC(9293, "3.9.2.2"), claim.RFC(1122, "3.2.2.1"), claim.RFC(1122, "4.2.3.9")},
		Note: "hard errors should abort the connection, soft ones should not; which errno either gives is the system's"},
	Sentence: "Each verb of a filter gives the client its own errno: a reset and an unreachable port are refused, other errors are told, and a drop is silent.",
	Question: "Which error does a client see for each way of blocking a loopback address?",
	Gates:    []claim.Gate{claim.Privileged},
	Behaviours: []claim.Behaviour{
		{Word: "told-apart", Means: "every rejecting verb ends the connection with an error at once, and only a drop is silent", Conforms: true},
		{Word: "some-silent", Means: "some rejecting verbs leave the client waiting"},
		{Word: "all-silent", Means: "every verb leaves the client waiting"},
	},
})

var _ = claim.Declare(claim.Claim{
	ID:       "filter.peraddr.src",
	Family:   claim.Binds,
	Level:    claim.Impl,
	Source:   claim.Source{Note: "follows from src.select.127.0.0.2; no document says it"},
	Sentence: "A filter rule on source 127.0.0.1 applies to a client that dialled 127.0.0.2.",
	Question: "Does a rule about clients from 127.0.0.1 also hit clients of 127.0.0.2?",
	Gates:    []claim.Gate{claim.Privileged},
	Behaviours: []claim.Behaviour{
		{Word: "applies", Means: "the client of 127.0.0.2 is denied by a rule on source 127.0.0.1"},
		{Word: "does-not-apply", Means: "the client of 127.0.0.2 works as before"},
	},
})

var _ = claim.Declare(claim.Claim{
	ID:     "filter.selfreject",
	Family: claim.Binds,
	Level:  claim.Folk,
	Source: claim.Source{Note: "reports of users whose clients hang instead of being refused"},
	Sentence: "A rule that rejects what comes from 127.0.0.1 swallows its own rejection when client and server both use 127.0.0.1, " +
		"and a server on 127.0.0.2 avoids that.",
	Question: "Why does my client hang although the firewall rejects the connection?",
	Gates:    []claim.Gate{claim.Privileged},
	Behaviours: []claim.Behaviour{
		{Word: "swallowed-on-one", Means: "the client of 127.0.0.1 hangs, the client of 127.0.0.2 is refused at once"},
		{Word: "swallowed-on-both", Means: "both clients hang"},
		{Word: "refused-on-both", Means: "both clients are refused at once"},
	},
})

var _ = claim.Declare(claim.Claim{
	ID:     "filter.lo.default",
	Family: claim.Binds,
	Level:  claim.Impl,
	Source: claim.Source{References: []claim.Reference{{Document: "OpenBSD", Section: "pf.conf(5)", URL: "https://man.openbsd.org/pf.conf"}},
		Note: "OpenBSD ships \"set skip on lo\"; other systems ship no rules, or rules of their own"},
	Sentence: "The rule set that the system ships skips loopback altogether.",
	Question: "Does the firewall that came with the system look at loopback traffic?",
	Gates:    []claim.Gate{claim.Unprivileged, claim.Privileged},
	Behaviours: []claim.Behaviour{
		{Word: "skips", Means: "a filter is on, and its rules exempt loopback"},
		{Word: "filters", Means: "a filter is on, and its rules apply to loopback"},
		{Word: "no-filter", Means: "no filter is on as shipped"},
	},
})
