package block

import (
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.It(claim.Claim{
	ID:         "v4.block.delivery.udp",
	Family:     claim.Block,
	Level:      claim.Stated,
	Source:     loopsBack(),
	Sentence:   "A UDP datagram to any address of 127.0.0.0/8 reaches a socket on this host.",
	Question:   "Does a datagram to 127.0.0.2, or to any other 127 address, arrive without any set-up?",
	Gates:      []claim.Gate{claim.Unprivileged},
	Fault:      "udp-only-127.0.0.1",
	Behaviours: extents("receives datagrams, on a socket bound to that address and on one bound to 0.0.0.0"),
	Rule:       extent("send"),
}, func(h *host.Host) observation.Set {
	addrs, seen := tried(h)
	server, port := serve(h, sock.UDP, wildcard)
	defer func() { _ = server.Close() }()
	_ = server.SetOption(sock.RecvInfo, 1) // where the system has it, Send checks the destination address too
	seen = append(seen, probe.Send(h, probe.Datagrams{Server: server, Port: port, Variant: onWildcard}, addrs)...)
	return append(seen, probe.SendOwn(h, onAddress, addrs)...)
})
