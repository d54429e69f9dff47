package block

import (
	"bytes"
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.It(claim.Claim{
	ID:     "v4.selfconnect",
	Family: claim.Block,
	Level:  claim.Impl,
	Source: claim.Source{References: []claim.Reference{claim.RFC(9293, "3.5")},
		Note: "A socket that connects to itself meets its own request: the simultaneous open of RFC 9293 figure 7, with one socket " +
			"in both roles, of which no document speaks."},
	Sentence: "A TCP socket bound to a port of 127.0.0.1 that connects to that very port succeeds.",
	Question: "Can a client that keeps dialling a closed ephemeral port of 127.0.0.1 end up connected to itself?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "no-self-connect",
	Behaviours: []claim.Behaviour{
		{Word: "connects", Means: "it connects to itself, and what it sends it receives"},
		{Word: "astray", Means: "it connects, but getsockname and getpeername differ, or what it sends does not come back"},
		{Word: "timeout", Means: "it gets no answer"},
		{Word: claim.AnyErrno, Means: "it fails at once"},
	},
	Rule: self,
}, func(h *host.Host) observation.Set {
	p := probe.Begin(h, "connect", "tcp", "", host.One.String())
	s, err := p.Socket(sock.Inet, sock.TCP)
	if err == nil {
		err = s.Bind(netip.AddrPortFrom(host.One, 0))
	}
	var name netip.AddrPort
	if err == nil {
		name, err = s.Name()
	}
	if err == nil {
		err = s.Connect(name, h.Wait)
	}
	if err != nil {
		return observation.Set{p.End(err)}
	}
	return observation.Set{talk(h, p, s)}
})

// talk checks that a connected socket is its own peer.
func talk(h *host.Host, p *probe.Probe, s sock.Socket) observation.Observation {
	name, err := s.Name()
	var peer netip.AddrPort
	if err == nil {
		peer, err = s.PeerName()
	}
	if err == nil && name != peer {
		return p.Astray("getsockname and getpeername differ")
	}
	nonce := probe.Nonce(h)
	if err == nil {
		err = s.Send(nonce)
	}
	var m sock.Message
	if err == nil {
		m, err = s.Recv(probe.NonceSize, h.Wait)
	}
	if err == nil && !bytes.Equal(m.Data, nonce) {
		return p.Astray("the nonce came back altered")
	}
	return p.End(err)
}

func self(seen observation.Set) claim.Answer {
	o, tried := seen.Op("connect").First()
	switch {
	case !tried:
		return claim.Unclear("nothing was dialled")
	case o.Outcome == observation.OK:
		return claim.Shows("connects", "getsockname equals getpeername, and the nonce came back")
	case o.Outcome == observation.Astray:
		return claim.Shows("astray", "%s", o.Value)
	case o.Outcome == observation.Timeout:
		return claim.Shows("timeout", "connect")
	case o.Errno != "":
		return claim.Shows(o.Errno, "connect")
	default:
		return claim.Unclear("connect: %s %s", o.Outcome, o.Value)
	}
}
