package ipv6

import (
	"os"
	"slices"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim/claimtest"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// unclear is what a rule gives if it can't tell.
const unclear = ""

type row struct {
	name string
	seen observation.Set
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

func saw(op, proto, variant, target string, outcome observation.Outcome, errno string) observation.Observation {
	return observation.Observation{Op: op, Proto: proto, Variant: variant, Targets: []string{target}, Outcome: outcome, Errno: errno, Count: 1}
}

func ok(op, proto, target string) observation.Observation {
	return saw(op, proto, "", target, observation.OK, "")
}

func from(o observation.Observation, source string) observation.Observation {
	o.Source = source
	return o
}

func reading(o observation.Observation, value string) observation.Observation {
	o.Value = value
	return o
}

func TestDelivered(t *testing.T) {
	tcp, udp, echo := ok("connect", "tcp", "::1"), ok("send", "udp", "::1"), ok("echo", "icmpv6", "::1")
	away := observation.Set{saw("connect", "tcp", "", "::1", observation.Unavailable, "EADDRNOTAVAIL"),
		saw("send", "udp", "", "::1", observation.Unavailable, "EADDRNOTAVAIL")}
	check(t, "v6.lo.delivery", []row{
		{"healthy", observation.Set{tcp, udp, echo}, "delivered"},
		{"without a means for echo", observation.Set{tcp, udp, saw("socket", "icmpv6", "", "", observation.Denied, "EPERM")}, "tcp+udp"},
		{"echo lost", observation.Set{tcp, udp, saw("echo", "icmpv6", "", "::1", observation.Lost, "")}, "partial"},
		{"the reply comes from elsewhere", observation.Set{tcp, udp, saw("echo", "icmpv6", "", "::1", observation.Astray, "")}, "partial"},
		{"no ::1", away, "no-address"},
		{"all lost", observation.Set{saw("connect", "tcp", "", "::1", observation.Timeout, ""), saw("send", "udp", "", "::1", observation.Lost, "")}, "none"},
		{"only TCP tried", observation.Set{tcp}, unclear},
		{"nothing", nil, unclear},
	})
}

func TestUnanimous(t *testing.T) {
	tcp, udp := ok("connect", "tcp", "::ffff:127.0.0.1"), ok("send", "udp", "::ffff:127.0.0.1")
	no := func(errno string, outcome observation.Outcome) observation.Set {
		return observation.Set{saw("connect", "tcp", "", "::ffff:127.0.0.1", outcome, errno), saw("send", "udp", "", "::ffff:127.0.0.1", outcome, errno)}
	}
	rows := []row{
		{"both", observation.Set{tcp, udp}, "reached"},
		{"one", observation.Set{tcp, no("", observation.Lost)[1]}, "partial"},
		{"refused alike", no("ENETUNREACH", observation.Unreachable), "ENETUNREACH"},
		{"refused in two ways", observation.Set{no("EINVAL", observation.Invalid)[0], no("ENETUNREACH", observation.Unreachable)[1]}, "fails"},
		{"silent", observation.Set{no("", observation.Timeout)[0], no("", observation.Lost)[1]}, "silent"},
		{"somebody else answered", no("", observation.Astray), "fails"},
		{"nothing", nil, unclear},
	}
	check(t, "v6.mapped.connect", rows)
	check(t, "v6.mapped.v6only", rows)
	check(t, "v6.unspecified.connect", []row{
		{"reached", observation.Set{from(ok("connect", "tcp", "::"), "::1")}, "::1"},
		{"refused", observation.Set{saw("connect", "tcp", "", "::", observation.Unavailable, "EADDRNOTAVAIL")}, "EADDRNOTAVAIL"},
		{"one of two", observation.Set{from(ok("connect", "tcp", "::"), "::1"), saw("connect", "tcp", "", "::", observation.Timeout, "")}, "partial"},
		{"silent", observation.Set{saw("connect", "tcp", "", "::", observation.Timeout, "")}, "silent"},
		{"somebody else answered", observation.Set{saw("connect", "tcp", "", "::", observation.Astray, "")}, "fails"},
	})
}

func TestMappedTwo(t *testing.T) {
	direct := saw("connect", "tcp", controls, "127.0.0.2", observation.OK, "")
	none := saw("connect", "tcp", controls, "127.0.0.2", observation.Unavailable, "EADDRNOTAVAIL")
	tcp, udp := ok("connect", "tcp", "::ffff:127.0.0.2"), ok("send", "udp", "::ffff:127.0.0.2")
	check(t, "v6.mapped.block", []row{
		{"healthy", observation.Set{direct, tcp, udp}, "reached"},
		{"no second address", observation.Set{none}, "no-127.0.0.2"},
		{"refused alike", observation.Set{direct, saw("connect", "tcp", "", "::ffff:127.0.0.2", observation.Unreachable, "ENETUNREACH")}, "ENETUNREACH"},
		{"silent", observation.Set{direct, saw("connect", "tcp", "", "::ffff:127.0.0.2", observation.Timeout, "")}, "silent"},
		{"somebody else answered", observation.Set{direct, saw("connect", "tcp", "", "::ffff:127.0.0.2", observation.Astray, "")}, "fails"},
		{"half", observation.Set{direct, tcp, saw("send", "udp", "", "::ffff:127.0.0.2", observation.Lost, "")}, "partial"},
		{"only the control", observation.Set{direct}, unclear},
	})
}

func TestDual(t *testing.T) {
	two := saw("connect", "tcp", controls, "127.0.0.2", observation.OK, "")
	none := saw("connect", "tcp", controls, "127.0.0.2", observation.Unavailable, "EADDRNOTAVAIL")
	one := func(target, source string) observation.Set {
		return observation.Set{from(ok("connect", "tcp", target), source), from(ok("send", "udp", target), source)}
	}
	both := append(one("127.0.0.1", "::ffff:127.0.0.1"), one("127.0.0.2", "::ffff:127.0.0.1")...)
	refused := observation.Set{saw("connect", "tcp", "", "127.0.0.1", observation.Refused, "ECONNREFUSED")}
	mute := observation.Set{saw("connect", "tcp", "", "127.0.0.1", observation.Timeout, "")}
	stray := observation.Set{saw("connect", "tcp", "", "127.0.0.1", observation.Astray, "")}
	opened := func(seen observation.Set) observation.Set {
		out := slices.Clone(seen)
		for i := range out {
			out[i].Variant = asOpened
		}
		return out
	}
	check(t, "v6.wild.dual", []row{
		{"healthy", append(observation.Set{two}, opened(both)...), "dual"},
		{"no second address", append(observation.Set{none}, opened(one("127.0.0.1", "::ffff:127.0.0.1"))...), "dual-127.0.0.1"},
		{"the peer is plain IPv4", append(observation.Set{two}, opened(append(both, one("127.0.0.2", observation.SameAsDestination)...))...), "unmapped"},
		{"off unless asked", append(append(observation.Set{two}, opened(refused)...), both...), "dual-if-asked"},
		{"off unless asked, no second address", append(append(observation.Set{none}, opened(refused)...), one("127.0.0.1", "::ffff:127.0.0.1")...), "dual-if-asked"},
		{"off unless asked, and then in part", append(append(observation.Set{two}, opened(refused)...),
			append(observation.Set{saw("connect", "tcp", "", "127.0.0.2", observation.Timeout, "")}, both...)...), "ECONNREFUSED"},
		{"off unless asked, and then unmapped", append(append(observation.Set{two}, opened(refused)...),
			append(observation.Set{one("127.0.0.2", observation.SameAsDestination)[0]}, both...)...), "ECONNREFUSED"},
		{"no dual stack", append(append(observation.Set{two}, opened(refused)...),
			saw("listen", "tcp", "", "::", observation.Invalid, "EINVAL"), saw("listen", "udp", "", "::", observation.Invalid, "EINVAL")), "EINVAL"},
		{"silent either way", append(append(observation.Set{two}, opened(mute)...), mute...), "silent"},
		{"somebody else answered", append(append(observation.Set{two}, opened(stray)...), stray...), "fails"},
		{"one address is deaf", append(observation.Set{two}, opened(append(observation.Set{saw("connect", "tcp", "", "127.0.0.2", observation.Refused, "ECONNREFUSED")}, both...))...), "partial"},
		{"only with the option", append(observation.Set{two}, both...), unclear},
		{"nothing", nil, unclear},
	})
}

func TestStrangers(t *testing.T) {
	control := saw("bind", "udp", controls, "2001:db8::4c4d", observation.Unavailable, "EADDRNOTAVAIL")
	stranger := func(a string) observation.Set {
		return observation.Set{saw("bind", "tcp", "", a, observation.Unavailable, "EADDRNOTAVAIL"), saw("bind", "udp", "", a, observation.Unavailable, "EADDRNOTAVAIL"),
			saw("connect", "udp", "", a, observation.Unreachable, "ENETUNREACH"), saw("route-get", "", "", a, observation.Unreachable, "ENETUNREACH")}
	}
	routed := func(a string) observation.Set {
		s := stranger(a)
		s[2] = from(ok("connect", "udp", a), "another address of this host")
		s[3] = reading(ok("route-get", "", a), "unicast")
		return s
	}
	own := func(a string) observation.Set {
		return observation.Set{ok("bind", "tcp", a), ok("bind", "udp", a), from(ok("connect", "udp", a), observation.SameAsDestination)}
	}
	anything := append(append(observation.Set{saw("bind", "udp", controls, "2001:db8::4c4d", observation.OK, "")}, ok("bind", "tcp", "::2")), stranger("::2")[2:]...)
	anyIP := routed("::2")
	anyIP[3] = reading(anyIP[3], "local")
	join := func(sets ...observation.Set) observation.Set {
		out := observation.Set{control}
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
		{"only the control", observation.Set{control}, unclear},
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
		{"healthy", observation.Set{from(tcp, observation.SameAsDestination), from(udp, observation.SameAsDestination)}, "::1"},
		{"another", observation.Set{from(tcp, "fe80::1"), from(udp, observation.SameAsDestination)}, "another"},
		{"fails", observation.Set{from(tcp, observation.SameAsDestination), saw("connect", "udp", "", "::1", observation.Unreachable, "ENETUNREACH")}, "fails"},
		{"no source", observation.Set{tcp, udp}, unclear},
		{"nothing", nil, unclear},
	})
}

func TestZone(t *testing.T) {
	plain := saw("connect", "tcp", noZone, "::1", observation.OK, "")
	strange := func(outcome observation.Outcome, errno string) observation.Observation {
		return saw("connect", "tcp", foreignZone, "::1%2", outcome, errno)
	}
	check(t, "v6.scope", []row{
		{"ignored", observation.Set{plain, strange(observation.OK, "")}, "zone-ignored"},
		{"refused", observation.Set{plain, strange(observation.Invalid, "EINVAL")}, "zone-refused"},
		{"no such interface", observation.Set{plain, saw("connect", "tcp", vacantZone, "::1%9", observation.Invalid, "ENXIO")}, "zone-refused"},
		{"silent", observation.Set{plain, strange(observation.Timeout, "")}, "zone-silent"},
		{"somebody else", observation.Set{plain, reading(strange(observation.Astray, ""), "connected, but not to this server")}, "elsewhere"},
		{"needs a zone", observation.Set{saw("connect", "tcp", noZone, "::1", observation.Invalid, "EINVAL"), strange(observation.OK, "")}, "needs-zone"},
		{"only without", observation.Set{plain}, unclear},
		{"nothing", nil, unclear},
	})
}

func TestLinkLocal(t *testing.T) {
	lo := ok("interface", "", "lo")
	check(t, "v6.lla.lo", []row{
		{"healthy", observation.Set{lo, ok("connect", "tcp", "fe80::1%1")}, "link-local"},
		{"one of two", observation.Set{lo, ok("connect", "tcp", "fe80::1%1"), saw("connect", "tcp", "", "fe80::2%1", observation.Unavailable, "EADDRNOTAVAIL")}, "link-local"},
		{"unreachable", observation.Set{lo, saw("connect", "tcp", "", "fe80::1%1", observation.Unavailable, "EADDRNOTAVAIL")}, "unreachable"},
		{"none", observation.Set{lo}, "none"},
		{"none but ::1", observation.Set{lo, saw("address", "", link.OnLoopback, "127.0.0.1/8", observation.OK, ""), saw("address", "", link.OnLoopback, "::1/128", observation.OK, "")}, "only-::1"},
		{"::1 on another interface", observation.Set{lo, saw("address", "", link.Elsewhere, "::1/128", observation.OK, "")}, "none"},
		{"nothing", nil, unclear},
	})
}

func TestGroups(t *testing.T) {
	first, second := ok("send", "udp", "ff01::114"), ok("send", "udp", "ff02::114")
	lost := func(g string) observation.Observation { return saw("send", "udp", "", g, observation.Lost, "") }
	check(t, "v6.multicast.lo", []row{
		{"the hop limit is ignored", observation.Set{{Op: "send", Proto: "udp", Targets: []string{"ff01::1"}, Outcome: observation.Unsupported,
			Value: "setsockopt: accepted and ignored: it reads 1", Count: 1}}, unclear},
		{"healthy", observation.Set{first, second}, "received"},
		{"ff01", observation.Set{first, lost("ff02::114")}, "ff01-only"},
		{"ff02", observation.Set{lost("ff01::114"), second}, "ff02-only"},
		{"lost", observation.Set{lost("ff01::114"), lost("ff02::114")}, "silent"},
		{"no route", observation.Set{saw("send", "udp", "", "ff01::114", observation.Unreachable, "ENETUNREACH"),
			saw("send", "udp", "", "ff02::114", observation.Unreachable, "ENETUNREACH")}, "ENETUNREACH"},
		{"one of several", observation.Set{first, lost("ff01::114"), lost("ff02::114")}, "partial"},
		{"no joining", observation.Set{saw("join", "udp", "", "ff01::114", observation.Unavailable, "EADDRNOTAVAIL"), lost("ff02::114")}, "fails"},
		{"nothing", nil, unclear},
	})
}

func TestKept(t *testing.T) {
	a, b := "2002:7f00:1::", "2002:7fff:fffe::1"
	way := saw("connect", "udp", controls, "2001:db8::4c4d", observation.OK, "")
	noWay := saw("connect", "udp", controls, "2001:db8::4c4d", observation.Unreachable, "ENETUNREACH")
	no := observation.Set{saw("connect", "udp", "", a, observation.Unreachable, "ENETUNREACH"), saw("connect", "udp", "", b, observation.Unreachable, "ENETUNREACH")}
	check(t, "v6.6to4", []row{
		{"routed", observation.Set{ok("connect", "udp", a), ok("connect", "udp", b), way}, "routed"},
		{"rejected", append(observation.Set{way}, no...), "rejected"},
		{"rejected without any way", append(observation.Set{noWay, reading(ok("route", "", "2002:7f00::/24"), "reject")}, no...), "rejected"},
		{"rejected when it is sent", observation.Set{ok("connect", "udp", a), ok("connect", "udp", b), way, reading(ok("route", "", "2002:7f00::/24"), "reject")}, "rejected"},
		{"half", observation.Set{ok("connect", "udp", a), no[1], way}, "partial"},
		{"half of it rejected", observation.Set{ok("connect", "udp", a), ok("connect", "udp", b), way, reading(ok("route", "", "2002:7f00::/32"), "reject")}, "routed"},
		{"no way at all", append(observation.Set{noWay}, no...), unclear},
		{"nothing", nil, unclear},
	})
}
