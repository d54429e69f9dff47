// Package resolve asks for names and addresses: of the system's own resolver and of Go's, as two
// different answers.
//
// The kit has no cgo, so it asks the system through whatever the system itself offers: GetAddrInfoW
// on Windows, libSystem on macOS, and elsewhere the commands getaddrinfo(1) and getent(1), which
// call the C library. What the system does to answer, a DNS query included, is its own behaviour
// and part of what is measured. Go's resolver runs in this process, and a process of this kit sends
// nothing off loopback: the query is refused before it leaves (ErrOffHost).
package resolve

import (
	"errors"
	"fmt"
	"net/netip"
	"os"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
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

// Resolver is one way of asking. A way that can't ask a question gives an *Error with outcome
// observation.Unsupported and the reason in it. The methods may be called from several goroutines,
// and none takes longer than Patience.
type Resolver interface {
	// Name says whom it asks and how: "getent (glibc)", "GetAddrInfoW", "Go". It is for
	// transcripts.
	Name() string
	// Addresses is getaddrinfo: the addresses in the order of the answer, without duplicates. An
	// empty name is a null node.
	Addresses(name string, h Hints) ([]netip.Addr, error)
	// Names is getnameinfo with NI_NAMEREQD: the name of an address.
	Names(addr netip.Addr) ([]string, error)
	// Records is res_query: the records of one type ("MX", "TXT") as text.
	Records(name, rrtype string) ([]string, error)
}

// Error is an answer that is no answer.
type Error struct {
	Op      string              // "getaddrinfo", "getnameinfo", "res_query"
	Code    string              // "EAI_NONAME", "NXDOMAIN", AsksDNS, …; empty if the way of asking tells none
	Outcome observation.Outcome // NoAnswer for a no, Timeout, Unsupported, Denied with ErrOffHost, Failed
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

// AsksDNS is the code of an error that says: the answer was not known on this host, and the
// resolver turned to DNS.
const AsksDNS = "asks-dns"

// unsupported is the error of a way that can't ask this question.
func unsupported(op, why string) error {
	return &Error{Op: op, Outcome: observation.Unsupported, Err: errors.New(why)}
}

// HostName is the name that this host has for itself, as gethostname(2) gives it. A resolver of
// another host than this one, such as an in-memory one, gives its own by a method of this name.
func HostName(r Resolver) (string, error) {
	if other, is := r.(interface{ HostName() (string, error) }); is {
		return other.HostName()
	}
	return os.Hostname()
}
