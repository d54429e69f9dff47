//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package privatehost

import (
	"errors"
	"net/netip"
	"testing"

	"golang.org/x/net/route"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost/internal/undo"
)

func TestIsDefault(t *testing.T) {
	const gateway = unix.RTF_UP | unix.RTF_GATEWAY
	via := &route.Inet4Addr{IP: [4]byte{198, 51, 100, 2}}
	for _, c := range []struct {
		name  string
		flags int
		addrs []route.Addr
		want  bool
	}{
		{"IPv4", gateway, []route.Addr{&route.Inet4Addr{}, via, &route.Inet4Addr{}}, true},
		{"IPv4 without a mask", gateway, []route.Addr{&route.Inet4Addr{}, via, nil}, true},
		{"IPv6", gateway, []route.Addr{&route.Inet6Addr{}, &route.Inet6Addr{}, &route.Inet6Addr{}}, true},
		{"the reject route for ::/96", gateway | unix.RTF_REJECT, []route.Addr{&route.Inet6Addr{}, &route.Inet6Addr{},
			&route.Inet6Addr{IP: [16]byte{0xff}}}, false},
		{"a host", gateway | unix.RTF_HOST, []route.Addr{&route.Inet4Addr{}, via, nil}, false},
		{"a network", gateway, []route.Addr{via, via, &route.Inet4Addr{IP: [4]byte{255}}}, false},
		{"over a link", unix.RTF_UP, []route.Addr{&route.Inet4Addr{}, &route.LinkAddr{}, nil}, false},
		{"no destination", gateway, []route.Addr{nil, via, nil}, false},
		{"too few addresses", gateway, []route.Addr{&route.Inet4Addr{}}, false},
	} {
		if got := isDefault(&route.RouteMessage{Flags: c.flags, Addrs: c.addrs}); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// TestAddRouteTellsFirst: without a guard that knows how to take it back, no route is made.
func TestAddRouteTellsFirst(t *testing.T) {
	var told undo.Step
	err := addRoute(netip.MustParsePrefix("192.0.2.0/24"), 0, netip.MustParseAddr("198.51.100.2"), func(s undo.Step) error {
		told = s
		return undo.ErrLost
	})
	if !errors.Is(err, undo.ErrLost) {
		t.Fatal(err)
	}
	parsed, err := route.ParseRIB(route.RIBTypeRoute, told.Raw)
	if err != nil || len(parsed) != 1 {
		t.Fatalf("%v, %v", parsed, err)
	}
	r := parsed[0].(*route.RouteMessage)
	if to, is := r.Addrs[unix.RTAX_DST].(*route.Inet4Addr); r.Type != unix.RTM_DELETE || !is || to.IP != [4]byte{192, 0, 2, 0} {
		t.Errorf("%+v", r)
	}
}

func TestNoPermissionNoChange(t *testing.T) {
	t.Setenv(Permission, "")
	if _, err := arrange(host.Arrangement{Cables: 1, Route: true}, ""); !errors.Is(err, errMachine) {
		t.Error(err)
	}
	t.Setenv(Permission, "1")
	if _, err := arrange(host.Arrangement{Files: map[string]string{"/etc/hosts": ""}}, ""); !errors.Is(err, errFiles) {
		t.Error(err)
	}
}
