package platform

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// fixed is a network of fixed facts; a switch that starts with E gives that error.
type fixed struct {
	interfaces []netif.Interface
	routes     []netif.Route
	switches   map[string]string
	err        error
}

func (n fixed) Interfaces() ([]netif.Interface, error)      { return n.interfaces, n.err }
func (n fixed) Routes() ([]netif.Route, error)              { return n.routes, n.err }
func (n fixed) RouteTo(netip.Addr) (r netif.Route, _ error) { return r, n.err }
func (n fixed) Switch(name string) (string, error) {
	value, is := n.switches[name]
	if !is {
		return "", sock.Errno("read", "ENOENT", 2)
	}
	if value[0] == 'E' {
		return "", sock.Errno("read", value, 0)
	}
	return value, nil
}

func TestState(t *testing.T) {
	n := fixed{
		interfaces: []netif.Interface{{Index: 2, Name: "eth0", Up: true}, {Index: 1, Name: "lo", MTU: 65536, Up: true, Loopback: true,
			Addresses: []netip.Prefix{netip.MustParsePrefix("::1/128"), netip.MustParsePrefix("192.0.2.77/32"), netip.MustParsePrefix("127.0.0.1/8")}}},
		routes: []netif.Route{{Destination: netip.MustParsePrefix("0.0.0.0/0"), Kind: "unicast", Interface: "eth0"},
			{Destination: netip.MustParsePrefix("::/0"), Kind: "reject"}, {Destination: netip.MustParsePrefix("::/0"), Kind: "unicast", Interface: "lo"}},
		switches: map[string]string{"net.ipv4.ip_forward": "1", "net.ipv4.conf.all.rp_filter": "2", "net.ipv6.bindv6only": "EPERM"},
	}
	f := &findings{}
	s := readState(n, f)
	if s.Lo == nil || s.Lo.Name != "lo" || s.Lo.Index != 1 || s.Lo.MTU != 65536 || !slices.Equal(s.Lo.Flags, []string{"loopback", "up"}) {
		t.Errorf("lo is %+v", s.Lo)
	}
	if want := []string{"127.0.0.1/8", "::1/128", "some other IPv4/32"}; !slices.Equal(s.Lo.Addresses, want) {
		t.Errorf("addresses are %q, want %q", s.Lo.Addresses, want)
	}
	if s.DefaultRoute.IPv4 == nil || !*s.DefaultRoute.IPv4 || s.DefaultRoute.IPv6 == nil || *s.DefaultRoute.IPv6 {
		t.Errorf("default route is %+v", s.DefaultRoute)
	}
	if len(s.Switches) != 2 || s.Switches["net.ipv4.conf.all.rp_filter"] != "2" {
		t.Errorf("switches are %v", s.Switches)
	}
	if got := strings.Join(f.remarks(), "\n"); !strings.Contains(got, "switch net.ipv6.bindv6only: read: EPERM") {
		t.Errorf("unknown is %q", got)
	}
}

func TestStateUnread(t *testing.T) {
	f := &findings{}
	s := readState(fixed{err: sock.Errno("RTM_GETLINK", "EPERM", 1)}, f)
	if s.Lo != nil || s.DefaultRoute != (model.PerFamily{}) {
		t.Errorf("guessed %+v, %+v", s.Lo, s.DefaultRoute)
	}
	for _, want := range []string{"interfaces: RTM_GETLINK: EPERM (1)", "default route: RTM_GETLINK: EPERM (1)"} {
		if !slices.Contains(f.remarks(), want) {
			t.Errorf("%q lacks %q", f.remarks(), want)
		}
	}
}

func TestForwarded(t *testing.T) {
	for _, c := range []struct {
		switches map[string]string
		want     string
		unknown  string
	}{
		{map[string]string{"a": "0"}, "no", ""},
		{map[string]string{"a": "1"}, "yes", ""},
		{map[string]string{"b": "2"}, "yes", ""},
		{map[string]string{}, "unknown", "x: there is no switch for it"},
		{map[string]string{"a": "EACCES", "b": "1"}, "unknown", "x: read: EACCES"},
	} {
		f := &findings{}
		got := map[*bool]string{nil: "unknown"}
		p := forwarded(fixed{switches: c.switches}, f, "x", "a", "b")
		if p != nil {
			got[p] = map[bool]string{true: "yes", false: "no"}[*p]
		}
		if got[p] != c.want || strings.Join(f.remarks(), "") != c.unknown {
			t.Errorf("%v: %s, %q", c.switches, got[p], f.remarks())
		}
	}
}

func TestPublished(t *testing.T) {
	for in, want := range map[string]string{
		"127.0.0.1/8": "127.0.0.1/8", "127.0.0.2/32": "127.0.0.2/32", "::1/128": "::1/128", "fe80::1/64": "fe80::1/64",
		"10.1.2.3/32": "some other IPv4/32", "192.168.1.7/24": "some other IPv4/24", "fe80::5054:ff:fe12:3456/64": "some other IPv6/64",
		"2001:db8::1/128": "some other IPv6/128",
	} {
		if got := published(netip.MustParsePrefix(in)); got != want {
			t.Errorf("%s is published as %q, want %q", in, got, want)
		}
	}
}
