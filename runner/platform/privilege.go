package platform

import (
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// The classes of users. The root of a user namespace is root there only: over a network that
// belongs to the outside it has no power.
const (
	root          = "root"
	usernsRoot    = "userns-root"
	ordinary      = "ordinary"
	administrator = "administrator"
	unknownUser   = "unknown"
)

// userFact is what a finding about the user is called.
const userFact = "user"

// privilege is what this process may do.
type privilege struct {
	user    string   // its class
	network bool     // may it change interfaces, as far as it can be read?
	remarks []string // what differs from what its class would make one expect
}

// canOpenRaw tries to open a raw socket and sends nothing. On Linux that also shows whether the
// capabilities hold in the network's own namespace, and in gVisor whether the sandbox was made with
// raw sockets.
func canOpenRaw() (bool, error) {
	s, err := sock.Kernel().Socket(sock.Inet, sock.RawICMP)
	if err != nil {
		return false, nil //nolint:nilerr // that is the answer
	}
	_ = s.Close()
	return true, nil
}

// The capabilities that matter here, by their bits (linux/capability.h).
const (
	capNetBindService = 10
	capNetAdmin       = 12
	capNetRaw         = 13
)

// linuxPrivilege reads effective uid, effective capabilities and the map of user ids. The whole
// range mapped to itself is the map of the first user namespace, as every process sees it that is
// in none of its own; a kernel without user namespaces has no map.
func linuxPrivilege(euid int, effective uint64, uidMap string) privilege {
	mapped := strings.Join(strings.Fields(uidMap), " ")
	outside := mapped != "" && mapped != "0 0 4294967295"
	p := privilege{user: ordinary, network: effective>>capNetAdmin&1 == 1}
	switch {
	case euid == 0 && outside:
		p.user = usernsRoot
		p.remarks = append(p.remarks, "uid 0 is the root of a user namespace and another user outside")
	case euid == 0:
		p.user = root
	}
	for _, c := range []struct {
		bit  int
		name string
	}{{capNetBindService, "CAP_NET_BIND_SERVICE"}, {capNetAdmin, "CAP_NET_ADMIN"}, {capNetRaw, "CAP_NET_RAW"}} {
		switch holds := effective>>c.bit&1 == 1; {
		case euid == 0 && !holds:
			p.remarks = append(p.remarks, "uid 0 lacks "+c.name)
		case euid != 0 && holds:
			p.remarks = append(p.remarks, "an ordinary user holds "+c.name)
		}
	}
	return p
}

// bsdPrivilege reads the effective uid and, on FreeBSD, the jail: without a network of its own
// (vnet) not even its root may change interfaces.
func bsdPrivilege(euid int, jailed, vnet bool) privilege {
	if euid != 0 {
		return privilege{user: ordinary}
	}
	p := privilege{user: root, network: !jailed || vnet}
	if jailed && !vnet {
		p.remarks = []string{"uid 0 is the root of a jail that shares the host's network"}
	}
	return p
}
