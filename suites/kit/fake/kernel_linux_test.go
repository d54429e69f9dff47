package fake_test

import (
	"fmt"
	"net/netip"
	"os"
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
	"github.com/loopmatrix/loopmatrix/suites/kit/fake"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// likeThisProcess is fake.Linux with the privileges that this process has on the kernel that runs
// it.
func likeThisProcess() *fake.Machine {
	m := fake.Linux()
	if s, err := sock.Kernel().Socket(sock.Inet, sock.RawICMP); err == nil {
		_ = s.Close()
		delete(m.Refuse, sock.RawICMP)
		m.Privileged = 0
	}
	return m
}

// TestMain runs the tests in a private host with the cable and the default route that fake.Linux
// has, where no other process takes a port between two calls of a script.
func TestMain(m *testing.M) {
	child.Main()
	os.Exit(privatehost.WithinHost(host.Arrangement{Cables: 1, Route: true}, m.Run))
}

// TestLinuxIsTrue plays every script on this kernel and on the fake, which must answer alike to the
// last errno.
func TestLinuxIsTrue(t *testing.T) {
	_, err := privatehost.Probe()
	unable.Skip(t, err) // this machine's own ports are not ours alone
	all, err := netif.Kernel().Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	lo, found := netif.Lo(all)
	if !found || !lo.Up {
		t.Fatal("a private host without lo")
	}
	for name, script := range scripts() {
		t.Run(name, func(t *testing.T) {
			want := play(t, sock.Guard(sock.Kernel(), lo.Index, nil), external(all), script)
			m := likeThisProcess()
			if got := play(t, sock.Guard(m.Bare(), m.Network.Lo(), nil), external(m.Network.List), script); got != want {
				t.Error(apart(want, got))
			}
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
