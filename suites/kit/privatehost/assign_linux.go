package privatehost

import (
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// assignWait is how long the kernel may take to make an address usable, which waits for a lock that
// every change of any network namespace needs (rtnl_lock). It is looked at again without a notice
// after assignGlance, lest one was lost.
const (
	assignWait   = 10 * time.Second
	assignGlance = 200 * time.Millisecond
)

// addAddress puts an address on an interface. gVisor's releases of 2022 know no broadcast address
// (IFA_BROADCAST), which the library adds to one of IPv4; they refuse the request when the address
// is there already.
func addAddress(link netlink.Link, a *netlink.Addr) error {
	err := netlink.AddrAdd(link, a)
	if errors.Is(err, unix.EOPNOTSUPP) && a.IP.To4() != nil {
		a.Broadcast = net.IPv4zero // none
		if err = netlink.AddrAdd(link, a); errors.Is(err, unix.EEXIST) {
			return nil
		}
	}
	return err
}

// assign puts an address on an interface and waits until packets for it are taken. An IPv6 address
// gets its local route from a work queue (addrconf_dad_work), and what arrives earlier is dropped,
// the answer of neighbour discovery too.
func assign(link netlink.Link, a *netlink.Addr) error {
	now, err := netlink.LinkByIndex(link.Attrs().Index)
	if err != nil {
		return err
	}
	if a.IP.To4() != nil || now.Attrs().Flags&net.FlagUp == 0 { // on an interface that is down it is not usable at all
		return addAddress(link, a)
	}
	changes, err := nl.Subscribe(unix.NETLINK_ROUTE, unix.RTNLGRP_IPV6_ROUTE)
	if errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.EACCES) { // gVisor reports no changes, and has no queue to wait for
		return netlink.AddrAdd(link, a)
	}
	if err != nil {
		return fmt.Errorf("listen to changes of routes: %w", err)
	}
	defer changes.Close()
	glance := unix.NsecToTimeval(assignGlance.Nanoseconds())
	if err := changes.SetReceiveTimeout(&glance); err != nil {
		return fmt.Errorf("listen to changes of routes: %w", err)
	}
	if err := netlink.AddrAdd(link, a); err != nil {
		return err
	}
	for deadline := time.Now().Add(assignWait); ; {
		routes, err := netlink.RouteGet(a.IP)
		if err == nil && len(routes) > 0 && routes[0].Type == unix.RTN_LOCAL {
			return nil
		}
		if _, _, err := changes.Receive(); err != nil && (!errors.Is(err, unix.EAGAIN) || time.Now().After(deadline)) {
			return fmt.Errorf("%s is not usable: %w", a.IP, err)
		}
	}
}
