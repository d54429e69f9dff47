package fake

import (
	"errors"
	"net/netip"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve"
)

// Names is what a resolver knows (resolve.Resolver).
type Names struct {
	Label string // whom it asks
	Own   string // the host's own name
	// Hosts is the hosts file, in its order.
	Hosts []Entry
	// Subdomains says that every name below localhost is localhost.
	Subdomains bool
	// Dots says that a name may end in a dot.
	Dots bool
	// Exact tells LOCALHOST from localhost, against RFC 4343.
	Exact bool
	// Null and NullPassive are the addresses of a null node without and with AI_PASSIVE, if this
	// way can ask for one.
	Null, NullPassive []netip.Addr
	// Literals are the spellings that are read as 127.0.0.1 (inet_aton(3)).
	Literals []string
	// Hints says that this way of asking has AI_ADDRCONFIG and AI_PASSIVE; Suppressed are the
	// addresses that AI_ADDRCONFIG takes away.
	Hints      bool
	Suppressed []netip.Addr
	// Types are the record types that it can ask for; Texts are what records localhost has, as "MX
	// 0 mail".
	Types, Texts []string
	// Unknown is the answer about a name that it doesn't know.
	Unknown resolve.Error
}

// Entry is one line of a hosts file.
type Entry struct {
	Addr  netip.Addr
	Names []string
}

// Name says whom it asks.
func (n *Names) Name() string { return n.Label }

// HostName is the host's own name.
func (n *Names) HostName() (string, error) { return n.Own, nil }

var errCannotAsk = errors.New("this way of asking has no such question")

func unsupported(op string) error {
	return &resolve.Error{Op: op, Outcome: observation.Unsupported, Err: errCannotAsk}
}

func (n *Names) unknown(op string) error {
	e := n.Unknown
	e.Op = op
	return &e
}

// Addresses is getaddrinfo.
func (n *Names) Addresses(name string, h resolve.Hints) ([]netip.Addr, error) {
	const op = "getaddrinfo"
	if (h.AddrConfig || h.Passive) && !n.Hints {
		return nil, unsupported(op)
	}
	if name == "" && n.Null == nil {
		return nil, unsupported(op)
	}
	var out []netip.Addr
	for _, a := range n.find(name, h) {
		if (h.Family == "ip4" && !a.Is4()) || (h.Family == "ip6" && !a.Is6()) {
			continue
		}
		if h.AddrConfig && slices.Contains(n.Suppressed, a) || slices.Contains(out, a) {
			continue
		}
		out = append(out, a)
	}
	if len(out) == 0 {
		return nil, n.unknown(op)
	}
	return out, nil
}

func (n *Names) find(name string, h resolve.Hints) []netip.Addr {
	if name == "" {
		if h.Passive {
			return n.NullPassive
		}
		return n.Null
	}
	if a, err := netip.ParseAddr(name); err == nil {
		return []netip.Addr{a}
	}
	if slices.Contains(n.Literals, name) {
		return []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1})}
	}
	if n.Dots {
		name = strings.TrimSuffix(name, ".")
	}
	if !n.Exact {
		name = strings.ToLower(name)
	}
	if n.Subdomains && strings.HasSuffix(name, ".localhost") {
		name = "localhost"
	}
	var out []netip.Addr
	for _, e := range n.Hosts {
		if slices.Contains(e.Names, name) {
			out = append(out, e.Addr)
		}
	}
	return out
}

// Names is getnameinfo.
func (n *Names) Names(a netip.Addr) ([]string, error) {
	for _, e := range n.Hosts {
		if e.Addr == a {
			return e.Names, nil
		}
	}
	return nil, n.unknown("getnameinfo")
}

// Records is res_query.
func (n *Names) Records(_, rrtype string) ([]string, error) {
	const op = "res_query"
	if !slices.Contains(n.Types, rrtype) {
		return nil, unsupported(op)
	}
	var out []string
	for _, text := range n.Texts {
		if kind, rest, _ := strings.Cut(text, " "); kind == rrtype {
			out = append(out, rest)
		}
	}
	if len(out) == 0 {
		return nil, n.unknown(op)
	}
	return out, nil
}
