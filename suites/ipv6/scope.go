package ipv6

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

const (
	noZone      = "no zone"
	foreignZone = "zone of another interface"
	vacantZone  = "zone of no interface"
)

var _ = claim.It(claim.Claim{
	ID:     "v6.scope",
	Family: claim.IPv6,
	Level:  claim.Must,
	Source: claim.Source{References: []claim.Reference{claim.RFC(6724, "3.4"), claim.RFC(4007, "4"), claim.RFC(4007, "11.1")},
		Note: "the MUST concerns the scope: ::1 is treated as link-local within an imaginary link, whose zone a connection need not name. " +
			"What becomes of the zone index of another interface is left open, so ignoring and refusing it both conform; " +
			"that the packet goes to that interface does not"},
	Sentence: "::1 needs no zone index, and the index of another interface on it is ignored or refused.",
	Question: "What happens if I connect to ::1 with the zone of another interface?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "foreign-zone-is-silent",
	Behaviours: []claim.Behaviour{
		{Word: "zone-ignored", Means: "a connection to ::1 with a foreign zone reaches the listener on ::1", Conforms: true},
		{Word: "zone-refused", Means: "a connection to ::1 with a foreign zone fails with an errno at once", Conforms: true},
		{Word: "zone-silent", Means: "a connection to ::1 with a foreign zone meets nobody, and nothing comes back"},
		{Word: "elsewhere", Means: "a connection to ::1 with a foreign zone reaches somebody else"},
		{Word: "needs-zone", Means: "a connection to ::1 without a zone fails"},
	},
	Rule: zone,
}, func(h *host.Host) observation.Set {
	server, at, err := probe.Listen(h, sock.TCP, netip.AddrPortFrom(host.One6, 0))
	if err != nil {
		h.NotRun("listen on ::1", err)
	}
	defer func() { _ = server.Close() }()
	dials := probe.Dials{Server: server, Port: at.Port(), Variant: noZone}
	seen := probe.Connect(h, dials, []netip.Addr{host.One6})
	if seen.All(silent) {
		h.NotRun("connect to ::1", sock.TimedOut("connect to ::1")) // nothing to compare a foreign zone with
	}
	strange, variant := strangeZone(h)
	dials.Variant = variant
	return append(seen, probe.Connect(h, dials, []netip.Addr{strange})...)
})

// strangeZone is ::1 with the zone of an interface that is not loopback; on a host that has none,
// with the index after the last one.
func strangeZone(h *host.Host) (netip.Addr, string) {
	all, err := h.Network.Interfaces()
	if err != nil {
		h.NotRun("list interfaces", err)
	}
	last := 0
	for _, i := range all {
		if !i.Loopback {
			return host.One6.WithZone(strconv.Itoa(i.Index)), foreignZone
		}
		last = max(last, i.Index)
	}
	return host.One6.WithZone(strconv.Itoa(last + 1)), vacantZone
}

func zone(seen observation.Set) claim.Answer {
	seen = attempts(seen)
	plain := seen.Variant(noZone)
	strange := seen.Where(func(o observation.Observation) bool { return o.Variant != noZone })
	errs := strings.Join(strange.Errors(), ", ")
	o, tried := strange.First()
	switch {
	case len(plain) == 0 || !tried:
		return claim.Unclear("not tried with and without a zone")
	case !plain.AllOK():
		return claim.Shows("needs-zone", "without a zone: %s", strings.Join(plain.Errors(), ", "))
	case strange.AllOK():
		return claim.Shows("zone-ignored", "with the %s", o.Variant)
	case strange.All(silent):
		return claim.Shows("zone-silent", "with the %s: %s", o.Variant, errs)
	case len(strange.Outcome(observation.Astray)) > 0:
		return claim.Shows("elsewhere", "with the %s: %s", o.Variant, strings.Join(strange.Values(), ", "))
	default:
		return claim.Shows("zone-refused", "with the %s: %s", o.Variant, errs)
	}
}
