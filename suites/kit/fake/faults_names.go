package fake

import (
	"net/netip"
	"slices"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// namesFaults are for family names.
func namesFaults() []Fault { return slices.Concat(localhostFaults(), otherNamesFaults()) }

// books changes what both resolvers know.
func (m *Machine) books(change func(*Names)) {
	change(&m.System)
	change(&m.Go)
}

// hosts takes the entries of an address out of the hosts files and puts others at their end.
func (m *Machine) hosts(without netip.Addr, more ...Entry) {
	m.books(func(n *Names) {
		n.Hosts = append(slices.DeleteFunc(slices.Clone(n.Hosts), func(e Entry) bool { return e.Addr == without }), more...)
	})
}

// localhostFaults are about localhost and what is like it.
func localhostFaults() []Fault {
	return []Fault{{
		Name:     "no-localhost-v4",
		Does:     "localhost has no IPv4 address; 127.0.0.1 has another name.",
		Turns:    []string{"name.localhost.v4", "name.localhost.order", "name.reverse.v4"},
		Observes: map[string]string{"name.localhost.order": "::1-first → only-::1"},
		Inject:   func(m *Machine) { m.hosts(one4, Entry{one4, []string{"loopback4"}}) },
	}, {
		Name:     "no-localhost-v6",
		Does:     "localhost has no IPv6 address; ::1 has another name.",
		Turns:    []string{"name.localhost.v6", "name.localhost.order", "name.reverse.v6"},
		Observes: map[string]string{"name.localhost.order": "::1-first → only-127.0.0.1"},
		Inject:   func(m *Machine) { m.hosts(one6, Entry{one6, []string{"ip6-localhost"}}) },
	}, {
		Name:   "localhost-v4-first",
		Does:   "127.0.0.1 comes before ::1.",
		Turns:  []string{"name.localhost.order"},
		Inject: func(m *Machine) { m.hosts(one6, Entry{one6, []string{"localhost"}}) },
	}, {
		Name:   "localhost-has-mx",
		Does:   "localhost has an MX record.",
		Turns:  []string{"name.localhost.othertypes"},
		Inject: func(m *Machine) { m.books(func(n *Names) { n.Texts = []string{"MX 0 mail.example"} }) },
	}, {
		Name:   "no-subdomains",
		Does:   "Names below localhost are unknown.",
		Turns:  []string{"name.sub"},
		Inject: func(m *Machine) { m.books(func(n *Names) { n.Subdomains = false }) },
	}, {
		Name:   "no-final-dot",
		Does:   "localhost with a final dot is unknown.",
		Turns:  []string{"name.absolute"},
		Inject: func(m *Machine) { m.books(func(n *Names) { n.Dots = false }) },
	}, {
		Name:   "case-matters",
		Does:   "LOCALHOST is another name than localhost.",
		Turns:  []string{"name.case"},
		Inject: func(m *Machine) { m.books(func(n *Names) { n.Exact = true }) },
	}}
}

// otherNamesFaults are about all other names, and about none.
func otherNamesFaults() []Fault {
	return []Fault{{
		Name:   "null-node-is-unspecified",
		Does:   "A null node without AI_PASSIVE gives the unspecified addresses.",
		Turns:  []string{"name.gai.null"},
		Inject: func(m *Machine) { m.books(func(n *Names) { n.Null = n.NullPassive }) },
	}, {
		Name:   "reverse-v4-own-name",
		Does:   "127.0.0.1 reverses to the host's own name, and localhost is its alias.",
		Turns:  []string{"name.reverse.v4"},
		Inject: func(m *Machine) { m.hosts(one4, Entry{one4, []string{m.System.Own, "localhost"}}) },
	}, {
		Name:   "reverse-v6-own-name",
		Does:   "::1 reverses to the host's own name, and localhost is its alias.",
		Turns:  []string{"name.localhost.order", "name.reverse.v6"},
		Inject: func(m *Machine) { m.hosts(one6, Entry{one6, []string{m.System.Own, "localhost"}}) },
	}, {
		Name:     "hostname-unknown",
		Does:     "The host's own name is in no book.",
		Turns:    []string{"name.hostname"},
		Observes: map[string]string{"name.hostname": "127.0.1.1 → none"},
		Inject:   func(m *Machine) { m.hosts(netip.MustParseAddr("127.0.1.1")) },
	}, {
		Name:   "no-literals",
		Does:   "The spellings of inet_aton are unknown.",
		Turns:  []string{"name.literals"},
		Inject: func(m *Machine) { m.books(func(n *Names) { n.Literals = nil }) },
	}, {
		Name: "no-redirect-v6",
		Does: "An ephemeral TCP port on [::1] is refused to applications.",
		Turns: []string{"v6.lo.delivery", "v6.lo.only", "v6.src.select", "v6.scope", "v6.compat",
			"v6.unspecified.connect", "app.redirect"},
		Observes: map[string]string{"app.redirect": "both → only-127.0.0.1"},
		Inject: func(m *Machine) {
			m.Wrap(Calls{Bind: func(s sock.Socket, a netip.AddrPort) error {
				if s.Type() == sock.TCP && a.Addr() == one6 && a.Port() == 0 {
					return m.fail("bind", "EACCES")
				}
				return s.Bind(a)
			}}.Around)
		},
	}}
}
