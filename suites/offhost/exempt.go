package offhost

import "github.com/loopmatrix/loopmatrix/suites/kit/claim"

var _ = claim.Declare(claim.Claim{
	ID:       "exempt.lsp-ping",
	Family:   claim.Offhost,
	Level:    claim.Must,
	Source:   claim.Source{References: []claim.Reference{claim.RFC(8029, "2.1"), claim.RFC(6890, "2.2.2")}, Note: "RFC 8029 obsoletes RFC 4379, which RFC 6890's footnote names."},
	Sentence: "An MPLS echo request is sent to an address of 127.0.0.0/8 or ::ffff:127.0.0.0/104, so that it cannot be routed onwards.",
	Question: "Why do I see packets to 127.0.0.0/8 in an MPLS network?",
	NoFault:  "it is not tested",
	Exempt:   "an exception that the standards make for MPLS echo requests; a labelled packet to 127.0.0.0/8 is no leak",
})

var _ = claim.Declare(claim.Claim{
	ID:       "exempt.bfd",
	Family:   claim.Offhost,
	Level:    claim.Must,
	Source:   claim.Source{References: []claim.Reference{claim.RFC(5884, "7"), claim.RFC(6890, "2.2.2")}, Note: "RFC 6890's footnote grants the exception."},
	Sentence: "A BFD control packet on an MPLS label switched path is sent to an address of 127.0.0.0/8 or ::ffff:127.0.0.0/104.",
	Question: "Why does BFD send packets to 127.0.0.0/8?",
	NoFault:  "it is not tested",
	Exempt:   "an exception that the standards make for BFD on MPLS paths; a labelled packet to 127.0.0.0/8 is no leak",
})

var _ = claim.Declare(claim.Claim{
	ID:     "exempt.draft127",
	Family: claim.Offhost,
	Level:  claim.None,
	Source: claim.Source{References: []claim.Reference{{Document: "draft-schoen-intarea-unicast-127",
		URL: "https://datatracker.ietf.org/doc/draft-schoen-intarea-unicast-127/"}},
		Note: "An individual draft that has expired; FreeBSD's net.inet.ip.loopback_prefixlen follows it if it is set to 16."},
	Sentence: "Loopback shrinks to 127.0.0.0/16, and the rest of 127.0.0.0/8 becomes ordinary unicast.",
	Question: "Will 127.1.0.0 ever be an ordinary address on the Internet?",
	NoFault:  "it is not tested",
	Exempt:   "a proposal that nothing holds to; v4.forward.default reads the one switch that follows it",
})
