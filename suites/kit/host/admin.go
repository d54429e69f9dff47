package host

import "net/netip"

// Admin changes the private host that this process is in while a spec runs. What it changes ends
// with the private host. Errors are *sock.Error, with the number that the system gave.
type Admin interface {
	// SetUp brings the interface with this index up, or takes it down.
	SetUp(index int, up bool) error
	// Assign puts an address on an interface, with the prefix that lies behind it.
	Assign(index int, address netip.Prefix) error
	// Remove takes an address away from an interface.
	Remove(index int, address netip.Prefix) error
	// Route sends what goes to this prefix over an interface, to the gateway if it is valid and to
	// the link otherwise.
	Route(to netip.Prefix, index int, gateway netip.Addr) error
	// Set sets a switch by its sysctl name; one that the system does not have gives ENOENT.
	Set(name, value string) error
	// Neighbours lists the addresses that the neighbour table knows a hardware address for on an
	// interface (ARP, neighbour discovery).
	Neighbours(index int) ([]netip.Addr, error)
}
