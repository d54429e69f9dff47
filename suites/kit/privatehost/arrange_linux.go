package privatehost

import (
	"fmt"
	"net"
	"os"
	"strings"

	"github.com/vishvananda/netlink"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// arrange brings the private host that this process is in into the state that is asked for, with
// the fault in it, and plugs its cables.
func arrange(a host.Arrangement, fault string) (place, error) {
	f, err := Find(fault)
	if err != nil {
		return place{}, err
	}
	if f.before != nil {
		f.before(&a)
	}
	a.NoIPv6 = a.NoIPv6 || !hasIPv6()
	var cables []*wire.Cable
	if err = loopback(a); err == nil {
		cables, err = plug(a)
	}
	for _, set := range []func(host.Arrangement) error{forwarding, switches, files} {
		if err == nil {
			err = set(a)
		}
	}
	if err == nil && f.after != nil {
		err = f.after(a)
	}
	if err != nil {
		return place{}, fmt.Errorf("arrange the private host: %w", err)
	}
	return place{cables, administrator(), func() error { return nil }}, nil
}

// hasIPv6 says whether the kernel has IPv6 at all: it may lack it, or have been started with
// ipv6.disable=1.
func hasIPv6() bool {
	_, err := os.Stat("/proc/net/if_inet6")
	return err == nil
}

// loopback brings lo up; the kernel gives it 127.0.0.1/8 and ::1/128 (inetdev_event,
// init_loopback). One that is up from the start stays as it is: that of gVisor is, whose releases
// of 2022 know no request to change a link.
func loopback(a host.Arrangement) error {
	if a.LoDown {
		return nil
	}
	lo, err := netlink.LinkByName("lo")
	if err != nil {
		return fmt.Errorf("look for lo: %w", err)
	}
	if lo.Attrs().Flags&net.FlagUp != 0 {
		return nil
	}
	if err := netlink.LinkSetUp(lo); err != nil {
		return fmt.Errorf("bring lo up: %w", err)
	}
	return nil
}

func plug(a host.Arrangement) ([]*wire.Cable, error) {
	var cables []*wire.Cable
	for i := range a.Cables {
		c, err := cable(i, a)
		if err != nil {
			return nil, err
		}
		cables = append(cables, c)
	}
	if !a.Route {
		return cables, nil
	}
	for _, gateway := range addresses(cables[0].Peer, a) {
		if err := netlink.RouteAdd(&netlink.Route{LinkIndex: cables[0].Index, Gw: gateway.AsSlice()}); err != nil {
			return nil, fmt.Errorf("default route: %w", err)
		}
	}
	return cables, nil
}

func forwarding(a host.Arrangement) error {
	var on [][2]string
	if a.Forward4 {
		on = append(on, [2]string{"net.ipv4.ip_forward", "1"})
	}
	if a.Forward6 && hasIPv6() {
		on = append(on, [2]string{"net.ipv6.conf.all.forwarding", "1"})
	}
	return switches(host.Arrangement{Switches: on})
}

func switches(a host.Arrangement) error {
	for _, s := range a.Switches {
		if err := write(s[0], s[1]); err != nil {
			return err
		}
	}
	return nil
}

// write sets a sysctl of this network namespace.
func write(name, value string) error {
	return os.WriteFile("/proc/sys/"+strings.ReplaceAll(name, ".", "/"), []byte(value), 0)
}
