package ipv6

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// foreign is an address that is no host's (RFC 3849), and so the negative control. A system that
// binds it binds anything (ip_nonlocal_bind on Linux), and then bind says nothing about the others
// either.
var foreign = netip.MustParseAddr("2001:db8::4c4d")

const controls = "control"

// identities asks of every address whether it is this host's: whether it can be bound, which source
// the system chooses towards it, and of what kind the route is. Nothing is sent there, since it
// could leave the host. ::1 is the positive control.
func identities(h *host.Host, addrs []netip.Addr) observation.Set {
	probe.NeedDelivery(h, sock.TCP, host.One6)
	seen := observation.Set{probe.Bind(h, sock.UDP, controls, foreign)}
	for _, a := range addrs {
		seen = append(seen, probe.Bind(h, sock.TCP, "", a), probe.Bind(h, sock.UDP, "", a),
			probe.SourceFor(h, "", a), kind(h, a))
	}
	return seen
}

// kind asks for the kind of the route to an address. "local" is that of an address which the system
// takes for its own, assigned or not (ip-route(8)).
func kind(h *host.Host, a netip.Addr) observation.Observation {
	p := probe.Begin(h, "route-get", "", "", a.String())
	r, err := h.Network.RouteTo(a)
	return p.Value(r.Kind).End(err)
}

// strangers reads whether all the addresses are another host's: none of them can be bound, is its
// own source or has a local route. A connection that follows any other route would leave the host,
// or be dropped on its loopback interface.
func strangers(word string) claim.Rule {
	return func(seen observation.Set) claim.Answer {
		bindsAnything := len(seen.Op("bind").Variant(controls).Outcome(observation.OK)) > 0
		tried := seen.Variant("")
		own := tried.Outcome(observation.OK).Where(func(o observation.Observation) bool {
			return o.Op == "bind" && !bindsAnything || o.Op == "connect" && o.Source == observation.SameAsDestination ||
				o.Op == "route-get" && o.Value == "local"
		}).Targets()
		all := tried.Targets()
		slices.Sort(own)
		switch {
		case len(tried.Op("bind")) == 0 || len(tried.Op("connect")) == 0:
			return claim.Unclear("no address was tried")
		case len(own) == 0:
			return claim.Shows(word, "%d addresses gave %s", len(all), result(tried))
		case len(own) == len(all):
			return claim.Shows("loopback", "all %d addresses are this host's", len(own))
		default:
			return claim.Shows("some", "this host's: %s", strings.Join(own, ", "))
		}
	}
}

func result(tried observation.Set) string {
	errs := append(tried.Op("bind").Errors(), tried.Op("connect").Errors()...)
	if len(tried.Op("connect").Outcome(observation.OK)) > 0 {
		errs = append(errs, "a route with another source")
	}
	slices.Sort(errs)
	return strings.Join(slices.Compact(errs), ", ")
}
