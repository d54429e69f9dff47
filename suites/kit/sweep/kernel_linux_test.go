package sweep

import (
	"context"
	"net/netip"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// filtered puts rules of nft(8) into a chain of the private host that this test runs in, until the
// test ends.
func filtered(t *testing.T, hook string, rules ...string) {
	t.Helper()
	if _, err := privatehost.Probe(); err != nil {
		unable.Skip(t, err)
	}
	nft := func(script string) {
		c := exec.Command("nft", "-f", "-")
		c.Stdin = strings.NewReader(script)
		if out, err := c.CombinedOutput(); err != nil {
			unable.Skip(t, &exec.Error{Name: "nft: " + string(out), Err: err})
		}
	}
	nft("table inet fault { chain c { type filter hook " + hook + " priority 0; " + strings.Join(rules, "; ") + "; }; }")
	t.Cleanup(func() { nft("delete table inet fault") })
}

// ways are the kernel with batched calls, and without.
var ways = map[string]sock.Stack{"batched": nil, "singly": sock.Kernel()}

func TestHealthyKernel(t *testing.T) {
	for name, stack := range ways {
		t.Run(name, func(t *testing.T) {
			whole := []string{"127.255.240.0-127.255.255.255 ok"}
			last := func(errno string) []string {
				return []string{"127.255.240.0-127.255.255.254 ok", "127.255.255.255-127.255.255.255 " + errno}
			}
			const prefix = "127.255.240.0/20"
			same(t, swept(t, Plan{Protocol: Bind, Stack: stack}, prefix), whole)
			same(t, steady(swept(t, Plan{Protocol: UDP, Stack: stack}, prefix)), last("EACCES"))
			same(t, steady(swept(t, Plan{Protocol: UDP, Stack: stack, Broadcast: true}, prefix)), whole)
			same(t, steady(swept(t, Plan{Protocol: TCP, Stack: stack}, prefix)), last("ENETUNREACH"))
		})
	}
}

func TestDeadAddressesAreFound(t *testing.T) {
	filtered(t, "input",
		"ip daddr 127.9.8.7 drop",
		"ip daddr 127.9.4.0/24 meta l4proto tcp reject with tcp reset",
		"ip daddr 127.9.4.0/24 icmp type != echo-reply drop",
		"ip daddr 127.9.4.0/24 meta l4proto udp reject with icmp port-unreachable")
	expect := func(silence, verb string) []string {
		return []string{"127.9.0.0-127.9.3.255 ok", "127.9.4.0-127.9.4.255 " + verb, "127.9.5.0-127.9.8.6 ok",
			"127.9.8.7-127.9.8.7 " + silence, "127.9.8.8-127.9.15.255 ok"}
	}
	const prefix = "127.9.0.0/20"
	same(t, steady(swept(t, Plan{Protocol: UDP}, prefix)), expect("lost", "ECONNREFUSED"))
	same(t, steady(swept(t, Plan{Protocol: UDP, Stack: sock.Kernel()}, prefix)), expect("lost", "lost")) // no error queue: a refusal is unheard
	same(t, steady(swept(t, Plan{Protocol: TCP}, prefix)), expect("timeout", "ECONNREFUSED"))
	same(t, swept(t, Plan{Protocol: Bind}, prefix), []string{"127.9.0.0-127.9.15.255 ok"})
}

func TestDeadAddressesDoNotPing(t *testing.T) {
	filtered(t, "input", "ip daddr 127.9.8.7 icmp type echo-request drop")
	p := Plan{Protocol: ICMP}
	if l, err := newDatagrams(p); err != nil {
		unable.Skip(t, err)
	} else if err := l.close(); err != nil {
		t.Fatal(err)
	}
	want := []string{"127.9.0.0-127.9.8.6 ok", "127.9.8.7-127.9.8.7 lost", "127.9.8.8-127.9.15.255 ok"}
	for name, stack := range ways {
		t.Run(name, func(t *testing.T) {
			same(t, steady(swept(t, Plan{Protocol: ICMP, Stack: stack}, "127.9.0.0/20")), want)
		})
	}
}

// TestLossIsNoDeath: every tenth datagram is lost at random, markers too. Not one address may be
// called dead for it.
func TestLossIsNoDeath(t *testing.T) {
	filtered(t, "input", "meta l4proto udp numgen random mod 10 0 drop", "ip daddr 127.9.8.7 drop")
	prefix := netip.MustParsePrefix("127.9.0.0/16")
	f := NewField()
	var done atomic.Int64
	if err := Run(context.Background(), Plan{Protocol: UDP, Prefix: prefix}, f, &done); err != nil {
		t.Fatal(err)
	}
	ranges := f.Ranges(prefix)
	late := 0
	for _, r := range ranges {
		if r.Late {
			late += r.Size()
		}
	}
	if late < 65536/20 || late > 65536/4 {
		t.Errorf("%d of 65536 addresses had to be asked again, want about a tenth", late)
	}
	same(t, steady(told(ranges)), []string{"127.9.0.0-127.9.8.6 ok", "127.9.8.7-127.9.8.7 lost", "127.9.8.8-127.9.255.255 ok"})
}

// TestAnotherDestination: what arrives with another address than it was sent to is no delivery.
func TestAnotherDestination(t *testing.T) {
	if _, err := privatehost.Probe(); err != nil {
		unable.Skip(t, err)
	}
	c := exec.Command("nft", "-f", "-")
	c.Stdin = strings.NewReader("table ip fault { chain c { type nat hook output priority -100; ip daddr 127.9.8.7 dnat to 127.0.0.1; }; }")
	if out, err := c.CombinedOutput(); err != nil {
		unable.Skip(t, &exec.Error{Name: "nft: " + string(out), Err: err})
	}
	t.Cleanup(func() { _ = exec.Command("nft", "delete", "table", "ip", "fault").Run() })
	want := []string{"127.9.8.0-127.9.8.6 ok", "127.9.8.7-127.9.8.7 astray", "127.9.8.8-127.9.8.255 ok"}
	for name, stack := range ways {
		for _, protocol := range []Protocol{UDP, TCP} {
			t.Run(name+" "+string(protocol), func(t *testing.T) {
				same(t, steady(swept(t, Plan{Protocol: protocol, Stack: stack}, "127.9.8.0/24")), want)
			})
		}
	}
}

func TestNoAllocationForAnAddress(t *testing.T) {
	f := NewField()
	for _, protocol := range []Protocol{UDP, Bind} {
		p := Plan{Protocol: protocol, Prefix: Block}
		l, err := p.lane()
		if err != nil {
			t.Fatal(err)
		}
		from := Offset(0)
		per := testing.AllocsPerRun(5, func() {
			err = l.first(f, from, from+chunk)
			from += chunk
		})
		if per > 4 || err != nil {
			t.Errorf("%s: %v allocations for %d addresses, error %v", protocol, per, chunk, err)
		}
		for o := range slices.Values([]Offset{0, chunk - 1}) {
			f.codes[o] = Unasked
		}
		clear(f.codes)
		if err := l.close(); err != nil {
			t.Fatal(err)
		}
	}
}
