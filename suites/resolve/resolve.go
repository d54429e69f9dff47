// Package resolve asks for names and addresses: of the system's own resolver and of Go's, as two different answers.
package resolve

import (
	"fmt"
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/observe"
)

// Hints are the hints of getaddrinfo(3) that some claim needs (RFC 3493 6.1).
type Hints struct {
	// Family is "ip" for AF_UNSPEC, "ip4" for AF_INET, "ip6" for AF_INET6.
	Family string
	// AddrConfig is AI_ADDRCONFIG.
	AddrConfig bool
	// Passive is AI_PASSIVE.
	Passive bool
}

// Resolver is one way of asking. A way that can't ask a question gives an *Error with outcome observe.Unsupported and
// the reason in it.
type Resolver interface {
	// Name says whom it asks: "getent (glibc)", "GetAddrInfoW", "Go".
	Name() string
	// Addresses is getaddrinfo: the addresses in the order of the answer, without duplicates. An empty name is a null
	// node.
	Addresses(name string, h Hints) ([]netip.Addr, error)
	// Names is getnameinfo with NI_NAMEREQD: the name of an address.
	Names(addr netip.Addr) ([]string, error)
	// Records is res_query: the records of one type ("MX", "TXT") as text.
	Records(name, rrtype string) ([]string, error)
}

// Error is an answer that is no answer.
type Error struct {
	Op      string          // "getaddrinfo", "getnameinfo", "res_query"
	Code    string          // "EAI_NONAME", "NXDOMAIN", "NODATA", …; empty if the way of asking tells none
	Outcome observe.Outcome // NoAnswer for an authoritative no, Timeout, Unsupported, Failed
	Err     error
}

func (e *Error) Error() string {
	text := e.Op + ": " + string(e.Outcome)
	if e.Code != "" {
		text += " (" + e.Code + ")"
	}
	if e.Err != nil {
		text = fmt.Sprintf("%s: %v", text, e.Err)
	}
	return text
}

// Unwrap gives what is behind the error.
func (e *Error) Unwrap() error { return e.Err }
