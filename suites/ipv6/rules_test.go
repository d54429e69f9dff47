package ipv6

import (
	"os"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/claim/claimtest"
	"github.com/loopmatrix/loopmatrix/suites/observe"
)

// unclear is what a rule gives if it can't tell.
const unclear = ""

type row struct {
	name string
	seen observe.Set
	want string
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

func saw(op, proto, variant, target string, outcome observe.Outcome, errno string) observe.Observation {
	return observe.Observation{Op: op, Proto: proto, Variant: variant, Targets: []string{target}, Outcome: outcome, Errno: errno, Count: 1}
}

func ok(op, proto, target string) observe.Observation {
	return saw(op, proto, "", target, observe.OK, "")
}

func from(o observe.Observation, source string) observe.Observation {
	o.Source = source
	return o
}

func reading(o observe.Observation, value string) observe.Observation {
	o.Value = value
	return o
}

func TestDelivered(t *testing.T) {
	tcp, udp, echo := ok("connect", "tcp", "::1"), ok("send", "udp", "::1"), ok("echo", "icmpv6", "::1")
	away := observe.Set{saw("connect", "tcp", "", "::1", observe.Unavailable, "EADDRNOTAVAIL"),
		saw("send", "udp", "", "::1", observe.Unavailable, "EADDRNOTAVAIL")}
	check(t, "v6.lo.delivery", []row{
		{"healthy", observe.Set{tcp, udp, echo}, "delivered"},
		{"without a means for echo", observe.Set{tcp, udp, saw("socket", "icmpv6", "", "", observe.Denied, "EPERM")}, "tcp+udp"},
		{"echo lost", observe.Set{tcp, udp, saw("echo", "icmpv6", "", "::1", observe.Lost, "")}, "partial"},
		{"the reply comes from elsewhere", observe.Set{tcp, udp, saw("echo", "icmpv6", "", "::1", observe.Astray, "")}, "partial"},
		{"no ::1", away, "no-address"},
		{"all lost", observe.Set{saw("connect", "tcp", "", "::1", observe.Timeout, ""), saw("send", "udp", "", "::1", observe.Lost, "")}, "none"},
		{"only TCP tried", observe.Set{tcp}, unclear},
		{"nothing", nil, unclear},
	})
}

func TestUnanimous(t *testing.T) {
	tcp, udp := ok("connect", "tcp", "::ffff:127.0.0.1"), ok("send", "udp", "::ffff:127.0.0.1")
	no := func(errno string, outcome observe.Outcome) observe.Set {
		return observe.Set{saw("connect", "tcp", "", "::ffff:127.0.0.1", outcome, errno), saw("send", "udp", "", "::ffff:127.0.0.1", outcome, errno)}
	}
	rows := []row{
		{"both", observe.Set{tcp, udp}, "reached"},
		{"one", observe.Set{tcp, no("", observe.Lost)[1]}, "partial"},
		{"refused alike", no("ENETUNREACH", observe.Unreachable), "ENETUNREACH"},
		{"refused in two ways", observe.Set{no("EINVAL", observe.Invalid)[0], no("ENETUNREACH", observe.Unreachable)[1]}, "fails"},
		{"silent", observe.Set{no("", observe.Timeout)[0], no("", observe.Lost)[1]}, "silent"},
		{"somebody else answered", no("", observe.Astray), "fails"},
		{"nothing", nil, unclear},
	}
	check(t, "v6.mapped.connect", rows)
	check(t, "v6.mapped.v6only", rows)
	check(t, "v6.unspecified.connect", []row{
		{"reached", observe.Set{from(ok("connect", "tcp", "::"), "::1")}, "::1"},
		{"refused", observe.Set{saw("connect", "tcp", "", "::", observe.Unavailable, "EADDRNOTAVAIL")}, "EADDRNOTAVAIL"},
		{"one of two", observe.Set{from(ok("connect", "tcp", "::"), "::1"), saw("connect", "tcp", "", "::", observe.Timeout, "")}, "partial"},
		{"silent", observe.Set{saw("connect", "tcp", "", "::", observe.Timeout, "")}, "silent"},
		{"somebody else answered", observe.Set{saw("connect", "tcp", "", "::", observe.Astray, "")}, "fails"},
	})
}

func TestMappedTwo(t *testing.T) {
	direct := saw("connect", "tcp", controls, "127.0.0.2", observe.OK, "")
	none := saw("connect", "tcp", controls, "127.0.0.2", observe.Unavailable, "EADDRNOTAVAIL")
	tcp, udp := ok("connect", "tcp", "::ffff:127.0.0.2"), ok("send", "udp", "::ffff:127.0.0.2")
	check(t, "v6.mapped.block", []row{
		{"healthy", observe.Set{direct, tcp, udp}, "reached"},
		{"no second address", observe.Set{none}, "no-127.0.0.2"},
		{"refused alike", observe.Set{direct, saw("connect", "tcp", "", "::ffff:127.0.0.2", observe.Unreachable, "ENETUNREACH")}, "ENETUNREACH"},
		{"silent", observe.Set{direct, saw("connect", "tcp", "", "::ffff:127.0.0.2", observe.Timeout, "")}, "silent"},
		{"somebody else answered", observe.Set{direct, saw("connect", "tcp", "", "::ffff:127.0.0.2", observe.Astray, "")}, "fails"},
		{"half", observe.Set{direct, tcp, saw("send", "udp", "", "::ffff:127.0.0.2", observe.Lost, "")}, "partial"},
		{"only the control", observe.Set{direct}, unclear},
	})
}

func TestDual(t *testing.T) {
	two := saw("connect", "tcp", controls, "127.0.0.2", observe.OK, "")
	none := saw("connect", "tcp", controls, "127.0.0.2", observe.Unavailable, "EADDRNOTAVAIL")
	one := func(target, source string) observe.Set {
		return observe.Set{from(ok("connect", "tcp", target), source), from(ok("send", "udp", target), source)}
	}
	both := append(one("127.0.0.1", "::ffff:127.0.0.1"), one("127.0.0.2", "::ffff:127.0.0.1")...)
	check(t, "v6.wild.dual", []row{
		{"healthy", append(observe.Set{two}, both...), "dual"},
		{"no second address", append(observe.Set{none}, one("127.0.0.1", "::ffff:127.0.0.1")...), "dual-127.0.0.1"},
		{"the peer is plain IPv4", append(observe.Set{two}, append(both, one("127.0.0.2", observe.SameAsDestination)...)...), "unmapped"},
		{"no dual stack", observe.Set{two, saw("listen", "tcp", "", "::", observe.Invalid, "EINVAL"), saw("listen", "udp", "", "::", observe.Invalid, "EINVAL")}, "EINVAL"},
		{"silent", observe.Set{two, saw("connect", "tcp", "", "127.0.0.1", observe.Timeout, "")}, "silent"},
		{"somebody else answered", observe.Set{two, saw("connect", "tcp", "", "127.0.0.1", observe.Astray, "")}, "fails"},
		{"one address is deaf", append(observe.Set{two, saw("connect", "tcp", "", "127.0.0.2", observe.Refused, "ECONNREFUSED")}, both...), "partial"},
		{"nothing", nil, unclear},
	})
}

func TestStrangers(t *testing.T) {
	control := saw("bind", "udp", controls, "2001:db8::4c4d", observe.Unavailable, "EADDRNOTAVAIL")
	stranger := func(a string) observe.Set {
		return observe.Set{saw("bind", "tcp", "", a, observe.Unavailable, "EADDRNOTAVAIL"), saw("bind", "udp", "", a, observe.Unavailable, "EADDRNOTAVAIL"),
			saw("connect", "udp", "", a, observe.Unreachable, "ENETUNREACH"), saw("route-get", "", "", a, observe.Unreachable, "ENETUNREACH")}
	}
	routed := func(a string) observe.Set {
		s := stranger(a)
		s[2] = from(ok("connect", "udp", a), "another address of this host")
		s[3] = reading(ok("route-get", "", a), "unicast")
		return s
	}
	own := func(a string) observe.Set {
		return observe.Set{ok("bind", "tcp", a), ok("bind", "udp", a), from(ok("connect", "udp", a), observe.SameAsDestination)}
	}
	anything := append(append(observe.Set{saw("bind", "udp", controls, "2001:db8::4c4d", observe.OK, "")}, ok("bind", "tcp", "::2")), stranger("::2")[2:]...)
	anyIP := routed("::2")
	anyIP[3] = reading(anyIP[3], "local")
	join := func(sets ...observe.Set) observe.Set {
		out := observe.Set{control}
		for _, s := range sets {
			out = append(out, s...)
		}
		return out
	}
	check(t, "v6.lo.only", []row{
		{"healthy", join(stranger("::2"), stranger("::3")), "only-::1"},
		{"with a default route", join(routed("::2"), routed("::3")), "only-::1"},
		{"::2 assigned", join(own("::2"), stranger("::3")), "some"},
		{"a local route without an address", join(anyIP, stranger("::3")), "some"},
		{"all", join(own("::2"), own("::3")), "loopback"},
		{"a system that binds anything", anything, "only-::1"},
		{"only the control", observe.Set{control}, unclear},
		{"nothing", nil, unclear},
	})
	check(t, "v6.compat", []row{
		{"healthy", join(stranger("::127.0.0.1"), stranger("::127.0.0.2")), "not-loopback"},
		{"loopback", join(own("::127.0.0.1"), own("::127.0.0.2")), "loopback"},
		{"one of them", join(own("::127.0.0.1"), stranger("::127.0.0.2")), "some"},
	})
}

func TestSameSource(t *testing.T) {
	tcp, udp := ok("connect", "tcp", "::1"), ok("connect", "udp", "::1")
	check(t, "v6.src.select", []row{
		{"healthy", observe.Set{from(tcp, observe.SameAsDestination), from(udp, observe.SameAsDestination)}, "::1"},
		{"another", observe.Set{from(tcp, "fe80::1"), from(udp, observe.SameAsDestination)}, "another"},
		{"fails", observe.Set{from(tcp, observe.SameAsDestination), saw("connect", "udp", "", "::1", observe.Unreachable, "ENETUNREACH")}, "fails"},
		{"no source", observe.Set{tcp, udp}, unclear},
		{"nothing", nil, unclear},
	})
}

func TestZone(t *testing.T) {
	plain := saw("connect", "tcp", noZone, "::1", observe.OK, "")
	strange := func(outcome observe.Outcome, errno string) observe.Observation {
		return saw("connect", "tcp", foreignZone, "::1%2", outcome, errno)
	}
	check(t, "v6.scope", []row{
		{"ignored", observe.Set{plain, strange(observe.OK, "")}, "zone-ignored"},
		{"refused", observe.Set{plain, strange(observe.Invalid, "EINVAL")}, "zone-refused"},
		{"no such interface", observe.Set{plain, saw("connect", "tcp", vacantZone, "::1%9", observe.Invalid, "ENXIO")}, "zone-refused"},
		{"silent", observe.Set{plain, strange(observe.Timeout, "")}, "zone-silent"},
		{"somebody else", observe.Set{plain, reading(strange(observe.Astray, ""), "connected, but not to this server")}, "elsewhere"},
		{"needs a zone", observe.Set{saw("connect", "tcp", noZone, "::1", observe.Invalid, "EINVAL"), strange(observe.OK, "")}, "needs-zone"},
		{"only without", observe.Set{plain}, unclear},
		{"nothing", nil, unclear},
	})
}

func TestLinkLocal(t *testing.T) {
	lo := ok("interface", "", "lo")
	check(t, "v6.lla.lo", []row{
		{"healthy", observe.Set{lo, ok("connect", "tcp", "fe80::1%1")}, "link-local"},
		{"one of two", observe.Set{lo, ok("connect", "tcp", "fe80::1%1"), saw("connect", "tcp", "", "fe80::2%1", observe.Unavailable, "EADDRNOTAVAIL")}, "link-local"},
		{"unreachable", observe.Set{lo, saw("connect", "tcp", "", "fe80::1%1", observe.Unavailable, "EADDRNOTAVAIL")}, "unreachable"},
		{"none", observe.Set{lo}, "none"},
		{"nothing", nil, unclear},
	})
}

func TestGroups(t *testing.T) {
	first, second := ok("send", "udp", "ff01::114"), ok("send", "udp", "ff02::114")
	lost := func(g string) observe.Observation { return saw("send", "udp", "", g, observe.Lost, "") }
	check(t, "v6.multicast.lo", []row{
		{"the hop limit is ignored", observe.Set{{Op: "send", Proto: "udp", Targets: []string{"ff01::1"}, Outcome: observe.Unsupported,
			Value: "setsockopt: accepted and ignored: it reads 1", Count: 1}}, unclear},
		{"healthy", observe.Set{first, second}, "received"},
		{"ff01", observe.Set{first, lost("ff02::114")}, "ff01-only"},
		{"ff02", observe.Set{lost("ff01::114"), second}, "ff02-only"},
		{"lost", observe.Set{lost("ff01::114"), lost("ff02::114")}, "silent"},
		{"no route", observe.Set{saw("send", "udp", "", "ff01::114", observe.Unreachable, "ENETUNREACH"),
			saw("send", "udp", "", "ff02::114", observe.Unreachable, "ENETUNREACH")}, "ENETUNREACH"},
		{"one of several", observe.Set{first, lost("ff01::114"), lost("ff02::114")}, "partial"},
		{"no joining", observe.Set{saw("join", "udp", "", "ff01::114", observe.Unavailable, "EADDRNOTAVAIL"), lost("ff02::114")}, "fails"},
		{"nothing", nil, unclear},
	})
}

func TestKept(t *testing.T) {
	a, b := "2002:7f00:1::", "2002:7fff:fffe::1"
	way := saw("connect", "udp", controls, "2001:db8::4c4d", observe.OK, "")
	noWay := saw("connect", "udp", controls, "2001:db8::4c4d", observe.Unreachable, "ENETUNREACH")
	no := observe.Set{saw("connect", "udp", "", a, observe.Unreachable, "ENETUNREACH"), saw("connect", "udp", "", b, observe.Unreachable, "ENETUNREACH")}
	check(t, "v6.6to4", []row{
		{"routed", observe.Set{ok("connect", "udp", a), ok("connect", "udp", b), way}, "routed"},
		{"rejected", append(observe.Set{way}, no...), "rejected"},
		{"rejected without any way", append(observe.Set{noWay, reading(ok("route", "", "2002:7f00::/24"), "reject")}, no...), "rejected"},
		{"half", observe.Set{ok("connect", "udp", a), no[1], way}, "partial"},
		{"no way at all", append(observe.Set{noWay}, no...), unclear},
		{"nothing", nil, unclear},
	})
}
