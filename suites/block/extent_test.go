package block

import (
	"slices"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func assigned(addrs ...string) observation.Set {
	return observation.Set{{Op: listed, Targets: addrs, Outcome: observation.OK, Count: 1}}
}

// extentRows are what the rule of a claim about the whole block must read, for its operation and
// two arrangements.
func extentRows(op string) []row {
	one, two, three := "127.0.0.1", "127.0.0.2", "127.9.9.9"
	return []row{
		{"all of it", join(each(op, onWildcard, one, ok, two, ok, three, ok), each(op, onAddress, one, ok, two, ok, three, ok)), "whole-block"},
		{"the usual one only", each(op, "", one, ok, two, "EADDRNOTAVAIL", three, "EADDRNOTAVAIL"), "only-127.0.0.1"},
		{"the usual one only, and it is listed", join(assigned(one), each(op, "", one, ok, two, "timeout", three, "timeout")), "only-127.0.0.1"},
		{"what an interface carries", join(assigned(one, two), each(op, "", one, ok, two, ok, three, "ENETUNREACH")), "assigned-only"},
		{"half of it", each(op, "", one, ok, two, ok, three, "lost", "127.9.9.8", "lost"), "partial"},
		{"more than an interface carries", join(assigned(one), each(op, "", one, ok, two, ok, three, "lost")), "partial"},
		{"all but the usual one", each(op, "", one, "lost", two, ok, three, ok), "partial"},
		{"one arrangement only", join(each(op, onWildcard, one, ok, two, ok), each(op, onAddress, one, ok, two, "astray")), "only-127.0.0.1"},
		{"the usual one in one arrangement only", join(each(op, onWildcard, one, ok, two, "lost"), each(op, onAddress, one, "lost", two, "lost")), "none"},
		{"a reply from a third address", each(op, "", one, ok, two, "astray", three, ok), "partial"},
		{"not every time", each(op, "", one, ok, two, ok, three, "intermittent"), "intermittent"},
		{"not every time, and one never", each(op, "", one, ok, two, "lost", three, "intermittent"), "partial"},
		{"none of it", each(op, "", one, "ENETUNREACH", two, "ENETUNREACH"), "none"},
		{"a single address", each(op, "", one, ok), ""},
		{"another operation", each("resolve", "", one, ok, two, ok), ""},
		{"only a listing", assigned(one, two), ""},
	}
}

func TestExtent(t *testing.T) {
	for id, op := range map[string]string{"v4.block.bind": "bind", "v4.block.delivery.tcp": "connect",
		"v4.block.delivery.udp": "send", "v4.block.delivery.icmp": "echo"} {
		read(t, id, extentRows(op))
	}
	rewritten := value("the client is 127.0.0.1, the server saw 127.0.0.9", each("connect", onAddress, "127.0.0.1", "astray", "127.0.0.2", "astray"))
	read(t, "v4.block.delivery.tcp", []row{
		{"from another source", join(each("connect", onWildcard, "127.0.0.1", ok, "127.0.0.2", ok), rewritten), "delivered-rewritten"},
		{"all from another source", rewritten, "delivered-rewritten"},
		{"and one address is silent", join(each("connect", onWildcard, "127.0.0.1", ok, "127.0.0.2", ok), rewritten, each("connect", onWildcard, "127.0.0.3", "timeout")), "partial"},
		{"answered by another", each("connect", onAddress, "127.0.0.1", "astray", "127.0.0.2", "astray"), "none"},
	})
}

// value puts a value to observations.
func value(v string, seen observation.Set) observation.Set {
	out := slices.Clone(seen)
	for i := range out {
		out[i].Value = v
	}
	return out
}

func TestReached(t *testing.T) {
	three := func(tcp, udp, icmp string) observation.Set {
		return observation.Set{saw("connect", onAddress, "127.0.0.1", tcp), saw("send", onAddress, "127.0.0.1", udp),
			saw("echo", "", "127.0.0.1", icmp)}
	}
	read(t, "v4.addr1.delivery", []row{
		{"all three", three(ok, ok, ok), "delivered"},
		{"no means of an echo request", join(three(ok, ok, ok)[:2], observation.Set{saw("socket", "", "", "EPERM")}), "tcp+udp"},
		{"no echo", three(ok, ok, "lost"), "partial"},
		{"no TCP and no means of an echo request", join(three("timeout", ok, ok)[:2], observation.Set{saw("socket", "", "", "EPERM")}), "partial"},
		{"nothing", three("ENETUNREACH", "ENETUNREACH", "ENETUNREACH"), "none"},
		{"an altered reply", three(ok, ok, "astray"), "partial"},
		{"TCP from another source", join(value("the client is 127.0.0.1, the server saw 127.0.0.9", three("astray", ok, ok)[:1]), three(ok, ok, ok)[1:]), "delivered-rewritten"},
		{"TCP from another source, no echo", join(value("the client is 127.0.0.1, the server saw 127.0.0.9", three("astray", ok, ok)[:1]), three(ok, ok, "lost")[1:]), "partial"},
		{"no UDP tried", three(ok, ok, ok)[:1], ""},
	})
}

func TestReplySource(t *testing.T) {
	replies := func(one, two string) observation.Set {
		return join(from(one, each("echo", "", "127.0.0.1", ok)), from(two, each("echo", "", "127.0.0.2", ok)))
	}
	read(t, "v4.icmp.replysrc", []row{
		{"from the address pinged", replies("destination", "destination"), "source=destination"},
		{"only one answers", join(replies("destination", "")[:1], each("echo", "", "127.0.0.2", "timeout")), "source=destination"},
		{"from the usual address", replies("destination", "127.0.0.1"), "source=127.0.0.1"},
		{"from a third address", replies("destination", "127.0.0.3"), "source=other"},
		{"from all over", replies("192.0.2.1", "127.0.0.1"), "source=other"},
		{"no answer", each("echo", "", "127.0.0.1", "lost", "127.0.0.2", "EPERM"), ""},
	})
}
