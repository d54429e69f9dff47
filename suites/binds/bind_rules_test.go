package binds

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// each makes one observation for each address.
func each(op, proto string, addrs []string, changes ...func(*observation.Observation)) (out observation.Set) {
	for _, a := range addrs {
		out = append(out, see(op, proto, a, changes...))
	}
	return out
}

func join(sets ...observation.Set) (out observation.Set) {
	for _, s := range sets {
		out = append(out, s...)
	}
	return out
}

func TestSeparatePorts(t *testing.T) {
	all, others := []string{one, two, "127.1.2.3", "127.0.0.53"}, []string{two, "127.1.2.3", "127.0.0.53"}
	free := func(proto string) observation.Set { return each("bind", proto, all) }
	taken := func(proto string) observation.Set {
		return append(each("bind", proto, others, inUse), see("bind", proto, one))
	}
	judge(t, "bind.sameport.addrs", []seen{
		{"healthy", join(free("tcp"), free("udp")), "separate"},
		{"every other address conflicts", join(taken("tcp"), taken("udp")), "conflict"},
		{"UDP conflicts", join(free("tcp"), taken("udp")), "tcp-only"},
		{"TCP conflicts", join(taken("tcp"), free("udp")), "udp-only"},
		{"half of the addresses conflict", join(each("bind", "tcp", all[:2]), each("bind", "tcp", all[2:], inUse), free("udp")), "partial"},
		{"an address that is not there says nothing",
			join(each("bind", "tcp", all[:3]), each("bind", "tcp", all[3:], errno("EADDRNOTAVAIL")), free("udp")), "separate"},
		{"only 127.0.0.1 is there", join(each("bind", "tcp", all[1:], errno("EADDRNOTAVAIL")), each("bind", "tcp", all[:1]),
			each("bind", "udp", all[1:], errno("EADDRNOTAVAIL")), each("bind", "udp", all[:1])), ""},
		{"only TCP was tried", free("tcp"), ""},
		{"nothing is allowed at all", join(each("bind", "tcp", all, errno("EACCES")), each("bind", "udp", all, errno("EACCES"))), "conflict"},
	})
}

func TestIsolation(t *testing.T) {
	own := join(each("reach", "tcp", []string{one}, count(1000), value(one)), each("reach", "tcp", []string{two}, count(1000), value(two)))
	for _, id := range []string{"bind.isolation.tcp", "bind.isolation.udp"} {
		judge(t, id, []seen{
			{"healthy", own, "isolated"},
			{"everything to 127.0.0.2 reaches 127.0.0.1", join(own[:1], each("reach", "tcp", []string{two}, count(1000), astray, value(one))), "crossed"},
			{"one of a thousand crosses", join(own, each("reach", "tcp", []string{two}, astray, value(one))), "crossed"},
			{"one crosses, and the rest is lost", join(each("reach", "tcp", []string{two}, lost), each("reach", "tcp", []string{one}, astray, value(two))), "crossed"},
			{"127.0.0.2 is silent", join(own[:1], each("reach", "tcp", []string{two}, outcome(observation.Timeout))), ""},
			{"one was lost", join(own, each("reach", "tcp", []string{two}, lost)), ""},
			{"one address", own[:1], ""},
		})
	}
}

func TestCoexist(t *testing.T) {
	both := func(tcp, udp func(*observation.Observation)) observation.Set {
		return observation.Set{see("bind", "tcp", one, tcp), see("bind", "udp", one, udp)}
	}
	free := value("")
	for _, id := range []string{"bind.duplicate", "bind.wild-then-specific", "bind.specific-then-wild", "bind.v6wild.blocks-v4"} {
		judge(t, id, []seen{
			{"refused", both(inUse, inUse), "EADDRINUSE"},
			{"allowed", both(free, free), "allowed"},
			{"TCP allowed", both(free, inUse), "tcp-only"},
			{"UDP allowed", both(inUse, free), "udp-only"},
			{"another error", both(errno("EACCES"), errno("EACCES")), "EACCES"},
			{"two errors", both(errno("EACCES"), inUse), "refused"},
			{"an error without a name", both(outcome(observation.Failed), outcome(observation.Failed)), "refused"},
			{"it depends", append(both(inUse, inUse), see("bind", "tcp", one, variant("not listening"))), "mixed"},
			{"the first could not be held", observation.Set{see("hold", "tcp", one, errno("EACCES")), see("hold", "udp", one, errno("EACCES"))}, ""},
			{"only TCP could be held", observation.Set{see("bind", "tcp", one, inUse), see("hold", "udp", one, errno("EACCES"))}, ""},
		})
	}
	judge(t, "bind.v6wild.blocks-v4", []seen{
		{"IPV6_V6ONLY can't be switched off", observation.Set{see("getsockopt", "tcp", "", value("on")), see("setsockopt", "tcp", "", errno("EINVAL"))}, "always-v6only"},
		{"with the default", append(both(inUse, inUse), see("getsockopt", "tcp", "", value("off")), see("setsockopt", "tcp", "")), "EADDRINUSE"},
	})
}

// pattern makes the cells of the matrix of SO_REUSEADDR, allowed where the condition holds.
func pattern(allowed func(who, proto string, listens bool) bool) (out observation.Set) {
	for _, order := range []string{"wildcard first", "specific first"} {
		for _, who := range []string{onSecond, onBoth} {
			for _, cell := range []struct {
				proto   string
				suffix  string
				listens bool
			}{{"tcp", ", " + listening, true}, {"tcp", "", false}, {"udp", "", false}} {
				o := see("bind", cell.proto, one, variant(order+", "+who+cell.suffix))
				if !allowed(who, cell.proto, cell.listens) {
					inUse(&o)
				}
				out = append(out, o)
			}
		}
	}
	return out
}

func TestReuseaddrPattern(t *testing.T) {
	all := func(string, string, bool) bool { return true }
	judge(t, "bind.wild-specific.reuseaddr", []seen{
		{"BSD", pattern(all), "allowed"},
		{"Linux", pattern(func(who, _ string, listens bool) bool { return who == onBoth && !listens }), "both-unless-listening"},
		{"both", pattern(func(who, _ string, _ bool) bool { return who == onBoth }), "both-needed"},
		{"never", pattern(func(string, string, bool) bool { return false }), "refused"},
		{"TCP", pattern(func(_, proto string, _ bool) bool { return proto == "tcp" }), "tcp-only"},
		{"UDP", pattern(func(_, proto string, _ bool) bool { return proto == "udp" }), "udp-only"},
		{"second only", pattern(func(who, _ string, _ bool) bool { return who == onSecond }), "mixed"},
		{"a cell is missing", pattern(all)[1:], ""},
		{"no such option", observation.Set{see("hold", "tcp", one, errno("ENOPROTOOPT"))}, ""},
	})
}

func TestShare(t *testing.T) {
	held := func(proto string, values ...string) observation.Set {
		out := observation.Set{see("bind", proto, one)}
		for _, v := range values {
			out = append(out, see("reach", proto, one, value(v), count(10)))
		}
		return out
	}
	refusal := func(proto string) observation.Set { return observation.Set{see("bind", proto, one, inUse)} }
	for _, id := range []string{"bind.reuseaddr.exact", "bind.reuseport"} {
		judge(t, id, []seen{
			{"distributed", join(held("tcp", "first", "second"), held("udp", "first", "second")), "distributed"},
			{"the first wins", join(held("tcp", "first"), held("udp", "first")), "first-wins"},
			{"the last wins", join(held("tcp", "second"), held("udp", "second")), "last-wins"},
			{"TCP refused, UDP last", join(refusal("tcp"), held("udp", "second")), "udp-last-wins"},
			{"TCP refused, UDP first", join(refusal("tcp"), held("udp", "first")), "udp-first-wins"},
			{"TCP refused, UDP distributed", join(refusal("tcp"), held("udp", "first", "second")), "udp-distributed"},
			{"UDP refused, TCP last", join(held("tcp", "second"), refusal("udp")), "tcp-last-wins"},
			{"UDP refused, TCP first", join(held("tcp", "first"), refusal("udp")), "tcp-first-wins"},
			{"UDP refused, TCP distributed", join(held("tcp", "first", "second"), refusal("udp")), "tcp-distributed"},
			{"both refused", join(refusal("tcp"), refusal("udp")), "refused"},
			{"both differ", join(held("tcp", "first"), held("udp", "second")), "mixed"},
			{"both receive the same datagram", join(held("tcp", "first", "second"), held("udp", "first and second", "first")), "distributed"},
			{"no such option", observation.Set{see("hold", "tcp", one, errno("ENOPROTOOPT")), see("hold", "udp", one, errno("ENOPROTOOPT"))}, "unsupported"},
			{"no such option over UDP", join(refusal("tcp"), observation.Set{see("hold", "udp", one, errno("ENOPROTOOPT"))}), "mixed"},
			{"nothing arrives", join(held("tcp"), held("udp", "first")), ""},
			{"nothing can be held", observation.Set{see("hold", "tcp", one, errno("EADDRNOTAVAIL")), see("hold", "udp", one, errno("EADDRNOTAVAIL"))}, ""},
		})
	}
}
