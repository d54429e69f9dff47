package host

import (
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// Arrangement is the state of a private host in which a part of a spec runs. The zero value is a
// host with lo up, the addresses that the kernel gives it, and no cable.
type Arrangement struct {
	// LoDown leaves lo as the kernel makes it: down and without addresses.
	LoDown bool
	// Fresh is for a host that the kernel made just now. Where a private host is the machine itself
	// there is none.
	Fresh bool
	// Cables is how many cables the host has, 0 to 2; they are Host.Cables in the spec.
	Cables int
	// NoIPv4 and NoIPv6 leave the cables without addresses of that family.
	NoIPv4, NoIPv6 bool
	// Route says that there is a default route of both families over the first cable.
	Route bool
	// Forward4 and Forward6 make the host a router of that family.
	Forward4, Forward6 bool
	// Switches are sysctls to set, in order, after the cables are there:
	// {"net.ipv4.conf.all.route_localnet", "1"}.
	Switches [][2]string
	// Files replaces files for this host alone, by their paths: "/etc/hosts". One that is not there
	// is made, in a folder that is.
	Files map[string]string
}

// Private measures one part of a claim in a private host, and reads what came back into result. Its
// error says why there can be no private host here.
type Private func(claim string, part int, result any) error

// Cable is the first cable; a spec that uses it says so in its Arrangement.
func (h *Host) Cable() *wire.Cable { return h.Cables[0] }

// Wired makes this the host in a private host with these cables. Its sockets are not guarded:
// nothing but the cables is there to be reached.
func (h *Host) Wired(cables []*wire.Cable) {
	h.Cables, h.Wire = cables, nil
	h.Refusals = &sock.Refusals{}
	h.Stack = sock.Patient(sock.Kernel(), h.Refusals)
}
