// Package offhost tests that loopback traffic of IPv4 neither leaves the host nor comes in from
// outside.
//
// RFC 1122 3.2.1.3(g): "Addresses of this form MUST NOT appear outside a host." RFC 6890 2.2.2
// lists 127.0.0.0/8 as valid neither as source nor as destination, and RFC 1812 5.3.7 tells routers
// not to forward either.
package offhost

import "github.com/loopmatrix/loopmatrix/suites/kit/claim"

// outside is the source of every claim that such an address is not seen on a link; more names what
// else says so.
func outside(note string, more ...claim.Reference) claim.Source {
	if note == "" {
		note = `RFC 1122 3.2.1.3(g): "Addresses of this form MUST NOT appear outside a host."`
	}
	return claim.Source{References: append([]claim.Reference{claim.RFC(1122, "3.2.1.3(g)"), claim.RFC(6890, "2.2.2")}, more...), Note: note}
}
