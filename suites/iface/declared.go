package iface

import "github.com/loopmatrix/loopmatrix/suites/claim"

var _ = claim.Declare(claim.Claim{
	ID:       "if.lo.alias",
	Family:   claim.Interface,
	Level:    claim.Folk,
	Source:   free("users of macOS and the BSDs add 127.0.0.2 as an alias of lo0 wherever they need it"),
	Sentence: "Adding 127.0.0.2 to the loopback interface makes it work as it does where the whole block loops back.",
	Question: "Can I get a second loopback address with an alias?",
	Gates:    []claim.Gate{claim.Privileged},
	Behaviours: []claim.Behaviour{
		{Word: "works", Means: "127.0.0.2 can be bound, and TCP, UDP and ICMP echo reach it"},
		{Word: "not-needed", Means: "127.0.0.2 worked before"},
		{Word: "partial", Means: "some of it works"},
		{Word: claim.AnyErrno, Means: "the alias is refused with this errno"},
	},
})

var _ = claim.Declare(claim.Claim{
	ID:       "if.netns",
	Family:   claim.Interface,
	Level:    claim.Impl,
	Source:   free("network_namespaces(7) for Linux; gVisor starts with lo configured"),
	Sentence: "A new isolated network context starts with a loopback interface that is down and has no address.",
	Question: "Does loopback work in a new network namespace?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Behaviours: []claim.Behaviour{
		{Word: "down", Means: "the loopback interface is down and has no address"},
		{Word: "up", Means: "the loopback interface is up and has addresses"},
		{Word: "none", Means: "there is no loopback interface"},
		{Word: claim.AnyErrno, Means: "no such context can be made"},
	},
})

var _ = claim.Declare(claim.Claim{
	ID:     "jail.remap",
	Family: claim.Interface,
	Level:  claim.Stated,
	Source: claim.Source{References: []claim.Reference{{Document: "FreeBSD jail(2)",
		URL: "https://man.freebsd.org/cgi/man.cgi?query=jail&sektion=2"}}, Note: "said by the vendor of one system; the kernel's function is prison_local_ip4"},
	Sentence: "Inside a jail that shares the host's addresses, 127.0.0.1 means the jail's own address.",
	Question: "What is 127.0.0.1 inside a FreeBSD jail?",
	Gates:    []claim.Gate{claim.Privileged},
	Behaviours: []claim.Behaviour{
		{Word: "remapped", Means: "a socket bound to 127.0.0.1 has the jail's address", Conforms: true},
		{Word: "kept", Means: "a socket bound to 127.0.0.1 has that address"},
		{Word: claim.AnyErrno, Means: "127.0.0.1 can't be bound in the jail"},
	},
})
