package block

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func TestUnspecified(t *testing.T) {
	peer := func(name, back string) observation.Set {
		return valued(name, each("connect", onWildcard, "0.0.0.0", back))
	}
	read(t, "v4.unspecified.connect", []row{
		{"Linux", peer("127.0.0.1", ok), "127.0.0.1"},
		{"FreeBSD 14", peer("192.0.2.7", ok), "own-address"},
		{"as it was dialled", peer("0.0.0.0", ok), "0.0.0.0"},
		{"somebody else's listener", peer("connected, but not to this server", "astray"), "elsewhere"},
		{"Windows", peer("", "EADDRNOTAVAIL"), "EADDRNOTAVAIL"},
		{"no answer", peer("", "timeout"), "timeout"},
		{"an error without a name", peer("what", "failed"), ""},
	})
}

func TestZeroNetwork(t *testing.T) {
	const part = "default route"
	udp := func(seen observation.Set) observation.Set {
		for i := range seen {
			seen[i].Proto = "udp"
		}
		return seen
	}
	zero := func(op, back string) observation.Set { return udp(each(op, part, "0.1.2.3", back)) }
	control := join(udp(each("send", part+", control", "192.0.2.1", ok)), udp(each("wire", part+", control", "192.0.2.1", ok)))
	nothing := zero("wire", string(observation.Nothing))
	read(t, "v4.zeronet.send", []row{
		{"Linux", join(zero("connect", ok), zero("send", ok), zero("wire", ok), control), "routed"},
		{"macOS", join(zero("connect", ok), zero("send", "EHOSTUNREACH"), nothing, control), "refused-on-send"},
		{"refused", join(zero("connect", "EINVAL"), zero("send", "EINVAL"), nothing, control), "refused"},
		{"swallowed", join(zero("connect", ok), zero("send", ok), nothing, control), "dropped"},
		{"no ordinary packet leaves", join(zero("connect", ok), zero("send", ok), nothing), ""},
		{"an older report, routed", join(udp(each("connect", "", "0.1.2.3", ok)), udp(each("connect", "", "192.0.2.1", ok))), "routed"},
		{"an older report, refused", udp(each("connect", "", "0.1.2.3", "EINVAL")), "refused"},
		{"the control alone", control, ""},
	})
}

func TestHop(t *testing.T) {
	ttl := func(value, back string) observation.Set {
		return valued(value, each("send", "IP_TTL 1", "127.0.0.1", back))
	}
	read(t, "v4.ttl.one", []row{
		{"no hop", ttl("1", ok), "ttl=1"},
		{"a hop", ttl("0", ok), "decremented"},
		{"something else", ttl("64", ok), "ttl=other"},
		{"not told", ttl("-1", ok), ""},
		{"dropped", ttl("", "lost"), "not-delivered"},
		{"arrived for another address", ttl("1", "astray"), "not-delivered"},
	})
}

func TestSelf(t *testing.T) {
	connect := func(back string) observation.Set { return each("connect", "", "127.0.0.1", back) }
	read(t, "v4.selfconnect", []row{
		{"it does", connect(ok), "connects"},
		{"with somebody else", valued("the names differ", connect("astray")), "astray"},
		{"no answer", connect("timeout"), "timeout"},
		{"refused", connect("ECONNREFUSED"), "ECONNREFUSED"},
		{"an error without a name", connect("failed"), ""},
	})
}

func TestArrival(t *testing.T) {
	lo := observation.Set{{Op: listedLo, Value: "lo", Outcome: observation.OK, Count: 1}}
	arrive := func(on, back string, addrs ...string) observation.Set {
		var out observation.Set
		for _, a := range addrs {
			out = append(out, valued(on, from("destination", each("send", onWildcard, a, back)))...)
		}
		return out
	}
	read(t, "v4.block.interface", []row{
		{"lo", join(lo, arrive("lo", ok, "127.0.0.1", "127.0.0.2")), "loopback"},
		{"lo, for the one that arrives", join(lo, arrive("lo", ok, "127.0.0.1"), arrive("", "lost", "127.0.0.2")), "loopback"},
		{"another", join(lo, arrive("eth0", ok, "127.0.0.1", "127.0.0.2")), "other"},
		{"some on another", join(lo, arrive("lo", ok, "127.0.0.1"), arrive("eth0", ok, "127.0.0.2")), "partial"},
		{"nothing arrives", join(lo, arrive("", "lost", "127.0.0.1", "127.0.0.2")), "nothing-arrives"},
		{"not told", join(lo, arrive("", ok, "127.0.0.1")), ""},
		{"no loopback interface", arrive("lo", ok, "127.0.0.1"), ""},
		{"nothing sent", lo, ""},
	})
}

func TestMulticast(t *testing.T) {
	joined := func(join, send string) observation.Set {
		seen := each("join", "", "239.255.76.77", join)
		if send != "" {
			seen = append(seen, each("send", "outgoing interface lo", "239.255.76.77", send)...)
		}
		return seen
	}
	read(t, "v4.multicast.lo", []row{
		{"received", joined(ok, ok), "received"},
		{"not received", joined(ok, "lost"), "lost"},
		{"no joining", joined("EADDRNOTAVAIL", ""), "EADDRNOTAVAIL"},
		{"no sending", joined(ok, "ENETUNREACH"), "ENETUNREACH"},
		{"joined and left at that", joined(ok, ""), ""},
		{"joining fails without a name", joined("failed", ""), ""},
		{"sending fails without a name", joined(ok, "failed"), ""},
		{"arrived for another address", joined(ok, "astray"), ""},
	})
}

func TestLargestSize(t *testing.T) {
	size := func(variant, bytes, back string) observation.Set {
		return valued(bytes, each("send", variant, "127.0.0.1", back))
	}
	read(t, "v4.udp.maxsize", []row{
		{"the format's limit", size(defaultBuffer, "65507", ok), "65507"},
		{"net.inet.udp.maxdgram", join(size(defaultBuffer, "65507", "EMSGSIZE"), size(enlarged, "65507", ok),
			size(defaultBuffer, "9216", ok), size(defaultBuffer, "9217", "EMSGSIZE")), "9216"},
		{"whatever the buffer", join(size(defaultBuffer, "65507", "lost"), size(enlarged, "65507", "lost"),
			size(defaultBuffer, "0", ok), size(defaultBuffer, "1", "lost")), "0"},
		{"nothing", join(size(defaultBuffer, "65507", "ENETUNREACH"), size(enlarged, "65507", "ENETUNREACH"),
			size(defaultBuffer, "0", "ENETUNREACH")), "none"},
		{"the border is open", join(size(defaultBuffer, "65507", "EMSGSIZE"), size(defaultBuffer, "8192", ok)), ""},
		{"altered", size(defaultBuffer, "65507", "astray"), "altered"},
		{"an observation without a size", size(defaultBuffer, "large", ok), ""},
		{"the raised buffer alone", size(enlarged, "65507", ok), ""},
	})
}
