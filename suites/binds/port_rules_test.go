package binds

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim/claimtest"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func TestPrecedence(t *testing.T) {
	order := variant("wildcard first, no option")
	judge(t, "bind.precedence", []seen{
		{"healthy", observation.Set{see("bind", "tcp", one, order), see("reach", "tcp", one, order, value("specific"), count(20))}, "specific"},
		{"the wildcard receives", observation.Set{see("bind", "udp", one), see("reach", "udp", one, value("wildcard"))}, "wildcard"},
		{"some to each", observation.Set{see("bind", "udp", one), see("reach", "udp", one, value("wildcard")), see("reach", "tcp", one, value("specific"))}, "mixed"},
		{"never together", observation.Set{see("bind", "tcp", one, inUse), see("bind", "udp", one, inUse)}, "never-together"},
		{"together, and nothing arrives", observation.Set{see("bind", "tcp", one), see("reach", "tcp", one, lost)}, ""},
		{"nothing can be held", observation.Set{see("hold", "tcp", one, errno("EACCES"))}, ""},
	})
}

func TestHijack(t *testing.T) {
	plain, invites := variant("plain holder, thief with SO_REUSEADDR"), variant(willing+", both with SO_REUSEADDR")
	for _, id := range []string{"bind.hijack.sameuser", "bind.hijack.otheruser"} {
		judge(t, id, []seen{
			{"never", observation.Set{see("bind", "tcp", one, plain, inUse), see("bind", "udp", one, invites, inUse)}, "refused"},
			{"only of a willing holder", observation.Set{see("bind", "tcp", one, plain, inUse), see("bind", "udp", one, invites), see("reach", "udp", one, invites, value("thief"))}, "from-willing"},
			{"of anyone", observation.Set{see("bind", "tcp", one, plain), see("reach", "tcp", one, plain, value("thief"))}, "from-anyone"},
			{"in part", observation.Set{see("bind", "tcp", one, plain), see("reach", "tcp", one, plain, value("holder")), see("reach", "tcp", one, plain, value("thief"))}, "from-anyone"},
			{"in vain", observation.Set{see("bind", "tcp", one, plain), see("reach", "tcp", one, plain, value("holder"))}, "bound-in-vain"},
			{"bound, and nothing arrives", observation.Set{see("bind", "tcp", one, plain), see("reach", "tcp", one, plain, lost)}, ""},
			{"nothing can be held", observation.Set{see("hold", "tcp", wild, errno("EACCES"))}, ""},
		})
	}
}

func TestExclusive(t *testing.T) {
	judge(t, "bind.exclusive", []seen{
		{"prevents", observation.Set{see("bind", "tcp", one, inUse), see("bind", "udp", one, errno("EACCES"))}, "prevents"},
		{"ineffective", observation.Set{see("bind", "tcp", one), see("bind", "udp", one)}, "ineffective"},
		{"partly", observation.Set{see("bind", "tcp", one), see("bind", "udp", one, inUse)}, "partly"},
		{"refused for another reason", observation.Set{see("bind", "tcp", one, errno("EADDRNOTAVAIL"))}, ""},
		{"not held", observation.Set{see("hold", "tcp", one, errno("EINVAL"))}, ""},
	})
}

func TestLowPorts(t *testing.T) {
	denied := errno("EACCES")
	both := func(specific, wildcard func(*observation.Observation)) observation.Set {
		return observation.Set{see("bind", "tcp", one+":80", specific), see("bind", "tcp", wild+":80", wildcard)}
	}
	free := value("")
	judge(t, "bind.priv", []seen{
		{"Linux", both(denied, denied), "needs-privilege"},
		{"macOS", both(denied, free), "wildcard-free"},
		{"the other way round", both(free, denied), "specific-free"},
		{"Windows", append(both(free, free), see("socket", "icmp", "", denied)), "no-privilege-needed"},
		{"a switch of Linux", append(both(free, free), see("switch", "", startSwitch, value("0"))), "no-privilege-needed"},
		{"EPERM counts as well", both(errno("EPERM"), denied), "needs-privilege"},
		{"Windows, where the system holds port 80", join(observation.Set{see("bind", "tcp", one+":79", free), see("bind", "tcp", wild+":79", free)},
			observation.Set{see(heldPort, "tcp", one+":80", denied), see(heldPort, "tcp", wild+":80", denied)}), "no-privilege-needed"},
		{"every port is in use", both(inUse, inUse), ""},
		{"127.0.0.1 is not there", both(errno("EADDRNOTAVAIL"), free), ""},
	})
}

func TestIndependence(t *testing.T) {
	held := observation.Set{see("bind", "tcp", one), see("bind", "tcp", "::1"), see("bind", "udp", one), see("bind", "udp", "::1")}
	own := observation.Set{see("reach", "tcp", one, value(one)), see("reach", "tcp", "::1", value("::1"))}
	judge(t, "bind.v4v6.independent", []seen{
		{"healthy", join(held, own), "independent"},
		{"conflict", observation.Set{see("bind", "tcp", one), see("bind", "tcp", "::1", inUse)}, "conflict"},
		{"crossed", join(held, own, observation.Set{see("reach", "udp", "::1", astray, value(one))}), "crossed"},
		{"::1 is silent", join(held, own[:1], observation.Set{see("reach", "tcp", "::1", lost)}), ""},
		{"another error", observation.Set{see("bind", "tcp", one), see("bind", "tcp", "::1", errno("EACCES"))}, ""},
	})
}

func TestCapacity(t *testing.T) {
	held := observation.Set{see("bind", "tcp", "127.0.2.0", count(listeners))}
	claimtest.Rule(t, "bind.capacity", []claimtest.Row{ // doubled, the number of listeners would be another one
		{Name: "healthy", Seen: append(held, see("reach", "tcp", "127.0.2.0", value("127.0.2.0")), see("reach", "tcp", "127.0.2.16", value("127.0.2.16"))), Want: "at-least-256"},
		{Name: "one answers as another", Seen: append(held, see("reach", "tcp", "127.0.2.16", astray, value("127.0.2.0"))), Want: "unanswered"},
		{Name: "one is silent", Seen: append(held, see("reach", "tcp", "127.0.2.16", outcome(observation.Timeout))), Want: "unanswered"},
		{Name: "descriptors run out", Seen: observation.Set{see("bind", "tcp", "127.0.2.0", count(100)), see("bind", "tcp", "127.0.2.100", errno("EMFILE"), count(156))}, Want: "EMFILE"},
		{Name: "only 127.0.0.1 is there", Seen: observation.Set{see("bind", "tcp", "127.0.2.0", errno("EADDRNOTAVAIL"), count(256))}, Want: "EADDRNOTAVAIL"},
		{Name: "nobody was dialled", Seen: held, Want: ""},
		{Name: "nothing", Seen: nil, Want: ""},
	})
}

func TestPortSpace(t *testing.T) {
	first := see("connect", "tcp", one, variant(fromPrefix+one), from("destination"))
	second := func(changes ...func(*observation.Observation)) observation.Set {
		return observation.Set{first, see("connect", "tcp", one, append(changes, variant(fromPrefix+two))...)}
	}
	judge(t, "port.space", []seen{
		{"healthy", second(from(two)), "per-address"},
		{"in use", second(inUse), "shared"},
		{"not available", second(errno("EADDRNOTAVAIL")), "shared"},
		{"another error", second(errno("ECONNREFUSED")), "ECONNREFUSED"},
		{"seen as 127.0.0.1", second(from("destination")), "rewritten"},
		{"silent", second(outcome(observation.Timeout)), ""},
		{"not even the first", observation.Set{see("connect", "tcp", one, variant(fromPrefix+one), errno("ENETUNREACH"))}, ""},
		{"only the first", observation.Set{first}, ""},
	})
}
