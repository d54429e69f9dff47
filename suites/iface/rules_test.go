package iface

import (
	"os"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/claim/claimtest"
	"github.com/loopmatrix/loopmatrix/suites/observe"
)

type row struct {
	name string
	seen observe.Set
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

func listed(op, variant, target, value string) observe.Observation {
	return observe.Observation{Op: op, Variant: variant, Targets: []string{target}, Value: value, Outcome: observe.OK, Count: 1}
}

var bare = observe.Observation{Op: "interface", Outcome: observe.NoAnswer, Count: 1}

func TestIsUp(t *testing.T) {
	check(t, "if.lo.up", []row{
		{"healthy", observe.Set{listed("interface", "", "lo", "UP,LOOPBACK")}, "up"},
		{"one of two", observe.Set{listed("interface", "", "lo0", "LOOPBACK"), listed("interface", "", "lo1", "UP,LOOPBACK")}, "up"},
		{"down", observe.Set{listed("interface", "", "lo", "LOOPBACK")}, "down"},
		{"none", observe.Set{bare}, "none"},
		{"nothing", nil, ""},
	})
}

func TestFacts(t *testing.T) {
	check(t, "if.lo.flags", []row{
		{"Linux", observe.Set{listed("flags", "", "lo", "UP,LOOPBACK")}, "UP,LOOPBACK"},
		{"BSD", observe.Set{listed("flags", "", "lo0", "UP,LOOPBACK,MULTICAST")}, "UP,LOOPBACK,MULTICAST"},
		{"odd", observe.Set{listed("flags", "", "lo", "LOOPBACK,BROADCAST")}, "LOOPBACK,BROADCAST"},
		{"nothing", nil, ""},
	})
	check(t, "if.lo.mtu", []row{
		{"Linux", observe.Set{listed("mtu", "", "lo", "65536")}, "65536"},
		{"Windows", observe.Set{listed("mtu", "", "Loopback Pseudo-Interface 1", "4294967295")}, "4294967295"},
		{"no value", observe.Set{listed("mtu", "", "lo", "")}, ""},
	})
	check(t, "if.lo.nomac", []row{
		{"none", observe.Set{listed("hardware address", "", "lo0", hardware(""))}, "none"},
		{"zeros", observe.Set{listed("hardware address", "", "lo", hardware("00:00:00:00:00:00"))}, "all-zero"},
		{"an address", observe.Set{listed("hardware address", "", "lo", hardware("02:00:00:00:00:01"))}, "address"},
	})
}

func TestBlockRoute(t *testing.T) {
	lo := listed("interface", "", "lo0", "UP,LOOPBACK")
	local := func(p string) observe.Observation { return listed("route", "local", p, "lo0") }
	unicast := func(p string) observe.Observation { return listed("route", "unicast", p, "lo0") }
	reject := func(p string) observe.Observation { return listed("route", "reject", p, "lo0") }
	other := func(p string) observe.Observation { return listed("route", "unicast", p, "em0") }
	check(t, "rt.v4.block", []row{
		{"Linux", observe.Set{lo, local("127.0.0.0/8"), local("127.0.0.1/32"), listed("route", "broadcast", "127.255.255.255/32", "lo0"), other("0.0.0.0/0")}, "whole-block"},
		{"macOS", observe.Set{lo, other("0.0.0.0/0"), unicast("127.0.0.0/8"), unicast("127.0.0.1/32")}, "whole-block"},
		{"Windows", observe.Set{lo, unicast("127.0.0.0/8"), unicast("127.0.0.1/32"), unicast("127.255.255.255/32")}, "whole-block"},
		{"FreeBSD", observe.Set{lo, unicast("127.0.0.1/32")}, "host-route"},
		{"FreeBSD with a default route", observe.Set{lo, other("0.0.0.0/0"), unicast("127.0.0.1/32")}, "host-route"},
		{"FreeBSD with an alias", observe.Set{lo, unicast("127.0.0.1/32"), unicast("127.0.0.2/32")}, "host-route"},
		{"NetBSD", observe.Set{lo, reject("127.0.0.0/8"), local("127.0.0.1/32")}, "rejects-rest"},
		{"NetBSD with an alias", observe.Set{lo, reject("127.0.0.0/8"), local("127.0.0.1/32"), local("127.0.0.2/32")}, "rejects-rest"},
		{"a hole", observe.Set{lo, local("127.0.0.0/8"), reject("127.128.0.0/9")}, "partial"},
		{"a part", observe.Set{lo, local("127.0.0.0/16"), local("127.0.0.1/32")}, "partial"},
		{"a part, the rest rejected", observe.Set{lo, reject("127.0.0.0/8"), local("127.0.0.0/16")}, "partial"},
		{"a part elsewhere", observe.Set{lo, local("127.0.0.0/8"), other("127.9.0.0/16")}, "partial"},
		{"one elsewhere", observe.Set{lo, other("127.0.0.1/32")}, "elsewhere"},
		{"the rest elsewhere", observe.Set{lo, other("127.0.0.0/8"), local("127.0.0.1/32")}, "elsewhere"},
		{"all elsewhere", observe.Set{bare, other("127.0.0.0/8")}, "elsewhere"},
		{"rejected", observe.Set{lo, reject("127.0.0.0/8")}, "none"},
		{"only a default route", observe.Set{lo, other("0.0.0.0/0")}, "none"},
		{"rubbish", observe.Set{lo, local("127/8"), listed("route", "throw", "127.0.0.0/8", "lo0")}, "none"},
		{"no table", observe.Set{lo}, "none"},
		{"nothing", nil, ""},
	})
}

func TestRoutes6(t *testing.T) {
	lo := listed("interface", "", "lo0", "UP,LOOPBACK")
	one := listed("route", "local", "::1/128", "lo0")
	compatible, mapped := listed("route", "reject", "::/96", "lo0"), listed("route", "blackhole", "::ffff:0.0.0.0/96", "lo0")
	other := listed("route", "unicast", "::/0", "em0")
	check(t, "rt.v6", []row{
		{"Linux", observe.Set{lo, one, other}, "host-route"},
		{"BSD", observe.Set{lo, one, compatible, mapped}, "rejects-both"},
		{"compatible", observe.Set{lo, one, compatible}, "rejects-compatible"},
		{"mapped", observe.Set{lo, one, mapped}, "rejects-mapped"},
		{"elsewhere", observe.Set{lo, listed("route", "unicast", "::1/128", "em0")}, "elsewhere"},
		{"a default route", observe.Set{lo, other}, "none"},
		{"rejected with its neighbours", observe.Set{lo, compatible}, "none"},
		{"nothing", nil, ""},
	})
}
