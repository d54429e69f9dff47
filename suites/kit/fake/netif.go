package fake

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Facts is what a machine lists about its network (netif.Network).
type Facts struct {
	List     []netif.Interface
	Table    []netif.Route
	Switches map[string]string
}

// Lo is the index of the loopback interface, 0 if there is none.
func (f *Facts) Lo() int {
	lo, _ := netif.Lo(f.List)
	return lo.Index
}

func (f *Facts) index(name string) int {
	for _, i := range f.List {
		if i.Name == name {
			return i.Index
		}
	}
	return 0
}

func (f *Facts) exists(index int) bool {
	for _, i := range f.List {
		if i.Index == index {
			return true
		}
	}
	return false
}

// Interfaces is the listing.
func (f *Facts) Interfaces() ([]netif.Interface, error) { return f.List, nil }

// Routes is the routing table.
func (f *Facts) Routes() ([]netif.Route, error) { return f.Table, nil }

// RouteTo is the route with the longest prefix; among equals the first, so that Linux's table local
// goes before main.
func (f *Facts) RouteTo(a netip.Addr) (netif.Route, error) {
	var best netif.Route
	found := false
	for _, r := range f.Table {
		if r.Destination.Contains(a) && (!found || r.Destination.Bits() > best.Destination.Bits()) {
			best, found = r, true
		}
	}
	if !found {
		return best, sock.Errno("route get", "ENETUNREACH", 0)
	}
	return best, nil
}

// Switch reads a setting.
func (f *Facts) Switch(name string) (string, error) {
	if v, known := f.Switches[name]; known {
		return v, nil
	}
	return "", sock.Errno("sysctl", "ENOENT", 0)
}
