package lab

import (
	"fmt"
	"os"
	"strings"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/host"
	"github.com/loopmatrix/loopmatrix/suites/wire"
)

// arrange brings the private host that this process is in into the state that is asked for, with the fault in it, and
// plugs its cables.
func arrange(a host.Arrangement, fault string) ([]*wire.Cable, error) {
	f, err := Find(fault)
	if err != nil {
		return nil, err
	}
	if f.before != nil {
		f.before(&a)
	}
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
		err = f.after()
	}
	if err != nil {
		return nil, fmt.Errorf("arrange the private host: %w", err)
	}
	return cables, nil
}

// loopback brings lo up; the kernel gives it 127.0.0.1/8 and ::1/128 (inetdev_event, init_loopback).
func loopback(a host.Arrangement) error {
	if a.LoDown {
		return nil
	}
	lo, err := netlink.LinkByName("lo")
	if err != nil {
		return err
	}
	return netlink.LinkSetUp(lo)
}

func plug(a host.Arrangement) ([]*wire.Cable, error) {
	var cables []*wire.Cable
	for i := range a.Cables {
		c, err := cable(i)
		if err != nil {
			return nil, err
		}
		cables = append(cables, c)
	}
	if !a.Route {
		return cables, nil
	}
	for _, gateway := range []wire.Station{cables[0].Peer} {
		for _, to := range [][]byte{gateway.IPv4.AsSlice(), gateway.IPv6.AsSlice()} {
			if err := netlink.RouteAdd(&netlink.Route{LinkIndex: cables[0].Index, Gw: to}); err != nil {
				return nil, fmt.Errorf("default route: %w", err)
			}
		}
	}
	return cables, nil
}

func forwarding(a host.Arrangement) error {
	if !a.Forward {
		return nil
	}
	return switches(host.Arrangement{Switches: [][2]string{{"net.ipv4.ip_forward", "1"}, {"net.ipv6.conf.all.forwarding", "1"}}})
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

// files puts other files in the place of the host's own, in the mount namespace of this process alone.
func files(a host.Arrangement) error {
	if len(a.Files) == 0 {
		return nil
	}
	// Mounts of this namespace must not spread to the host's (mount_namespaces(7), shared subtrees).
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_SLAVE, ""); err != nil {
		return fmt.Errorf("keep mounts private: %w", err)
	}
	for path, content := range a.Files {
		f, err := os.CreateTemp("", "loopmatrix-*")
		if err != nil {
			return err
		}
		_, err = f.WriteString(content)
		if err == nil {
			err = f.Chmod(0o644) // the resolver may run as another user
		}
		if closed := f.Close(); err == nil {
			err = closed
		}
		if err == nil {
			err = unix.Mount(f.Name(), path, "", unix.MS_BIND, "")
		}
		if removed := os.Remove(f.Name()); err == nil { // the mount keeps the file
			err = removed
		}
		if err != nil {
			return fmt.Errorf("replace %s: %w", path, err)
		}
	}
	return nil
}
