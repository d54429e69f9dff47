//go:build !unix && !windows

package resolve

import (
	"net/netip"
	"runtime"
)

func system() Resolver { return none{} }

// none is a system whose resolver this kit has no way to ask.
type none struct{}

func (none) Name() string { return "none" }

func (none) Addresses(string, Hints) ([]netip.Addr, error) {
	return nil, unsupported("getaddrinfo", "no way to ask the resolver of "+runtime.GOOS)
}

func (none) Names(netip.Addr) ([]string, error) {
	return nil, unsupported("getnameinfo", "no way to ask the resolver of "+runtime.GOOS)
}

func (none) Records(string, string) ([]string, error) {
	return nil, unsupported("res_query", "no way to ask the resolver of "+runtime.GOOS)
}
