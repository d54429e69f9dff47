package ipv6

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/host"
	"github.com/loopmatrix/loopmatrix/suites/observe"
	"github.com/loopmatrix/loopmatrix/suites/probe"
	"github.com/loopmatrix/loopmatrix/suites/sock"
)

// foreign is an address that is no host's (RFC 3849), and so the negative control. A system that binds it binds anything
// (ip_nonlocal_bind on Linux), and then bind says nothing about the others either; nor does ::1 as source, if that is
// the only one that the system has.
var foreign = netip.MustParseAddr("2001:db8::4c4d")

const controls = "control"

// identities asks of every address whether it is this host's: whether it can be bound, and which source the system
// chooses towards it. Nothing is sent, since it could leave the host. That ::1 is here is the positive control.
func identities(h *host.Host, addrs []netip.Addr) observe.Set {
	probe.NeedAddress(h, host.One6)
	seen := observe.Set{probe.Bind(h, sock.UDP, controls, foreign), probe.SourceFor(h, controls, foreign)}
	for _, a := range addrs {
		seen = append(seen, probe.Bind(h, sock.TCP, "", a), probe.Bind(h, sock.UDP, "", a), probe.SourceFor(h, "", a))
	}
	return seen
}

// strangers reads whether all the addresses are somebody else's: none of them can be bound, and none is its own source
// or has ::1 as source. A connection that follows a route with a source of another interface would leave the host.
func strangers(word string) claim.Rule {
	return func(seen observe.Set) claim.Answer {
		usual := seen.Variant(controls).Outcome(observe.OK)
		anything := len(usual.Op("bind")) > 0
		onlySource := slices.Contains(usual.Op("connect").Sources(), host.One6.String())
		tried := seen.Variant("")
		own := tried.Where(func(o observe.Observation) bool {
			return o.Outcome == observe.OK && (o.Op == "bind" && !anything || o.Op == "connect" &&
				(o.Source == observe.SameAsDestination || o.Source == host.One6.String() && !onlySource))
		}).Targets()
		all := tried.Targets()
		slices.Sort(own)
		switch {
		case len(all) == 0 || len(tried.Op("connect")) == 0:
			return claim.Unclear("no address was tried")
		case len(own) == 0:
			return claim.Shows(word, "%d addresses gave %s", len(all), result(tried))
		case len(own) == len(all):
			return claim.Shows("loopback", "all %d addresses are this host's", len(own))
		default:
			return claim.Shows("some", "%s is this host's", strings.Join(own, ", "))
		}
	}
}

func result(tried observe.Set) string {
	errs := tried.Errors()
	if len(tried.Op("connect").Outcome(observe.OK)) > 0 {
		errs = append(errs, "a route with another source")
	}
	return strings.Join(errs, ", ")
}
