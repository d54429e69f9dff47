package offhost

import "github.com/loopmatrix/loopmatrix/suites/claim"

var _ = claim.Declare(claim.Claim{
	ID:       "v4.assign.nonlo",
	Family:   claim.Offhost,
	Level:    claim.Impl,
	Source:   outside("RFC 1122 says where such an address may not appear, and not whether a system must refuse to configure it there."),
	Sentence: "An address of 127.0.0.0/8 cannot be assigned to an interface other than loopback.",
	Question: "Can I put 127.0.0.2 on my network card?",
	Gates:    []claim.Gate{claim.Privileged},
	Behaviours: []claim.Behaviour{
		{Word: "accepted", Means: "the system assigns the address"},
		{Word: claim.AnyErrno, Means: "the system refuses to assign the address"},
	},
})
