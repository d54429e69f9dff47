package ifreq

import "fmt"

// System says how requests look on one system and architecture.
type System struct {
	// ifreq is the size of struct ifreq (net/if.h): a name and the largest member of a union.
	ifreq int
	// createOut is true where SIOCIFCREATE also writes the name back, and create its number within
	// the group.
	createOut bool
	create    byte
	// lladdr is the number of SIOCSIFLLADDR within its group; 0 where link addresses are set by
	// SIOCALIFADDR.
	lladdr byte
	// alias and alias6 are the requests that add an address (SIOCAIFADDR, SIOCAIFADDR_IN6).
	alias, alias6 sized
	// time is the size of time_t, with which lifetimes of IPv6 addresses are given.
	time int
	// inet6 is AF_INET6.
	inet6 byte
}

// sized is the number of a request within its group, and the size of its data.
type sized struct {
	n    byte
	size int
}

// For gives the requests of a system, by the words that Go has for it and for the architecture.
func For(goos, goarch string) (System, error) {
	s, known := map[string]System{
		// sys/net/if.h, sys/netinet6/in6_var.h, sys/sys/sockio.h. The union in struct ifreq holds a
		// sockaddr_storage since NetBSD 5. On i386 time_t has 8 bytes and is aligned to 4, which
		// happens to give the same layout.
		"netbsd": {ifreq: 144, create: 122, alias: sized{26, 64}, alias6: sized{107, 128}, time: 8, inet6: 24},
		// The aliases got a field for CARP at their ends, and new numbers, in FreeBSD 10.
		"freebsd": {ifreq: 32, createOut: true, create: 122, lladdr: 60, alias: sized{43, 68}, alias6: sized{27, 136}, time: 8, inet6: 28},
		"openbsd": {ifreq: 32, create: 122, lladdr: 31, alias: sized{26, 64}, alias6: sized{26, 128}, time: 8, inet6: 24},
		"dragonfly": {ifreq: 32, createOut: true, create: 122, lladdr: 60, alias: sized{26, 64}, alias6: sized{26, 128}, time: 8,
			inet6: 28},
		"darwin": {ifreq: 32, createOut: true, create: 120, lladdr: 60, alias: sized{26, 64}, alias6: sized{26, 128}, time: 8, inet6: 30},
	}[goos]
	if !known {
		return System{}, fmt.Errorf("requests to interfaces of %s are not known", goos)
	}
	if goos == "freebsd" && goarch == "386" { // the last architecture whose time_t has 4 bytes (sys/x86/include/_types.h)
		s.alias6.size, s.time = 124, 4
	}
	return s, nil
}
