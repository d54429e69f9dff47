package suites

import (
	"sync"

	"github.com/onsi/ginkgo/v2"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Options say what is measured on a stack, and what passes.
type Options struct {
	// Claims are those that are measured; nil means all of the catalogue.
	Claims []claim.Entry
	// Network lists the interfaces, routes and switches of a stack that is not this machine's.
	Network netif.Network
	// Host sets what else belongs to the host: resolvers, a second process, private hosts. It is
	// called once, before the first claim is measured. What is not given is why the claims that
	// need it are skipped.
	Host func(*host.Host)
	// Strict fails the spec of a claim that deviates from a MUST or SHOULD, with or without NOT.
	// Otherwise a deviation is a result as any other.
	Strict bool
}

// Describe adds a spec for each claim to the ginkgo suite of its caller, which may have others. A
// nil stack is the kernel of this machine, whose host is host.This; see host.Of for any other. The
// seed is that of ginkgo's flag --seed.
func Describe(stack sock.Stack, o Options) bool {
	name, entries := "this machine", o.Claims
	if stack != nil {
		name = stack.Name()
	}
	if entries == nil {
		entries = claim.Catalogue()
	}
	under := sync.OnceValue(func() *host.Host {
		seed := uint64(ginkgo.GinkgoRandomSeed())
		h := host.This(seed)
		if stack != nil {
			h = host.Of(stack, o.Network, seed)
		}
		if o.Host != nil {
			o.Host(h)
		}
		return h
	})
	return claim.Describe(name, entries, under, o.Strict)
}
