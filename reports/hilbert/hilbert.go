// Package hilbert draws what a sweep found: 127.0.0.0/8 on a Hilbert curve, on which neighbouring
// addresses stay neighbours and every prefix is a square or two.
//
// D. Hilbert, "Über die stetige Abbildung einer Linie auf ein Flächenstück", 1891. The curve begins
// in the upper left corner with 127.0.0.0 and ends in the upper right one with 127.255.255.255.
package hilbert

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"go4.org/netipx"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// Side is how many addresses the block is wide on the curve: 4096 by 4096 are all 16,777,216.
const Side = 4096

// order is how many levels the curve of the block has.
const order = 12

// Point is where the address with this offset in the block (0 for 127.0.0.0) lies on the curve of
// so many levels, which is 1<<levels addresses wide.
func Point(offset uint32, levels int) (x, y int) {
	for level := range levels {
		quarter := offset >> (2 * level) & 3
		side := 1 << level
		switch quarter {
		case 0:
			x, y = y, x
		case 1:
			y += side
		case 2:
			x, y = x+side, y+side
		case 3:
			x, y = 2*side-1-y, side-1-x
		}
	}
	return x, y
}

// Square is a part of the map.
type Square struct {
	X, Y, Side int
	State      State
}

// State is what a part of the map shows.
type State int

// The states, as in the legend.
const (
	Unasked State = iota // nobody has asked
	Alive                // it works
	Refused              // an answer said no
	Barred               // the system does not let it be sent or bound: EACCES, EADDRNOTAVAIL, ENETUNREACH
	Silent               // nothing came back
	Odd                  // anything else
)

// stateOf is how an outcome looks.
func stateOf(o observation.Outcome) State {
	switch o {
	case observation.OK:
		return Alive
	case observation.Refused:
		return Refused
	case observation.Denied, observation.Unavailable, observation.Unreachable, observation.Invalid, observation.InUse, observation.Unsupported:
		return Barred
	case observation.Timeout, observation.Lost, observation.Nothing:
		return Silent
	default:
		return Odd
	}
}

// Squares lists the parts of the map of sweeps, which have asked different parts of the block, in
// the order in which they are to be drawn: the later ones lie upon the earlier ones.
func Squares(sweeps ...model.Sweep) ([]Square, error) {
	out := []Square{{0, 0, Side, Unasked}}
	for _, s := range sweeps {
		var err error
		if out, err = add(out, s.Prefix, Alive); err != nil {
			return nil, err
		}
		for _, x := range s.Exceptions {
			if out, err = add(out, x.CIDR, stateOf(x.Outcome)); err != nil {
				return nil, err
			}
		}
		for _, cidr := range s.Left {
			if out, err = add(out, cidr, Unasked); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

func add(all []Square, cidr string, state State) ([]Square, error) {
	p, err := part(cidr)
	if err != nil {
		return nil, err
	}
	return append(all, squares(p, state)...), nil
}

func part(cidr string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(cidr)
	if err != nil || !p.Addr().Is4() || p.Addr().As4()[0] != 127 || p.Bits() < 8 {
		return p, fmt.Errorf("%q is no part of 127.0.0.0/8", cidr)
	}
	return p, nil
}

// few are the squares of what works, if that is the exception: they are drawn last, so that what is
// drawn larger than it is around a single address that works does not hide it.
func few(s model.Sweep) ([]Square, error) {
	if s.Delivered == 0 || 2*s.Delivered > s.Addresses {
		return nil, nil
	}
	var left netipx.IPSetBuilder
	asked, err := part(s.Prefix)
	left.AddPrefix(asked)
	dead := slices.Clone(s.Left)
	for _, x := range s.Exceptions {
		dead = append(dead, x.CIDR)
	}
	for _, cidr := range dead {
		p, wrong := part(cidr)
		left.RemovePrefix(p)
		err = errors.Join(err, wrong)
	}
	set, wrong := left.IPSet()
	if err = errors.Join(err, wrong); err != nil {
		return nil, err
	}
	var out []Square
	for _, p := range set.Prefixes() {
		out = append(out, squares(p, Alive)...)
	}
	return out, nil
}

// squares are the one or two squares of a prefix.
func squares(p netip.Prefix, state State) []Square {
	a := p.Masked().Addr().As4()
	offset := uint32(a[1])<<16 | uint32(a[2])<<8 | uint32(a[3])
	level := (32 - p.Bits()) / 2 // a square of 4 to the level addresses
	n := 1 + (32-p.Bits())%2
	out := make([]Square, n)
	for i := range out {
		x, y := Point(offset>>(2*level)+uint32(i), order-level)
		out[i] = Square{x << level, y << level, 1 << level, state}
	}
	return out
}
