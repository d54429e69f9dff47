package binds

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/observe"
)

func TestSource(t *testing.T) {
	all := func(target, tcp, udp, name string) observe.Set {
		return observe.Set{see("connect", "tcp", target, from(tcp)), see("send", "udp", target, from(udp)),
			see("connect", "udp", target, from(name), variant(getsockname))}
	}
	const same = observe.SameAsDestination
	for _, id := range []string{"src.select.127.0.0.1", "src.select.127.0.0.2"} {
		judge(t, id, []seen{
			{"the destination", all(two, same, same, same), "source=destination"},
			{"127.0.0.1", all(two, one, one, one), "source=127.0.0.1"},
			{"a third address", all(two, "192.0.2.1", "192.0.2.1", "192.0.2.1"), "source=other"},
			{"TCP and UDP differ", all(two, same, one, one), "differs"},
			{"getsockname differs", all(two, one, one, same), "differs"},
			{"rewritten", append(all(two, one, one, one), see("connect", "tcp", two, astray, value("the accepted socket is 127.0.0.1"))), "rewritten"},
			{"only TCP arrives", observe.Set{see("connect", "tcp", two, from(one)), see("send", "udp", two, lost), see("connect", "udp", two, from(one), variant(getsockname))}, "source=127.0.0.1"},
			{"nothing arrives", observe.Set{see("connect", "tcp", two, outcome(observe.Timeout)), see("send", "udp", two, lost), see("connect", "udp", two, from(one), variant(getsockname))}, "unreachable"},
			{"no route", observe.Set{see("connect", "tcp", two, errno("ENETUNREACH")), see("send", "udp", two, errno("ENETUNREACH")), see("connect", "udp", two, errno("ENETUNREACH"), variant(getsockname))}, "unreachable"},
			{"nothing but getsockname", observe.Set{see("connect", "udp", two, from(one), variant(getsockname))}, ""},
		})
	}
}

func TestBoundSource(t *testing.T) {
	client := func(a string, changes ...func(*observe.Observation)) observe.Observation {
		return see("connect", "tcp", one, append([]func(*observe.Observation){variant(fromPrefix + a)}, changes...)...)
	}
	judge(t, "src.bound.any127", []seen{
		{"healthy", observe.Set{client(two, from(two)), client("127.0.0.5", from("127.0.0.5"))}, "seen"},
		{"seen as 127.0.0.1", observe.Set{client(two, from(two)), client("127.0.0.5", from("destination"))}, "rewritten"},
		{"seen as a third address", observe.Set{client(two, astray, from("127.0.0.9"))}, "rewritten"},
		{"not there", observe.Set{client(two, errno("EADDRNOTAVAIL")), client("127.0.0.5", errno("EADDRNOTAVAIL"))}, "EADDRNOTAVAIL"},
		{"half of them", observe.Set{client(two, from(two)), client("127.0.0.5", errno("EADDRNOTAVAIL"))}, "partial"},
		{"nothing arrives", observe.Set{client(two, lost)}, "lost"},
	})
}

func TestNames(t *testing.T) {
	judge(t, "sock.names", []seen{
		{"healthy", observe.Set{see("connect", "tcp", one), see("connect", "tcp", two)}, "agree"},
		{"one disagrees", observe.Set{see("connect", "tcp", one), see("connect", "tcp", two, astray, value("the accepted socket is 127.0.0.1"))}, "disagree"},
		{"half of the block answers", observe.Set{see("connect", "tcp", one), see("connect", "tcp", two, outcome(observe.Timeout))}, "agree"},
		{"nothing answers", observe.Set{see("connect", "tcp", one, errno("ENETUNREACH"))}, ""},
	})
}

func TestWildReply(t *testing.T) {
	free, joined := variant(unconnectedClient), variant(connectedClient)
	request := see("send", "udp", two, variant("request"))
	judge(t, "udp.wildreply", []seen{
		{"from the address asked", observe.Set{request, see("reply", "udp", two, free, from("destination")), see("reply", "udp", two, joined, from("destination"))}, "source=destination"},
		{"Linux", observe.Set{request, see("reply", "udp", two, free, from(one)), see("reply", "udp", two, joined, lost)}, "source=127.0.0.1"},
		{"a third address", observe.Set{see("reply", "udp", two, free, from("127.0.0.9")), see("reply", "udp", two, joined, lost)}, "source=other"},
		{"no reply", observe.Set{see("reply", "udp", two, free, lost), see("reply", "udp", two, joined, lost)}, "no-reply"},
		{"the reply can't be sent", observe.Set{see("reply", "udp", two, free, errno("ENETUNREACH"))}, ""},
		{"only the request", observe.Set{request}, ""},
	})
}

func TestFiltered(t *testing.T) {
	stranger := variant("stranger")
	judge(t, "udp.connected.filter", []seen{
		{"healthy", observe.Set{see("recv", "udp", "127.0.0.3", stranger, lost)}, "ignored"},
		{"delivered", observe.Set{see("recv", "udp", "127.0.0.3", stranger)}, "delivered"},
		{"delivered once", observe.Set{see("recv", "udp", "127.0.0.3", stranger, lost), see("recv", "udp", "127.0.0.3", stranger)}, "delivered"},
		{"the peer was not heard", observe.Set{see("recv", "udp", "127.0.0.3", stranger, outcome(observe.Timeout))}, ""},
		{"the stranger can't send", observe.Set{see("recv", "udp", "127.0.0.3", stranger, errno("EPERM"))}, ""},
	})
}

func TestSandbox(t *testing.T) {
	judge(t, "sandbox.loopback", []seen{
		{"healthy", observe.Set{see("bind", "tcp", one), see("connect", "tcp", one), see("send", "udp", one)}, "free"},
		{"barred at connect", observe.Set{see("bind", "tcp", one), see("connect", "tcp", one, errno("EPERM"))}, "barred"},
		{"barred at bind", observe.Set{see("bind", "tcp", one, errno("EACCES"))}, "barred"},
		{"a jail", observe.Set{see("bind", "tcp", one, astray, value("getsockname gives 192.0.2.1")), see("send", "udp", one)}, "remapped"},
		{"silent", observe.Set{see("bind", "tcp", one), see("connect", "tcp", one, outcome(observe.Timeout)), see("send", "udp", one, outcome(observe.Timeout))}, "silent"},
		{"lo has no address", observe.Set{see("bind", "tcp", one, errno("EADDRNOTAVAIL"))}, "EADDRNOTAVAIL"},
	})
}
