// Package netif reads the facts of the network of this host: interfaces, routes and the switches
// that change how loopback behaves. It changes nothing.
package netif

import "net/netip"

// Interface is one network interface as the system lists it.
type Interface struct {
	Index     int            `json:"index"`
	Name      string         `json:"name"`
	MTU       int64          `json:"mtu"` // bytes; Windows gives lo all of 32 bits
	Up        bool           `json:"up"`
	Loopback  bool           `json:"loopback"`
	Broadcast bool           `json:"broadcast"`
	Multicast bool           `json:"multicast"`
	Hardware  string         `json:"hardware,omitempty"` // hardware address, zeros too; empty if it has none
	Addresses []netip.Prefix `json:"addresses"`
}

// Route is one entry of the routing table.
type Route struct {
	Destination netip.Prefix `json:"destination"`
	Interface   string       `json:"interface,omitempty"`
	Gateway     netip.Addr   `json:"gateway,omitzero"`
	// Kind is "local", "unicast", "broadcast", "multicast", "anycast", "reject", "blackhole" or
	// "throw".
	Kind string `json:"kind"`
	// Table is the name of the table where the system has several ("local", "main").
	Table string `json:"table,omitempty"`
}

// Network tells the facts. An error is an *sock.Error with the call that failed.
type Network interface {
	Interfaces() ([]Interface, error)
	// Routes lists the routing table of both families.
	Routes() ([]Route, error)
	// RouteTo asks which route a packet to this address would take, without sending one. Linux is
	// asked, with its rules and tables; elsewhere it is the longest match in Routes. A reject route
	// may give its error instead.
	RouteTo(netip.Addr) (Route, error)
	// Switch reads one setting by its sysctl name ("net.ipv4.conf.all.route_localnet").
	Switch(name string) (string, error)
}

// Lo is the loopback interface in a listing: the first with the loopback flag. There may be none.
func Lo(all []Interface) (Interface, bool) {
	for _, i := range all {
		if i.Loopback {
			return i, true
		}
	}
	return Interface{}, false
}
