package privatehost

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"strings"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// cableName is the name of the host's interface at the n-th cable.
func cableName(n int) string { return fmt.Sprintf("wire%d", n) }

// cable makes the n-th cable: a TAP device, or a veth pair where /dev/net/tun can't be opened.
func cable(n int, a host.Arrangement) (*wire.Cable, error) {
	c := &wire.Cable{Name: cableName(n), Kind: "tap", Host: stations[n][0], Peer: stations[n][1]}
	end, err := wire.OpenTAP(c.Name)
	if err != nil {
		var second error
		c.Kind = "veth"
		if end, second = wire.OpenVeth(c.Name); second == nil {
			second = onOneProcessor()
		}
		if second != nil {
			return nil, errors.Join(err, second)
		}
	}
	link, err := netlink.LinkByName(c.Name)
	if err == nil {
		c.Index = link.Attrs().Index
		err = prepare(link, &c.Host, a)
	} else {
		err = fmt.Errorf("look for %s: %w", c.Name, err)
	}
	if err != nil {
		return nil, errors.Join(err, end.Close())
	}
	return wire.Plug(c, end), nil
}

// prepare gives the host's interface its addresses, and keeps it from saying anything that nobody
// asked for: no duplicate address detection, no router solicitation, no address of its own making.
func prepare(link netlink.Link, own *wire.Station, a host.Arrangement) error {
	quiet := "net.ipv6.conf." + link.Attrs().Name + "."
	for _, s := range []string{"accept_dad=0", "accept_ra=0", "autoconf=0", "router_solicitations=0", "addr_gen_mode=1"} {
		name, value, _ := strings.Cut(s, "=")
		if err := write(quiet+name, value); err != nil && !errors.Is(err, fs.ErrNotExist) { // without IPv6, it is quiet
			return err
		}
	}
	if err := up(link, own); err != nil {
		return err
	}
	for _, address := range addresses(*own, a) {
		n := &netlink.Addr{IPNet: &net.IPNet{IP: address.AsSlice(), Mask: net.CIDRMask(24, 32)}}
		if address.Is6() {
			n.Mask, n.Flags = net.CIDRMask(64, 128), unix.IFA_F_NODAD
		}
		if err := assign(link, n); err != nil {
			return fmt.Errorf("assign %s to %s: %w", address, link.Attrs().Name, err)
		}
	}
	return nil
}

// up brings the interface up with the hardware address of the station. gVisor's releases of 2022
// know no request to change a link: their interfaces are up from the start, and the station gets
// the address that its interface has.
func up(link netlink.Link, own *wire.Station) error {
	at := link.Attrs()
	unchanging := func(err error) bool { return errors.Is(err, unix.EOPNOTSUPP) && at.Flags&net.FlagUp != 0 }
	switch err := netlink.LinkSetHardwareAddr(link, own.MAC); {
	case unchanging(err):
		if len(at.HardwareAddr) == len(own.MAC) {
			own.MAC = at.HardwareAddr
		}
	case err != nil:
		return fmt.Errorf("give %s (%v %v) its hardware address: %w", at.Name, at.Flags, at.HardwareAddr, err)
	}
	if err := netlink.LinkSetUp(link); err != nil && !unchanging(err) {
		return fmt.Errorf("bring %s up: %w", at.Name, err)
	}
	return nil
}
