package block

import (
	"fmt"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// listedLo is the operation of the observation that names the loopback interface.
const listedLo = "list interfaces"

var _ = claim.It(claim.Claim{
	ID:     "v4.block.interface",
	Family: claim.Block,
	Level:  claim.Folk,
	Source: claim.Source{References: []claim.Reference{claim.RFC(5735, "3")},
		Note: `Often said as "all 127.x.x.x addresses are bound to lo"; RFC 5735 says that the block loops back, not through which interface.`},
	Sentence: "What is sent to any address of 127.0.0.0/8 arrives on the loopback interface.",
	Question: "Does everything for 127.0.0.0/8 come in through lo?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "arrives-on-eth0",
	Behaviours: []claim.Behaviour{
		{Word: "loopback", Means: "whatever arrives, arrives on the loopback interface"},
		{Word: "other", Means: "whatever arrives, arrives on another interface"},
		{Word: "partial", Means: "for some addresses it is the loopback interface, for others another"},
		{Word: "nothing-arrives", Means: "nothing that was sent arrives"},
	},
	Rule: arrival,
}, func(h *host.Host) observation.Set {
	lo := h.Lo()
	addrs, _ := tried(h)
	server, port := serve(h, sock.UDP, wildcard)
	defer func() { _ = server.Close() }()
	if err := server.SetOption(sock.RecvInfo, 1); err != nil {
		h.NotRun("setsockopt", err)
	}
	names := interfaceNames(h)
	seen := observation.Set{{Op: listedLo, Value: lo.Name, Outcome: observation.OK, Count: 1}}
	return append(seen, probe.Send(h, probe.Datagrams{Server: server, Port: port, Variant: onWildcard,
		Note: func(m sock.Message) string { return names[m.Index] }}, addrs)...)
})

// interfaceNames maps the index that a datagram arrived with to a name; 0, which the system gives
// if it does not know, has none.
func interfaceNames(h *host.Host) map[int]string {
	interfaces, err := h.Network.Interfaces()
	if err != nil {
		h.NotRun(listedLo, err)
	}
	names := map[int]string{}
	for _, i := range interfaces {
		names[i.Index] = i.Name
	}
	return names
}

func arrival(seen observation.Set) claim.Answer {
	lo, listed := seen.Op(listedLo).First()
	arrived := seen.Op("send").Where(func(o observation.Observation) bool { return o.Source != "" })
	told := arrived.Where(func(o observation.Observation) bool { return o.Value != "" && o.Outcome == observation.OK })
	elsewhere := told.Where(func(o observation.Observation) bool { return o.Value != lo.Value })
	total := len(seen.Op("send").Targets())
	switch {
	case !listed || total == 0:
		return claim.Unclear("the loopback interface is not known, or nothing was sent")
	case len(arrived) == 0:
		return claim.Shows("nothing-arrives", "%s", strings.Join(seen.Op("send").Errors(), ", "))
	case len(told) == 0:
		return claim.Unclear("the system does not tell on which interface a datagram arrived")
	case len(elsewhere) == 0:
		return claim.Shows("loopback", "%s, for %s", lo.Value, outOf(len(told.Targets()), total))
	case elsewhere.Count() == told.Count():
		return claim.Shows("other", "%s instead of %s", strings.Join(elsewhere.Values(), ", "), lo.Value)
	default:
		return claim.Shows("partial", "%s for %s", strings.Join(elsewhere.Values(), ", "), elsewhere.FirstTarget())
	}
}

func outOf(n, total int) string {
	if n == total {
		return fmt.Sprintf("all %d addresses", total)
	}
	return fmt.Sprintf("the %d of %d addresses that receive anything", n, total)
}
