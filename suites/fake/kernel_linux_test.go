package fake_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/fake"
	"github.com/loopmatrix/loopmatrix/suites/netif"
	"github.com/loopmatrix/loopmatrix/suites/sock"
)

// likeThisProcess is fake.Linux with the privileges that this process has on the kernel that runs it.
func likeThisProcess() *fake.Machine {
	m := fake.Linux()
	if s, err := sock.Kernel().Socket(sock.Inet, sock.RawICMP); err == nil {
		_ = s.Close()
		delete(m.Refuse, sock.RawICMP)
		m.Privileged = 0
	}
	return m
}

// plays is how often a script may be played until both agree: on this kernel, which is not ours alone, a port that one
// address has free may be held by another process on the next.
const plays = 3

// TestLinuxIsTrue plays every script on this kernel and on the fake, which must answer alike to the last errno.
func TestLinuxIsTrue(t *testing.T) {
	all, err := netif.Kernel().Interfaces()
	if err != nil {
		t.Skip(err)
	}
	lo, found := netif.Lo(all)
	if !found || !lo.Up {
		t.Skip("no loopback interface that is up")
	}
	for name, script := range scripts() {
		t.Run(name, func(t *testing.T) {
			var want, got string
			for range plays {
				want = play(t, sock.Guard(sock.Kernel(), lo.Index), external(all), script)
				m := likeThisProcess()
				got = play(t, sock.Guard(m.Bare(), m.Network.Lo()), external(m.Network.List), script)
				if got == want {
					return
				}
			}
			t.Error(apart(want, got))
		})
	}
}

// external lists the addresses of the interfaces that are no loopback.
func external(all []netif.Interface) []netip.Addr {
	var out []netip.Addr
	for _, i := range all {
		for _, a := range i.Addresses {
			if !i.Loopback {
				out = append(out, a.Addr())
			}
		}
	}
	return out
}

// apart shows where two tapes part.
func apart(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	n := 0
	for n < min(len(w), len(g)) && w[n] == g[n] {
		n++
	}
	return fmt.Sprintf("after\n%s\nthe kernel:\n%s\nthe fake:\n%s", strings.Join(w[max(0, n-8):n], "\n"),
		strings.Join(w[n:min(len(w), n+3)], "\n"), strings.Join(g[n:min(len(g), n+3)], "\n"))
}
