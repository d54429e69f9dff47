package host

import (
	"errors"
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Filter is the packet filter of a private host, as far as specs ask for rules.
type Filter interface {
	// Name says which one it is: "nftables", "pf", "npf".
	Name() string
	// Add puts rules before all others, in this order, and gives their removal. A rule decides
	// about the packets that match it, and no later one does. A filter that has no such verb, or no
	// such match, answers EOPNOTSUPP.
	Add(...FilterRule) (remove func() error, err error)
}

// FilterRule matches packets, and says what becomes of them.
type FilterRule struct {
	// Hook says at which side of the network stack the rule stands.
	Hook Hook
	// Interface is the name of the interface that the packets enter or leave by; empty for any.
	Interface string
	// Proto is "tcp", "udp", or empty for any.
	Proto string
	// Source and Destination are IPv4 addresses; invalid for any.
	Source, Destination netip.Addr
	Verb                Verb
}

// Hook is where a packet is looked at. What a host sends to itself passes both, the outgoing one
// first.
type Hook string

// The hooks.
const (
	Outgoing Hook = "outgoing"
	Incoming Hook = "incoming"
)

// Verb is what becomes of a packet that matches.
type Verb string

// The verbs: a packet is dropped without a word, or rejected with a TCP reset (RFC 9293 3.10.7) or
// with an ICMP destination unreachable message of this code (RFC 792, RFC 1122 3.2.2.1, RFC 1812
// 5.2.7.1).
const (
	Drop            Verb = "drop"
	Reset           Verb = "reset"
	PortUnreachable Verb = "port-unreachable" // code 3
	HostUnreachable Verb = "host-unreachable" // code 1
	NetUnreachable  Verb = "net-unreachable"  // code 0
	AdminProhibited Verb = "admin-prohibited" // code 13
	NetProhibited   Verb = "net-prohibited"   // code 9
	HostProhibited  Verb = "host-prohibited"  // code 10
)

// Verbs lists every verb, in the order of the declaration.
func Verbs() []Verb {
	return []Verb{Drop, Reset, PortUnreachable, HostUnreachable, NetUnreachable, AdminProhibited, NetProhibited, HostProhibited}
}

// errNoVerb is behind the answer of a filter that can't do what a rule asks for.
var errNoVerb = errors.New("this packet filter has no such rule")

// NoSuchRule is the error of Filter.Add for a rule that the filter has no words for.
func NoSuchRule() error {
	return &sock.Error{Op: "add rule", Errno: "EOPNOTSUPP", Outcome: sock.ClassOf("EOPNOTSUPP"), Err: errNoVerb}
}

// AddRules adds rules to the packet filter; without one it answers ENOSYS.
func (h *Host) AddRules(rules ...FilterRule) (remove func() error, err error) {
	if h.Filter == nil {
		return nil, sock.Errno("add rule", "ENOSYS", 0)
	}
	return h.Filter.Add(rules...)
}

// NeedFilter adds rules, or ends the spec with what the filter said.
func (h *Host) NeedFilter(rules ...FilterRule) (remove func() error) {
	remove, err := h.AddRules(rules...)
	if err != nil {
		h.NotRun("add rule", err)
	}
	return remove
}
