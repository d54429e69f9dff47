package privatehost

import (
	"errors"
	"slices"

	"github.com/vishvananda/netlink"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
)

// Faults lists every fault, subject by subject.
func Faults() []Fault {
	return slices.Concat(loFaults(), routeFaults(), switchFaults(), linkFaults(), filterFaults(), outboundFaults(), rejectFaults(), fileFaults())
}

func steps(all ...step) step {
	return func(a host.Arrangement) error {
		for _, s := range all {
			if err := s(a); err != nil {
				return err
			}
		}
		return nil
	}
}

// onLo changes lo, unless the private host is to have it as the kernel makes it.
func onLo(change func(lo netlink.Link) error) step {
	return func(a host.Arrangement) error {
		if a.LoDown {
			return nil
		}
		return onLink("lo", change)
	}
}

// onCable changes the interface of the first cable; a private host without cables has no such
// fault.
func onCable(change func(cable netlink.Link) error) step {
	return func(a host.Arrangement) error {
		if a.Cables == 0 {
			return nil
		}
		return onLink(cableName(0), change)
	}
}

func onLink(name string, change func(netlink.Link) error) error {
	link, err := netlink.LinkByName(name)
	if err != nil {
		return err
	}
	return change(link)
}

// address is a change that puts an address on an interface.
func address(prefix string) func(netlink.Link) error {
	return func(link netlink.Link) error {
		a, err := netlink.ParseAddr(prefix)
		if err != nil {
			return err
		}
		if a.IP.To4() == nil {
			a.Flags = noDetection
		}
		return netlink.AddrAdd(link, a)
	}
}

// noAddress is a change that takes an address away.
func noAddress(prefix string) func(netlink.Link) error {
	return func(link netlink.Link) error {
		a, err := netlink.ParseAddr(prefix)
		if err != nil {
			return err
		}
		return netlink.AddrDel(link, a)
	}
}

// changes makes several changes of one interface.
func changes(all ...func(netlink.Link) error) func(netlink.Link) error {
	return func(link netlink.Link) error {
		var failed error
		for _, change := range all {
			failed = errors.Join(failed, change(link))
		}
		return failed
	}
}
