package netif

import (
	"net/netip"
	"slices"

	"go4.org/netipx"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Leading is a function like Leads.
type Leading = func(sock.Packet) string

// byListing is Leads for a system that tells its routes and nothing else.
func byListing(n Network, p sock.Packet) string {
	to := p.To.Addr().WithZone("").Unmap()
	r, err := n.RouteTo(to)
	if err != nil || r.Kind == "local" || r.Kind == "reject" || r.Kind == "blackhole" || r.Interface == "" {
		return ""
	}
	all, err := n.Interfaces()
	if err != nil {
		return ""
	}
	for _, i := range all {
		carries := slices.ContainsFunc(i.Addresses, func(a netip.Prefix) bool { return a.Addr().WithZone("") == to })
		if i.Name == r.Interface && i.Loopback || carries {
			return ""
		}
	}
	way := "by " + r.Interface
	if r.Gateway.IsValid() {
		way += " to " + r.Gateway.String()
	}
	return way
}

// destinations are those of all routes.
func destinations(n Network) []netip.Prefix {
	routes, err := n.Routes()
	if err != nil {
		return nil
	}
	out := make([]netip.Prefix, len(routes))
	for i, r := range routes {
		out[i] = r.Destination
	}
	return out
}

// Leaving returns the ranges of a prefix whose packets would leave this host, and where. One
// address is asked of each stretch that no route and no rule divides.
func Leaving(in netip.Prefix, t sock.Type) map[netipx.IPRange]string {
	return leaving(in, bounds(), func(a netip.Addr) string {
		return Leads(sock.Packet{Type: t, To: netip.AddrPortFrom(a, 9)})
	})
}

func leaving(in netip.Prefix, divided []netip.Prefix, leads func(netip.Addr) string) map[netipx.IPRange]string {
	whole := netipx.RangeOfPrefix(in)
	begins := []netip.Addr{whole.From()}
	for _, p := range divided {
		if !in.Overlaps(p) || p.Bits() < in.Bits() {
			continue
		}
		r := netipx.RangeOfPrefix(p)
		begins = append(begins, r.From())
		if next := r.To().Next(); whole.Contains(next) {
			begins = append(begins, next)
		}
	}
	slices.SortFunc(begins, netip.Addr.Compare)
	begins = slices.Compact(begins)
	out := map[netipx.IPRange]string{}
	for i, from := range begins {
		to := whole.To()
		if i+1 < len(begins) {
			to = begins[i+1].Prev()
		}
		if way := leads(from); way != "" {
			out[netipx.IPRangeFrom(from, to)] = way
		}
	}
	return out
}
