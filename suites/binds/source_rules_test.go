package binds

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func TestSource(t *testing.T) {
	all := func(target, tcp, udp, name string) observation.Set {
		return observation.Set{see("connect", "tcp", target, from(tcp)), see("send", "udp", target, from(udp)),
			see("connect", "udp", target, from(name), variant(getsockname))}
	}
	const same = observation.SameAsDestination
	for _, id := range []string{"src.select.127.0.0.1", "src.select.127.0.0.2"} {
		judge(t, id, []seen{
			{"the destination", all(two, same, same, same), "source=destination"},
			{"127.0.0.1", all(two, one, one, one), "source=127.0.0.1"},
			{"a third address", all(two, "192.0.2.1", "192.0.2.1", "192.0.2.1"), "source=other"},
			{"TCP and UDP differ", all(two, same, one, one), "differs"},
			{"getsockname differs", all(two, one, one, same), "differs"},
			{"rewritten", append(all(two, one, one, one), see("connect", "tcp", two, astray, value("the accepted socket is 127.0.0.1"))), "rewritten"},
			{"only TCP arrives", observation.Set{see("connect", "tcp", two, from(one)), see("send", "udp", two, lost), see("connect", "udp", two, from(one), variant(getsockname))}, "source=127.0.0.1"},
			{"nothing arrives", observation.Set{see("connect", "tcp", two, outcome(observation.Timeout)), see("send", "udp", two, lost), see("connect", "udp", two, from(one), variant(getsockname))}, "unreachable"},
			{"no route", observation.Set{see("connect", "tcp", two, errno("ENETUNREACH")), see("send", "udp", two, errno("ENETUNREACH")), see("connect", "udp", two, errno("ENETUNREACH"), variant(getsockname))}, "unreachable"},
			{"nothing but getsockname", observation.Set{see("connect", "udp", two, from(one), variant(getsockname))}, ""},
		})
	}
}

func TestBoundSource(t *testing.T) {
	client := func(a string, changes ...func(*observation.Observation)) observation.Observation {
		return see("connect", "tcp", one, append([]func(*observation.Observation){variant(fromPrefix + a)}, changes...)...)
	}
	judge(t, "src.bound.any127", []seen{
		{"healthy", observation.Set{client(two, from(two)), client("127.0.0.5", from("127.0.0.5"))}, "seen"},
		{"seen as 127.0.0.1", observation.Set{client(two, from(two)), client("127.0.0.5", from("destination"))}, "rewritten"},
		{"seen as a third address", observation.Set{client(two, astray, from("127.0.0.9"))}, "rewritten"},
		{"not there", observation.Set{client(two, errno("EADDRNOTAVAIL")), client("127.0.0.5", errno("EADDRNOTAVAIL"))}, "EADDRNOTAVAIL"},
		{"half of them", observation.Set{client(two, from(two)), client("127.0.0.5", errno("EADDRNOTAVAIL"))}, "partial"},
		{"nothing arrives", observation.Set{client(two, lost)}, "lost"},
	})
}

func TestNames(t *testing.T) {
	judge(t, "sock.names", []seen{
		{"healthy", observation.Set{see("connect", "tcp", one), see("connect", "tcp", two)}, "agree"},
		{"one disagrees", observation.Set{see("connect", "tcp", one), see("connect", "tcp", two, astray, value("the accepted socket is 127.0.0.1"))}, "disagree"},
		{"half of the block answers", observation.Set{see("connect", "tcp", one), see("connect", "tcp", two, outcome(observation.Timeout))}, "agree"},
		{"nothing answers", observation.Set{see("connect", "tcp", one, errno("ENETUNREACH"))}, ""},
	})
}

func TestWildReply(t *testing.T) {
	free, joined := variant(unconnectedClient), variant(connectedClient)
	request := see("send", "udp", two, variant("request"))
	judge(t, "udp.wildreply", []seen{
		{"from the address asked", observation.Set{request, see("reply", "udp", two, free, from("destination")), see("reply", "udp", two, joined, from("destination"))}, "source=destination"},
		{"Linux", observation.Set{request, see("reply", "udp", two, free, from(one)), see("reply", "udp", two, joined, lost)}, "source=127.0.0.1"},
		{"a third address", observation.Set{see("reply", "udp", two, free, from("127.0.0.9")), see("reply", "udp", two, joined, lost)}, "source=other"},
		{"no reply", observation.Set{see("reply", "udp", two, free, lost), see("reply", "udp", two, joined, lost)}, "no-reply"},
		{"the reply can't be sent", observation.Set{see("reply", "udp", two, free, errno("ENETUNREACH"))}, ""},
		{"only the request", observation.Set{request}, ""},
	})
}

func TestFiltered(t *testing.T) {
	stranger := variant("stranger")
	judge(t, "udp.connected.filter", []seen{
		{"healthy", observation.Set{see("recv", "udp", "127.0.0.3", stranger, lost)}, "ignored"},
		{"delivered", observation.Set{see("recv", "udp", "127.0.0.3", stranger)}, "delivered"},
		{"delivered once", observation.Set{see("recv", "udp", "127.0.0.3", stranger, lost), see("recv", "udp", "127.0.0.3", stranger)}, "delivered"},
		{"the peer was not heard", observation.Set{see("recv", "udp", "127.0.0.3", stranger, outcome(observation.Timeout))}, ""},
		{"the stranger can't send", observation.Set{see("recv", "udp", "127.0.0.3", stranger, errno("EPERM"))}, ""},
	})
}

func TestSandbox(t *testing.T) {
	judge(t, "sandbox.loopback", []seen{
		{"healthy", observation.Set{see("bind", "tcp", one), see("connect", "tcp", one), see("send", "udp", one)}, "free"},
		{"barred at connect", observation.Set{see("bind", "tcp", one), see("connect", "tcp", one, errno("EPERM"))}, "barred"},
		{"barred at bind", observation.Set{see("bind", "tcp", one, errno("EACCES"))}, "barred"},
		{"a jail", observation.Set{see("bind", "tcp", one, astray, value("getsockname gives 192.0.2.1")), see("send", "udp", one)}, "remapped"},
		{"silent", observation.Set{see("bind", "tcp", one), see("connect", "tcp", one, outcome(observation.Timeout)), see("send", "udp", one, outcome(observation.Timeout))}, "silent"},
		{"lo has no address", observation.Set{see("bind", "tcp", one, errno("EADDRNOTAVAIL"))}, "EADDRNOTAVAIL"},
	})
}
