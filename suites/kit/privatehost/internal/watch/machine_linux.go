package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/vishvananda/netlink"

	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// machine is what is known of this machine before the command runs.
type machine struct {
	// interfaces are those that were there, by index.
	interfaces map[int]string
	// own are the addresses of this machine and of whom it speaks with already: gateways and
	// neighbours. They may be of a prefix for examples, and what goes to them can't be told from
	// what the kit makes.
	own map[netip.Addr]bool
}

func (m machine) has(a netip.Addr) bool { return m.own[a] }

func thisMachine() (machine, error) {
	m := machine{map[int]string{}, map[netip.Addr]bool{}}
	links, err := netlink.LinkList()
	if err != nil {
		return m, err
	}
	for _, l := range links {
		m.interfaces[l.Attrs().Index] = l.Attrs().Name
		if l.Attrs().Flags&net.FlagLoopback != 0 {
			continue
		}
		if err := m.learn(l); err != nil {
			return m, fmt.Errorf("%s: %w", l.Attrs().Name, err)
		}
	}
	return m, nil
}

// known are the states of a neighbour that was reached (RFC 4861 7.3.2); of one that was not, only
// the question is there.
const known = netlink.NUD_REACHABLE | netlink.NUD_STALE | netlink.NUD_DELAY | netlink.NUD_PROBE | netlink.NUD_PERMANENT

func (m machine) learn(l netlink.Link) error {
	addresses, err := netlink.AddrList(l, netlink.FAMILY_ALL)
	if err != nil {
		return err
	}
	for _, a := range addresses {
		m.add(a.IP)
		m.add(a.Broadcast)
	}
	routes, err := netlink.RouteList(l, netlink.FAMILY_ALL)
	if err != nil {
		return err
	}
	for _, r := range routes {
		m.add(r.Gw)
	}
	neighbours, err := netlink.NeighList(l.Attrs().Index, netlink.FAMILY_ALL)
	if err != nil {
		return err
	}
	for _, n := range neighbours {
		if n.State&known != 0 {
			m.add(n.IP)
		}
	}
	return nil
}

// add spares an address, unless it is of this host by its very notation: that is no excuse for it
// to leave.
func (m machine) add(ip net.IP) {
	if a, is := netip.AddrFromSlice(ip); is && !in(a.Unmap(), loopback) {
		m.own[a.Unmap()] = true
	}
}

// listen spares whoever speaks to this machine: a network may be made of addresses for examples,
// with a name server and a proxy among them, while nobody at all answers what the kit would send
// there.
func (m machine) listen(all []crossing) {
	for _, f := range all {
		if _, was := m.interfaces[f.index]; !was || f.outgoing {
			continue
		}
		s := wire.Frame{Bytes: f.bytes}.Read()
		if a := s.Source.Addr().Unmap(); (s.Kind == "tcp" || s.Kind == "udp") && a.IsValid() {
			m.add(a.AsSlice())
		}
	}
}

// tell says what crossed the interfaces, names each frame of the kit, and gives the number of
// those. On interfaces that were there before, what comes in is not of this machine.
func (m machine) tell(out io.Writer, all []crossing) (offended int) {
	m.listen(all)
	kinds := map[string]int{}
	for _, f := range all {
		name, was := m.interfaces[f.index]
		if !was {
			name = fmt.Sprintf("new interface %d", f.index)
		}
		if was && !f.outgoing {
			continue
		}
		frame := wire.Frame{Direction: wire.Out, Bytes: f.bytes}
		kinds[name+": "+kind(frame.Read())]++
		if what := m.ofKit(f.bytes); what != "" {
			offended++
			say(out, "%s: %s: %s", name, frame, what)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(kinds)) {
		say(out, "%s: %d", k, kinds[k])
	}
	spared := slices.DeleteFunc(slices.SortedFunc(maps.Keys(m.own), netip.Addr.Compare), func(a netip.Addr) bool { return !in(a, documentation) })
	if len(spared) > 0 {
		say(out, "spared, because this machine speaks with them anyway: %s", strings.Trim(fmt.Sprint(spared), "[]"))
	}
	say(out, "%d frames of the kit", offended)
	return offended
}

// kind is what a frame is, with the server's port: "tcp 443".
func kind(s wire.Seen) string {
	if s.Kind != "tcp" && s.Kind != "udp" {
		return s.What()
	}
	return fmt.Sprint(s.Kind, " ", cmp.Or(min(s.Source.Port(), s.Destination.Port()), s.Destination.Port()))
}

func say(out io.Writer, format string, args ...any) {
	_, _ = fmt.Fprintf(out, "watch: "+format+"\n", args...)
}
