package link

import (
	"net/netip"
	"slices"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

// Assign puts an address on the interface of the cable. Op "assign" is OK if the system took it and
// lists it there, and Astray if it took it and does not.
func Assign(h *host.Host, address netip.Prefix) observation.Set {
	p := probe.Begin(h, "assign", "", "", address.Addr().String())
	if err := h.Admin.Assign(h.Cable().Index, address); err != nil {
		return observation.Set{p.End(err)}
	}
	all, err := h.Network.Interfaces()
	h.Expect(err).NotTo(gomega.HaveOccurred(), "list interfaces")
	on := slices.IndexFunc(all, func(i netif.Interface) bool { return i.Index == h.Cable().Index })
	h.Expect(on).NotTo(gomega.Equal(-1), "the cable's interface is not listed")
	if !slices.ContainsFunc(all[on].Addresses, func(a netip.Prefix) bool { return a.Addr() == address.Addr() }) {
		return observation.Set{p.Astray("the system took the address and does not list it")}
	}
	return observation.Set{p.End(nil)}
}

// Assigned reads what came of Assign: the word, or the errno.
func Assigned(word string) claim.Rule {
	return func(seen observation.Set) claim.Answer {
		seen = seen.Op("assign")
		switch errs := seen.Errors(); {
		case seen.AllOK():
			return claim.Shows(word, "the interface of the cable carries %s", seen.FirstTarget())
		case len(errs) == 1 && seen[0].Errno != "":
			return claim.Shows(errs[0], "the interface of the cable does not take %s", seen.FirstTarget())
		default:
			return claim.Unclear("%d assignments gave %q", seen.Count(), errs)
		}
	}
}
