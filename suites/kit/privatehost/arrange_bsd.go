//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package privatehost

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"runtime"

	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost/internal/undo"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire/ifreq"
)

var (
	errMachine = errors.New("no private hosts on " + runtime.GOOS + ": it would be this machine itself, which " + Grant() + " would permit")
	errFresh   = errors.New("no network context that was just made on " + runtime.GOOS)
	errFiles   = errors.New("no files of its own for a private host on " + runtime.GOOS)
)

const onMachine = true

// machine is this machine in the place of a private host.
type machine struct {
	system ifreq.System
	guard  *undo.Guard
}

// will is told what would undo the next change.
type will = func(undo.Step) error

// arrange brings this machine into the state that is asked for, and plugs its cables. What it
// changes, a guard takes back, at the latest when this process ends.
func arrange(a host.Arrangement, fault string) (place, error) {
	if _, err := Find(fault); err != nil {
		return place{}, err
	}
	if !Permitted() {
		return place{}, errMachine
	}
	if a.Fresh {
		return place{}, errFresh
	}
	if len(a.Files) > 0 {
		return place{}, errFiles
	}
	system, err := ifreq.This()
	if err != nil {
		return place{}, err
	}
	guard, err := undo.Start(kinds(system), func(err error) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	})
	if err != nil {
		return place{}, err
	}
	m := machine{system, guard}
	var cables []*wire.Cable
	err = guard.Change(func(w will) error {
		cables, err = m.arrange(a, w)
		return err
	})
	if err != nil {
		return place{}, errors.Join(fmt.Errorf("arrange this machine: %w", err), guard.Close())
	}
	return place{cables, m, guard.Close}, nil
}

// arrange makes everything in a single change. The default routes of the machine give way first:
// without them, nothing that a spec sends far away leaves over an interface that is not a cable.
func (m machine) arrange(a host.Arrangement, w will) (cables []*wire.Cable, err error) {
	for _, s := range quiet {
		if _, unknown := readSwitch(s); unknown == nil {
			err = errors.Join(err, setSwitch(s, "0", w))
		}
	}
	if err == nil {
		err = dropDefaults(w)
	}
	for n := 0; err == nil && n < a.Cables; n++ {
		var c *wire.Cable
		if c, err = m.cable(n, a, w); err == nil {
			cables = append(cables, c)
		}
	}
	if err == nil && a.Route {
		for _, gateway := range addresses(cables[0].Peer, a) {
			err = errors.Join(err, addRoute(netip.PrefixFrom(unspecified(gateway), 0), 0, gateway, w))
		}
	}
	if a.Forward4 {
		a.Switches = append([][2]string{{"net.inet.ip.forwarding", "1"}}, a.Switches...)
	}
	if a.Forward6 {
		a.Switches = append([][2]string{{"net.inet6.ip6.forwarding", "1"}}, a.Switches...)
	}
	for _, s := range a.Switches {
		if err == nil {
			err = setSwitch(s[0], s[1], w)
		}
	}
	if err == nil && a.LoDown {
		err = m.loDown(w)
	}
	return cables, err
}

func unspecified(like netip.Addr) netip.Addr {
	if like.Is4() {
		return netip.IPv4Unspecified()
	}
	return netip.IPv6Unspecified()
}

// cable makes the n-th cable.
func (m machine) cable(n int, a host.Arrangement, w will) (*wire.Cable, error) {
	made, err := wire.Make(func(name string) error { return w(undo.Step{Kind: "destroy", Args: []string{name}}) })
	if errors.Is(err, unix.EEXIST) { // another process has just made one of this name
		return nil, errors.Join(err, m.guard.Forget())
	}
	if err != nil {
		return nil, err
	}
	c := &wire.Cable{Name: made.Name, Kind: made.Kind, Host: stations[n][0], Peer: stations[n][1]}
	if err := m.prepare(c, a); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", c.Name, err), made.End.Close())
	}
	c = wire.Plug(c, made.End)
	m.guard.Hold(c.Close) // FreeBSD destroys no interface whose device is open
	return c, nil
}

// prepare gives the host's interface its addresses. Where the system does not take the link
// address, it keeps its own.
func (m machine) prepare(c *wire.Cable, a host.Arrangement) error {
	_ = m.system.Relabel(c.Name, c.Host.MAC)
	if err := m.system.SetUp(c.Name, true); err != nil {
		return fmt.Errorf("up: %w", err)
	}
	for _, own := range addresses(c.Host, a) {
		bits := 24
		if own.Is6() {
			bits = 64
		}
		if err := m.system.Assign(c.Name, netip.PrefixFrom(own, bits)); err != nil {
			return fmt.Errorf("assign %s: %w", own, err)
		}
	}
	is, err := net.InterfaceByName(c.Name)
	if err != nil {
		return err
	}
	c.Index, c.Host.MAC = is.Index, is.HardwareAddr
	return nil
}

// loDown takes the loopback interface down. Its addresses stay, as the system leaves them.
func (m machine) loDown(w will) error {
	all, err := net.Interfaces()
	if err != nil {
		return err
	}
	for _, i := range all {
		if i.Flags&net.FlagLoopback != 0 && i.Flags&net.FlagUp != 0 {
			return m.setUp(i, false, w)
		}
	}
	return errors.New("no loopback interface is up")
}

func init() {
	undo.Handle(func() (undo.Kinds, error) { system, err := ifreq.This(); return kinds(system), err })
}
