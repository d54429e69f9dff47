// Package exposure answers, for this machine as it is, whether loopback stays inside: whether a
// neighbour reaches what listens on 127.0.0.1 only, and whether a packet to 127.0.0.0/8 leaves. It
// reads switches, rules, routes and the packet filter, and sends nothing. The private hosts of the
// kit are fresh, and say what this kernel does; what the machine's own settings make of that is
// said here. None of it belongs into a published report.
package exposure

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Verdict is the answer to one of the two questions.
type Verdict string

// The verdicts. Unknown stands wherever something could not be read, or was read and can't be
// judged.
const (
	No      Verdict = "no"
	Yes     Verdict = "yes"
	Unknown Verdict = "unknown"
)

// Cause is something about this machine that opens loopback, or may.
type Cause struct {
	// Says is a sentence on it.
	Says string `json:"says"`
	// Remedy is a command that takes it away, and More one that shows more of it; empty if there is
	// none.
	Remedy string `json:"remedy,omitempty"`
	More   string `json:"more,omitempty"`
}

// Answer is the answer to one question.
type Answer struct {
	// ID is here.exposed or here.leaks.
	ID string `json:"id"`
	// Question is what is asked.
	Question string  `json:"question"`
	Verdict  Verdict `json:"verdict"`
	// Causes make it Yes, Doubts what may: each of them was read.
	Causes []Cause `json:"causes,omitempty"`
	Doubts []Cause `json:"doubts,omitempty"`
	// Unread is what could not be read, and why.
	Unread []string `json:"unread,omitempty"`
	// Read is what was read and keeps loopback inside, if the verdict is not Yes.
	Read []string `json:"read,omitempty"`
}

// state is what was read of a machine.
type state struct {
	// open are the interfaces that take packets to 127.0.0.0/8 (net.ipv4.conf.*.route_localnet).
	open []string
	// rules are the policy rules, if they are not the usual ones.
	rules string
	// redirects are rules of the packet filter that send what comes for loopback somewhere else, or
	// that may.
	redirects []redirect
	// filters is how many rules there are that may drop what comes in.
	filters int
	// doubts are things that decide about packets and that can't be judged by reading.
	doubts []Cause
	// unread is what could not be read.
	unread []string
	// known says that this system is one whose state is read.
	known bool
}

// redirect is a rule that changes the destination of what comes in.
type redirect struct {
	Place    string // "table ip nat, chain PREROUTING"
	Loopback bool   // it is about an address of 127.0.0.0/8
	Unclear  bool   // whether it is can't be told
}

// Here answers both questions for this machine. sample are the addresses that packets would go to.
func Here(sample []netip.Addr) []Answer {
	s := read()
	return []Answer{s.exposed(), s.leaks(sample, netif.Leads)}
}

func (s state) exposed() Answer {
	a := Answer{ID: "here.exposed", Question: "Can a neighbour reach what listens on 127.0.0.1 only?", Doubts: slices.Clone(s.doubts), Unread: slices.Clone(s.unread)}
	if !s.known {
		return s.unsupported(a)
	}
	for _, name := range s.open {
		open := Cause{Says: fmt.Sprintf("%s takes packets to 127.0.0.0/8 from its link: net.ipv4.conf.%s.route_localnet or that of all is 1.", name, name),
			Remedy: fmt.Sprintf("sysctl -w net.ipv4.conf.all.route_localnet=0 net.ipv4.conf.%s.route_localnet=0", strings.ReplaceAll(name, ".", "/"))}
		if s.filters > 0 {
			open.Says += fmt.Sprintf(" One of %d rules of the packet filter may drop them.", s.filters)
			a.Doubts = append(a.Doubts, open)
			continue
		}
		if len(s.unread) > 0 {
			a.Doubts = append(a.Doubts, open)
			continue
		}
		a.Causes = append(a.Causes, open)
	}
	for _, r := range s.redirects {
		switch c := (Cause{More: "nft list ruleset"}); {
		case r.Loopback && s.filters == 0:
			c.Says = "The packet filter sends what comes for an address of 127.0.0.0/8 on to where it is answered (" + r.Place + ")."
			a.Causes = append(a.Causes, c)
		case r.Loopback:
			c.Says = fmt.Sprintf("The packet filter sends what comes for an address of 127.0.0.0/8 on (%s), if none of %d rules drops it.", r.Place, s.filters)
			a.Doubts = append(a.Doubts, c)
		case r.Unclear:
			c.Says = "A rule changes the destination of what comes in, and whether it is about loopback can't be told from reading it (" + r.Place + ")."
			a.Doubts = append(a.Doubts, c)
		}
	}
	if s.rules != "" {
		a.Doubts = append(a.Doubts, Cause{Says: "Policy rules are not the usual ones: " + s.rules + ".", More: "ip rule"})
	}
	if len(s.open) == 0 {
		a.Read = append(a.Read, "no interface takes packets to 127.0.0.0/8 (route_localnet is 0)")
	}
	return a.judged()
}

func (s state) leaks(sample []netip.Addr, leads netif.Leading) Answer {
	a := Answer{ID: "here.leaks", Question: "Does a packet to 127.0.0.0/8 leave this machine?"}
	if !s.known {
		return s.unsupported(a)
	}
	ways := map[string]int{} // addresses by the way out
	first := map[string]netip.Addr{}
	for _, to := range sample {
		if !to.Is4() {
			continue
		}
		for _, t := range []sock.Type{sock.UDP, sock.TCP, sock.Ping} {
			if way := leads(sock.Packet{Type: t, To: netip.AddrPortFrom(to, 9)}); way != "" {
				if ways[way]++; ways[way] == 1 {
					first[way] = to
				}
				break
			}
		}
	}
	order := make([]string, 0, len(ways))
	for way := range ways {
		order = append(order, way)
	}
	slices.SortFunc(order, func(x, y string) int { return cmp.Or(ways[y]-ways[x], strings.Compare(x, y)) })
	for _, way := range order {
		a.Causes = append(a.Causes, Cause{Says: fmt.Sprintf("%d of %d addresses of the sample would leave %s, the first of them %s: lo is down, or a route or a rule leads there.",
			ways[way], len(sample), way, first[way]), More: "ip route get " + first[way].String()})
	}
	if strings.Contains(s.rules, "on conditions") {
		a.Doubts = append(a.Doubts, Cause{Says: "A policy rule is about some packets only (a mark, a user, an interface), and such packets may go elsewhere: " + s.rules + ".", More: "ip rule"})
	}
	a.Read = append(a.Read, fmt.Sprintf("the kernel routes %d addresses of the sample over loopback, for this user", len(sample)-total(ways)))
	return a.judged()
}

func total(ways map[string]int) (n int) {
	for _, k := range ways {
		n += k
	}
	return n
}

func (s state) unsupported(a Answer) Answer {
	a.Verdict = Unknown
	a.Unread = append(a.Unread, "this system's settings are not read yet; what its kernel does by itself is in the table")
	return a
}

// judged gives the verdict: Yes for a cause, No only if everything was read and nothing is in
// doubt.
func (a Answer) judged() Answer {
	switch {
	case len(a.Causes) > 0:
		a.Verdict = Yes
	case len(a.Doubts) > 0 || len(a.Unread) > 0:
		a.Verdict = Unknown
	default:
		a.Verdict = No
	}
	return a
}
