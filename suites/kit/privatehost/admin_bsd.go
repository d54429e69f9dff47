//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package privatehost

import (
	"net"
	"net/netip"

	"golang.org/x/net/route"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost/internal/undo"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// change makes a change to an interface. The error is a *sock.Error.
func (m machine) change(op string, index int, do func(net.Interface, will) error) error {
	i, err := net.InterfaceByIndex(index)
	if err == nil {
		err = m.guard.Change(func(w will) error { return do(*i, w) })
	}
	return sock.SystemError(op, err)
}

func (m machine) SetUp(index int, up bool) error {
	return m.change("set link", index, func(i net.Interface, w will) error {
		if up == (i.Flags&net.FlagUp != 0) {
			return nil
		}
		return m.setUp(i, up, w)
	})
}

// setUp changes the state of an interface. With one that goes down, its addresses and the routes
// that somebody made over it may go as well.
func (m machine) setUp(i net.Interface, up bool, w will) error {
	if up {
		if err := w(undo.Step{Kind: "down", Args: []string{i.Name}}); err != nil {
			return err
		}
		return m.system.SetUp(i.Name, true)
	}
	static, err := routes(func(r *route.RouteMessage) bool { return r.Index == i.Index && r.Flags&unix.RTF_STATIC != 0 })
	if err != nil {
		return err
	}
	for _, s := range static {
		if err := w(undo.Step{Kind: "route", Args: []string{"add", "over", i.Name}, Raw: typed(s, unix.RTM_ADD)}); err != nil {
			return err
		}
	}
	own, err := prefixes(i)
	if err != nil {
		return err
	}
	for _, a := range own {
		if a.Addr().IsLinkLocalUnicast() {
			continue // the kernel makes it anew
		}
		if err := w(undo.Step{Kind: "assign", Args: []string{i.Name, a.String()}}); err != nil {
			return err
		}
	}
	if err := w(undo.Step{Kind: "up", Args: []string{i.Name}}); err != nil {
		return err
	}
	return m.system.SetUp(i.Name, false)
}

// prefixes are the addresses of an interface.
func prefixes(i net.Interface) ([]netip.Prefix, error) {
	all, err := i.Addrs()
	if err != nil {
		return nil, err
	}
	var out []netip.Prefix
	for _, a := range all {
		n, is := a.(*net.IPNet)
		if !is {
			continue
		}
		address, _ := netip.AddrFromSlice(n.IP)
		bits, _ := n.Mask.Size()
		out = append(out, netip.PrefixFrom(address.Unmap(), bits))
	}
	return out, nil
}

func (m machine) Assign(index int, address netip.Prefix) error {
	return m.change("assign address", index, func(i net.Interface, w will) error {
		if err := w(undo.Step{Kind: "remove", Args: []string{i.Name, address.String()}}); err != nil {
			return err
		}
		own, err := prefixes(i)
		if err != nil {
			return err
		}
		for _, a := range own {
			if a.Addr() == address.Addr() { // it is the machine's
				return m.guard.Forget()
			}
		}
		return m.system.Assign(i.Name, address)
	})
}

func (m machine) Remove(index int, address netip.Prefix) error {
	return m.change("remove address", index, func(i net.Interface, w will) error {
		if err := w(undo.Step{Kind: "assign", Args: []string{i.Name, address.String()}}); err != nil {
			return err
		}
		return m.system.Remove(i.Name, address.Addr())
	})
}

func (m machine) Route(to netip.Prefix, index int, gateway netip.Addr) error {
	return m.change("add route", index, func(i net.Interface, w will) error { return addRoute(to, i.Index, gateway, w) })
}

// Set sets a switch. sysctl(8) says in words that it does not know one, so the number is that of
// sysctl(3).
func (m machine) Set(name, value string) error {
	if _, err := readSwitch(name); err != nil {
		return sock.SystemError("set switch", unix.ENOENT)
	}
	return sock.SystemError("set switch", m.guard.Change(func(w will) error { return setSwitch(name, value, w) }))
}
