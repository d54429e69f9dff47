package link

import (
	"net/netip"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// Prefixes are the behaviours of Carries; only the prefix that is asked for conforms.
func Prefixes(want string) []claim.Behaviour {
	bare, _, _ := strings.Cut(want, "/")
	return []claim.Behaviour{
		{Word: want, Means: "a loopback interface carries " + want, Conforms: true},
		{Word: "elsewhere", Means: bare + " is on an interface that is no loopback interface, and on none that is"},
		{Word: "none", Means: "no interface carries " + bare},
		{Word: claim.AnyText, Means: "a loopback interface carries " + bare + " with this prefix instead"},
	}
}

// Carries reads from Addresses with which prefix a loopback interface carries an address.
func Carries(want string) claim.Rule {
	wanted := netip.MustParsePrefix(want)
	return func(seen observation.Set) claim.Answer {
		if len(seen.Op("interface")) == 0 {
			return claim.Unclear("no listing of the interfaces")
		}
		other := ""
		here := seen.Op("address").Variant(OnLoopback)
		for _, t := range here.Targets() {
			p, err := netip.ParsePrefix(t)
			switch {
			case err != nil || p.Addr() != wanted.Addr():
			case p == wanted:
				return claim.Shows(want, "listed on %s", strings.Join(here.Target(t).Values(), ", "))
			case other == "":
				other = t
			}
		}
		astray := seen.Op("address").Variant(Elsewhere).Where(func(o observation.Observation) bool {
			return holds(o, wanted.Addr())
		})
		switch {
		case other != "":
			return claim.Shows(other, "listed on %s", strings.Join(here.Target(other).Values(), ", "))
		case len(astray) > 0:
			return claim.Shows("elsewhere", "listed on %s", strings.Join(astray.Values(), ", "))
		default:
			return claim.Shows("none", "the listing has %s on loopback", orNothing(here.Targets()))
		}
	}
}

func holds(o observation.Observation, a netip.Addr) bool {
	for _, t := range o.Targets {
		if p, err := netip.ParsePrefix(t); err == nil && p.Addr() == a {
			return true
		}
	}
	return false
}

func orNothing(all []string) string {
	if len(all) == 0 {
		return "nothing"
	}
	return strings.Join(all, ", ")
}
