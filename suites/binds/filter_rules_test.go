package binds

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// met is an observation of a flow that a rule may have met; an empty problem means that it worked.
func met(proto, variant, target, problem string) observation.Observation {
	o := observation.Observation{Op: map[string]string{"tcp": "connect", "udp": "send"}[proto], Proto: proto, Variant: "part, " + variant,
		Targets: []string{target}, Outcome: observation.OK, Count: 1}
	switch {
	case problem == "":
	case problem[0] == 'E':
		o.Errno, o.Outcome = problem, sock.ClassOf(problem)
	default:
		o.Outcome = observation.Outcome(problem)
	}
	return o
}

func TestDeny(t *testing.T) {
	see := func(oneTCP, oneUDP, twoTCP, twoUDP string) observation.Set {
		return observation.Set{met("tcp", "", "127.0.0.1", oneTCP), met("udp", "", "127.0.0.1", oneUDP),
			met("tcp", "", "127.0.0.2", twoTCP), met("udp", "", "127.0.0.2", twoUDP)}
	}
	const refused = "ECONNREFUSED"
	judge(t, "filter.peraddr.deny", []seen{
		{"Linux", see("", "", refused, refused), "separate"},
		{"silent", see("", "", "timeout", "lost"), "separate"},
		{"both", see(refused, refused, refused, refused), "both-denied"},
		{"the other one", see(refused, "", "", ""), "both-denied"},
		{"skipped", see("", "", "", ""), "not-applied"},
		{"TCP only", see("", "", refused, ""), "partial"},
		{"one address", see("", "", refused, refused)[2:], ""},
	})
}

func TestBySource(t *testing.T) {
	see := func(unbound, bound string) observation.Set {
		source := met("tcp", getsockname, "127.0.0.2", "")
		source.Proto, source.Source = "udp", "127.0.0.1"
		return observation.Set{met("tcp", unboundClient, "127.0.0.2", unbound), met("udp", unboundClient, "127.0.0.2", unbound),
			met("tcp", boundClient, "127.0.0.2", bound), met("udp", boundClient, "127.0.0.2", bound), source}
	}
	half := see("", "")
	half[1] = met("udp", unboundClient, "127.0.0.2", "ECONNREFUSED")
	judge(t, "filter.peraddr.src", []seen{
		{"Linux", see("ECONNREFUSED", ""), "applies"},
		{"gVisor", see("", ""), "does-not-apply"},
		{"both", see("ECONNREFUSED", "lost"), "applies-to-all"},
		{"UDP only", half, "partial"},
		{"one client", see("ECONNREFUSED", "")[:2], ""},
	})
}

func TestSelfReject(t *testing.T) {
	see := func(one, two string) observation.Set {
		return observation.Set{met("tcp", "", "127.0.0.1", one), met("tcp", "", "127.0.0.2", two)}
	}
	judge(t, "filter.selfreject", []seen{
		{"Linux", see("timeout", "ECONNREFUSED"), "swallowed-on-one"},
		{"both hang", see("timeout", "timeout"), "swallowed-on-both"},
		{"the rejection is exempt", see("ECONNREFUSED", "ECONNREFUSED"), "refused-on-both"},
		{"skipped", see("", ""), "not-applied"},
		{"one is reached", see("ECONNREFUSED", ""), "not-applied"},
		{"the wrong one hangs", see("ECONNREFUSED", "timeout"), ""},
		{"one", see("timeout", "ECONNREFUSED")[:1], ""},
	})
}

func TestVerbs(t *testing.T) {
	linux := map[host.Verb]string{host.Drop: "timeout", host.Reset: "ECONNREFUSED", host.HostUnreachable: "EHOSTUNREACH", host.NetProhibited: "ENETUNREACH"}
	see := func(change map[host.Verb]string) observation.Set {
		var out observation.Set
		for _, hook := range []string{"incoming ", "outgoing "} {
			for _, v := range host.Verbs() {
				problem, has := linux[v]
				if changed, is := change[v]; is {
					problem = changed
				}
				if has {
					out = append(out, met("tcp", hook+string(v), "127.0.3.1", problem), met("udp", hook+string(v), "127.0.3.1", problem))
				}
			}
		}
		return out
	}
	only := func(keep host.Verb) observation.Set {
		return see(nil).Where(func(o observation.Observation) bool { return variantEnds(" " + string(keep))(o) })
	}
	const silent = "timeout"
	judge(t, "filter.peraddr.errno", []seen{
		{"Linux", see(nil), "told-apart"},
		{"a drop is told", see(map[host.Verb]string{host.Drop: "EACCES"}), "all-told"},
		{"soft errors are kept", see(map[host.Verb]string{host.HostUnreachable: silent}), "some-silent"},
		{"nothing is told", see(map[host.Verb]string{host.Reset: silent, host.HostUnreachable: silent, host.NetProhibited: silent}), "all-silent"},
		{"a verb does nothing", see(map[host.Verb]string{host.Reset: ""}), "not-applied"},
		{"no drop", only(host.Reset), ""},
		{"nothing but a drop", only(host.Drop), ""},
	})
}

func TestByError(t *testing.T) {
	got := byError(observation.Set{met("tcp", "incoming drop", "127.0.3.1", "timeout"), met("tcp", "outgoing drop", "127.0.4.1", "timeout"),
		met("tcp", "outgoing reset", "127.0.4.2", "ECONNREFUSED")})
	if want := "ECONNREFUSED (outgoing reset), timeout (drop)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestShipped(t *testing.T) {
	see := func(rules, added string) observation.Set {
		return observation.Set{{Op: "rules", Variant: "the host as it is", Outcome: observation.OK, Value: rules, Count: 1},
			met("tcp", "", "127.0.0.2", added)}
	}
	judge(t, "filter.lo.default", []seen{
		{"Linux", see(unruled, "ECONNREFUSED"), "no-filter"},
		{"OpenBSD", see(skipped, ""), "skips"},
		{"exempt by a rule", see(skipped, "ECONNREFUSED"), "skips"},
		{"a rule without effect", see(unruled, ""), "skips"},
		{"looked at", see(ruled, "ECONNREFUSED"), "filters"},
		{"no listing", see(unruled, "")[1:], ""},
		{"no rule added", see(unruled, "")[:1], ""},
	})
}
