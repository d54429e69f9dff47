package model

import (
	"fmt"
	"net/netip"
	"slices"
)

// block is what a sweep walks through.
var block = netip.MustParsePrefix("127.0.0.0/8")

func (p *problems) sweep(path string, s Sweep) {
	p.unless(slices.Contains([]string{"udp", "bind", "tcp", "icmp"}, s.Protocol), path+".protocol", "%q is none of udp, bind, tcp, icmp", s.Protocol)
	whole, _ := p.part(path+".prefix", s.Prefix)
	p.unless(s.Addresses >= 0 && s.Addresses <= whole, path+".addresses", "%d is not from 0 to %d", s.Addresses, whole)
	p.unless(s.Delivered >= 0 && s.Delivered <= s.Addresses, path+".delivered", "%d is not from 0 to addresses, which is %d", s.Delivered, s.Addresses)
	p.unless(s.Late >= 0 && s.Late <= s.Delivered, path+".late", "%d is not from 0 to delivered, which is %d", s.Late, s.Delivered)
	p.unless(s.Seconds >= 0, path+".seconds", "%v is negative", s.Seconds)
	var parts ranges
	dead, left := 0, 0
	for i, x := range s.Exceptions {
		at := fmt.Sprintf("%s.exceptions[%d]", path, i)
		size, prefix := p.part(at+".cidr", x.CIDR)
		dead += size
		parts = append(parts, ranged{at + ".cidr", prefix})
		p.outcome(at+".outcome", x.Outcome)
	}
	for i, cidr := range s.Left {
		at := fmt.Sprintf("%s.left[%d]", path, i)
		size, prefix := p.part(at, cidr)
		left += size
		parts = append(parts, ranged{at, prefix})
	}
	p.unless(s.Delivered+dead == s.Addresses, path+".exceptions", "they are %d addresses, but addresses - delivered is %d", dead, s.Addresses-s.Delivered)
	p.unless(s.Addresses+left == whole || s.Reason != "", path+".left", "%d addresses were asked and %d are left, but %s has %d", s.Addresses, left, s.Prefix, whole)
	p.apart(parts)
}

// part reads a part of the block, and says how many addresses it has.
func (p *problems) part(path, cidr string) (int, netip.Prefix) {
	prefix, err := netip.ParsePrefix(cidr)
	if err != nil || prefix.Bits() < block.Bits() || !block.Contains(prefix.Addr()) || prefix.Masked() != prefix {
		p.unless(false, path, "%q is no part of %s", cidr, block)
		return 0, netip.Prefix{}
	}
	return 1 << (32 - prefix.Bits()), prefix
}

// ranged is a part of the block and where it stands.
type ranged struct {
	path   string
	prefix netip.Prefix
}

type ranges []ranged

// apart demands that no address is in two ranges.
func (p *problems) apart(all ranges) {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b ranged) int { return a.prefix.Addr().Compare(b.prefix.Addr()) })
	for i := 1; i < len(sorted); i++ {
		a, b := sorted[i-1], sorted[i]
		p.unless(!a.prefix.IsValid() || !b.prefix.IsValid() || !a.prefix.Overlaps(b.prefix), b.path, "%s is in %s already", b.prefix, a.prefix)
	}
}
