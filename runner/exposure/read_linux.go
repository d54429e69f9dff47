package exposure

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// read reads what decides on Linux whether loopback stays inside.
func read() state {
	s := state{known: true}
	s.switches()
	if text, err := netif.Kernel().Switch(netif.PolicyRules); err == nil {
		s.rules = text
	} else if !sock.IsErrno(err, "ENOENT") {
		s.unread = append(s.unread, "the policy rules: "+sock.Reason(err))
	}
	s.filter()
	s.programs()
	return s
}

// switches reads route_localnet of each interface but lo. What holds is "all" or its own
// (include/linux/inetdevice.h: IN_DEV_ROUTE_LOCALNET()).
func (s *state) switches() {
	const folder = "/proc/sys/net/ipv4/conf"
	paths, err := filepath.Glob(folder + "/*/route_localnet")
	if err != nil || len(paths) == 0 {
		s.unread = append(s.unread, "the switches of the interfaces: "+folder+" is not there")
		return
	}
	set := func(name string) bool {
		text, err := os.ReadFile(filepath.Join(folder, name, "route_localnet"))
		if err != nil {
			s.unread = append(s.unread, "route_localnet of "+name+": "+sock.Reason(err))
		}
		return strings.TrimSpace(string(text)) == "1"
	}
	all := set("all")
	for _, path := range paths {
		switch name := filepath.Base(filepath.Dir(path)); name {
		case "all", "default", "lo":
		default:
			if all || set(name) {
				s.open = append(s.open, name)
			}
		}
	}
}

// filter reads the packet filter: rules that change a destination, and how many may drop.
func (s *state) filter() {
tables:
	for _, path := range []string{"/proc/net/ip_tables_names", "/proc/net/arp_tables_names"} {
		switch names, err := os.ReadFile(path); {
		case errors.Is(err, os.ErrNotExist):
		case err != nil:
			s.unread = append(s.unread, "the tables of the older iptables, which take root to read: "+sock.Reason(err))
			break tables
		case len(strings.Fields(string(names))) > 0:
			s.unread = append(s.unread, "rules of the older iptables ("+strings.Join(strings.Fields(string(names)), ", ")+"), which the kernel does not list: iptables-legacy-save shows them")
		}
	}
	found, err := netif.Inbound()
	if err != nil {
		s.unread = append(s.unread, "the packet filter, which takes root to read: "+sock.Reason(err))
		return
	}
	s.filters = found.Filters
	for _, r := range found.Redirects {
		s.redirects = append(s.redirects, redirect(r))
	}
}

// programs looks for what decides about packets outside of routes and rules.
func (s *state) programs() {
	links, err := netlink.LinkList()
	if err != nil {
		s.unread = append(s.unread, "the programs at the interfaces: "+sock.Reason(sock.SystemError("RTM_GETLINK", err)))
		return
	}
	for _, l := range links {
		if xdp := l.Attrs().Xdp; xdp != nil && xdp.Attached {
			s.doubts = append(s.doubts, Cause{Says: "A program (XDP) decides about what comes in by " + l.Attrs().Name + ".", More: "ip link show " + l.Attrs().Name})
		}
		disciplines, err := netlink.QdiscList(l)
		if err != nil {
			continue // without tc in the kernel there are none
		}
		for _, q := range disciplines {
			if kind := q.Type(); kind == "clsact" || kind == "ingress" {
				s.doubts = append(s.doubts, Cause{Says: fmt.Sprintf("Filters of tc may send what passes %s elsewhere (%s).", l.Attrs().Name, kind), More: "tc filter show dev " + l.Attrs().Name + " ingress"})
			}
		}
	}
	policies, err := netlink.XfrmPolicyList(netlink.FAMILY_ALL)
	switch {
	case err == nil && len(policies) > 0:
		s.doubts = append(s.doubts, Cause{Says: fmt.Sprintf("%d policies of IPsec decide about packets.", len(policies)), More: "ip xfrm policy"})
	case errors.Is(err, unix.EPERM):
		s.unread = append(s.unread, "the policies of IPsec, which take root to read")
	}
}
