package interfaces

import (
	"os"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim/claimtest"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

type row struct {
	name string
	seen observation.Set
	want string // empty if the rule can't tell
}

func TestMain(m *testing.M) { os.Exit(claimtest.Run(m)) }

// check tests the rule of a claim by a table.
func check(t *testing.T, id string, rows []row) {
	t.Helper()
	var table []claimtest.Row
	for _, r := range rows {
		table = append(table, claimtest.Row{Name: r.name, Seen: r.seen, Want: r.want})
	}
	claimtest.Rule(t, id, table)
}

func listed(op, variant, target, value string) observation.Observation {
	return observation.Observation{Op: op, Variant: variant, Targets: []string{target}, Value: value, Outcome: observation.OK, Count: 1}
}

var bare = observation.Observation{Op: "interface", Outcome: observation.NoAnswer, Count: 1}

func TestIsUp(t *testing.T) {
	check(t, "if.lo.up", []row{
		{"healthy", observation.Set{listed("interface", "", "lo", "UP,LOOPBACK")}, "up"},
		{"one of two", observation.Set{listed("interface", "", "lo0", "LOOPBACK"), listed("interface", "", "lo1", "UP,LOOPBACK")}, "up"},
		{"down", observation.Set{listed("interface", "", "lo", "LOOPBACK")}, "down"},
		{"none", observation.Set{bare}, "none"},
		{"nothing", nil, ""},
	})
}

func TestFacts(t *testing.T) {
	check(t, "if.lo.flags", []row{
		{"Linux", observation.Set{listed("flags", "", "lo", "UP,LOOPBACK")}, "UP,LOOPBACK"},
		{"BSD", observation.Set{listed("flags", "", "lo0", "UP,LOOPBACK,MULTICAST")}, "UP,LOOPBACK,MULTICAST"},
		{"odd", observation.Set{listed("flags", "", "lo", "LOOPBACK,BROADCAST")}, "LOOPBACK,BROADCAST"},
		{"nothing", nil, ""},
	})
	check(t, "if.lo.mtu", []row{
		{"Linux", observation.Set{listed("mtu", "", "lo", "65536")}, "65536"},
		{"Windows", observation.Set{listed("mtu", "", "Loopback Pseudo-Interface 1", "4294967295")}, "4294967295"},
		{"no value", observation.Set{listed("mtu", "", "lo", "")}, ""},
	})
	check(t, "if.lo.nomac", []row{
		{"none", observation.Set{listed("hardware address", "", "lo0", hardware(""))}, "none"},
		{"zeros", observation.Set{listed("hardware address", "", "lo", hardware("00:00:00:00:00:00"))}, "all-zero"},
		{"an address", observation.Set{listed("hardware address", "", "lo", hardware("02:00:00:00:00:01"))}, "address"},
	})
}

func TestBlockRoute(t *testing.T) {
	lo := listed("interface", "", "lo0", "UP,LOOPBACK")
	local := func(p string) observation.Observation { return listed("route", "local", p, "lo0") }
	unicast := func(p string) observation.Observation { return listed("route", "unicast", p, "lo0") }
	reject := func(p string) observation.Observation { return listed("route", "reject", p, "lo0") }
	other := func(p string) observation.Observation { return listed("route", "unicast", p, "em0") }
	check(t, "rt.v4.block", []row{
		{"Linux", observation.Set{lo, local("127.0.0.0/8"), local("127.0.0.1/32"), listed("route", "broadcast", "127.255.255.255/32", "lo0"), other("0.0.0.0/0")}, "whole-block"},
		{"macOS", observation.Set{lo, other("0.0.0.0/0"), unicast("127.0.0.0/8"), unicast("127.0.0.1/32")}, "whole-block"},
		{"Windows", observation.Set{lo, unicast("127.0.0.0/8"), unicast("127.0.0.1/32"), unicast("127.255.255.255/32")}, "whole-block"},
		{"FreeBSD", observation.Set{lo, unicast("127.0.0.1/32")}, "host-route"},
		{"FreeBSD with a default route", observation.Set{lo, other("0.0.0.0/0"), unicast("127.0.0.1/32")}, "host-route"},
		{"FreeBSD with an alias", observation.Set{lo, unicast("127.0.0.1/32"), unicast("127.0.0.2/32")}, "host-route"},
		{"NetBSD", observation.Set{lo, reject("127.0.0.0/8"), local("127.0.0.1/32")}, "rejects-rest"},
		{"NetBSD with an alias", observation.Set{lo, reject("127.0.0.0/8"), local("127.0.0.1/32"), local("127.0.0.2/32")}, "rejects-rest"},
		{"a hole", observation.Set{lo, local("127.0.0.0/8"), reject("127.128.0.0/9")}, "partial"},
		{"a part", observation.Set{lo, local("127.0.0.0/16"), local("127.0.0.1/32")}, "partial"},
		{"a part, the rest rejected", observation.Set{lo, reject("127.0.0.0/8"), local("127.0.0.0/16")}, "partial"},
		{"a part elsewhere", observation.Set{lo, local("127.0.0.0/8"), other("127.9.0.0/16")}, "partial"},
		{"one elsewhere", observation.Set{lo, other("127.0.0.1/32")}, "elsewhere"},
		{"the rest elsewhere", observation.Set{lo, other("127.0.0.0/8"), local("127.0.0.1/32")}, "elsewhere"},
		{"all elsewhere", observation.Set{bare, other("127.0.0.0/8")}, "elsewhere"},
		{"rejected", observation.Set{lo, reject("127.0.0.0/8")}, "none"},
		{"only a default route", observation.Set{lo, other("0.0.0.0/0")}, "none"},
		{"rubbish", observation.Set{lo, local("127/8"), listed("route", "throw", "127.0.0.0/8", "lo0")}, "none"},
		{"no table", observation.Set{lo}, "none"},
		{"nothing", nil, ""},
	})
	inside := func(a string) observation.Observation { return listed("route-get", "local", a, "lo0") }
	gives := func(a, errno string) observation.Observation {
		return observation.Observation{Op: "route-get", Targets: []string{a}, Outcome: observation.Unreachable, Errno: errno, Count: 1}
	}
	unasked := observation.Observation{Op: "route-get", Targets: []string{"127.0.0.1"}, Outcome: observation.Unsupported, Errno: "EOPNOTSUPP", Count: 1}
	check(t, "rt.v4.block", []row{
		{"a table that no rule names", observation.Set{lo, local("127.0.0.0/8"), other("127.0.0.0/8"), inside("127.0.0.1"), inside("127.3.2.1")}, "whole-block"},
		{"a blackhole behind the local table", observation.Set{lo, local("127.0.0.0/8"), reject("127.0.0.0/8"), inside("127.0.0.1"), inside("127.3.2.1")}, "whole-block"},
		{"a table that a rule puts first", observation.Set{lo, local("127.0.0.0/8"), other("127.0.0.0/8"), inside("127.0.0.1"), listed("route-get", "unicast", "127.3.2.1", "em0")}, "elsewhere"},
		{"a hole", observation.Set{lo, local("127.0.0.0/8"), inside("127.0.0.1"), inside("127.0.0.2"), gives("127.9.9.9", "EHOSTUNREACH")}, "partial"},
		{"one address elsewhere", observation.Set{lo, local("127.0.0.0/8"), other("127.0.0.53/32"), inside("127.0.0.1"), inside("127.0.0.2"), listed("route-get", "unicast", "127.0.0.53", "em0")}, "partial"},
		{"rejected", observation.Set{lo, local("127.0.0.1/32"), reject("127.0.0.0/8"), inside("127.0.0.1"), listed("route-get", "reject", "127.0.0.2", "lo0")}, "rejects-rest"},
		{"rejected by a rule for this user", observation.Set{lo, local("127.0.0.0/8"), inside("127.0.0.1"), gives("127.0.0.2", "EACCES")}, "rejects-rest"},
		{"an alias", observation.Set{lo, local("127.0.0.1/32"), local("127.0.0.2/32"), inside("127.0.0.1"), inside("127.0.0.2"), gives("127.0.0.3", "ENETUNREACH")}, "host-route"},
		{"a default route", observation.Set{lo, local("127.0.0.1/32"), other("0.0.0.0/0"), inside("127.0.0.1"), listed("route-get", "unicast", "127.0.0.3", "em0")}, "host-route"},
		{"127.0.0.1 by the default route", observation.Set{lo, other("0.0.0.0/0"), listed("route-get", "unicast", "127.0.0.1", "em0")}, "none"},
		{"127.0.0.1 has no route", observation.Set{lo, local("127.0.0.0/8"), gives("127.0.0.1", "ENETUNREACH")}, "none"},
		{"127.0.0.1 elsewhere", observation.Set{lo, other("127.0.0.0/8"), listed("route-get", "unicast", "127.0.0.1", "em0")}, "elsewhere"},
		{"no such question", observation.Set{lo, local("127.0.0.0/8"), unasked}, "whole-block"},
	})
}

func TestRoutes6(t *testing.T) {
	lo := listed("interface", "", "lo0", "UP,LOOPBACK")
	one := listed("route", "local", "::1/128", "lo0")
	compatible, mapped := listed("route", "reject", "::/96", "lo0"), listed("route", "blackhole", "::ffff:0.0.0.0/96", "lo0")
	other := listed("route", "unicast", "::/0", "em0")
	get := func(kind, to, name string) observation.Observation { return listed("route-get", kind, to, name) }
	check(t, "rt.v6", []row{
		{"Linux", observation.Set{lo, one, other}, "host-route"},
		{"BSD", observation.Set{lo, one, compatible, mapped}, "rejects-both"},
		{"compatible", observation.Set{lo, one, compatible}, "rejects-compatible"},
		{"mapped", observation.Set{lo, one, mapped}, "rejects-mapped"},
		{"elsewhere", observation.Set{lo, listed("route", "unicast", "::1/128", "em0")}, "elsewhere"},
		{"a default route", observation.Set{lo, other}, "none"},
		{"rejected with its neighbours", observation.Set{lo, compatible}, "none"},
		{"a reject route that no rule names", observation.Set{lo, one, compatible, get("local", "::1", "lo0"), get("unicast", "::7f00:1", "em0")}, "host-route"},
		{"a reject route", observation.Set{lo, one, compatible, get("local", "::1", "lo0"), get("reject", "::7f00:1", "lo0")}, "rejects-compatible"},
		{"a rule sends ::1 elsewhere", observation.Set{lo, one, get("unicast", "::1", "em0")}, "elsewhere"},
		{"a rule rejects ::1", observation.Set{lo, one, {Op: "route-get", Targets: []string{"::1"}, Outcome: observation.Denied, Errno: "EACCES", Count: 1}}, "none"},
		{"nothing", nil, ""},
	})
}
