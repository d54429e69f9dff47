package compare

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// model returns what a comparison says about the platforms of a pair.
func (p pair) model() model.Pair {
	out := model.Pair{Old: side(p.old), New: side(p.now)}
	if p.old == nil || p.now == nil {
		return out
	}
	was, is := facts(*p.old), facts(*p.now)
	names := slices.Collect(maps.Keys(was))
	names = slices.AppendSeq(names, maps.Keys(is))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if was[name] != is[name] {
			out.Differs = append(out.Differs, model.Fact{Name: name, Old: was[name], New: is[name]})
		}
	}
	return out
}

func side(c *model.Column) *model.Side {
	if c == nil {
		return nil
	}
	return &model.Side{ID: c.ID, Title: c.Title, Measured: c.Measured.UTC().Truncate(time.Second), Kit: c.Kit}
}

// facts are what may be why a host answers otherwise: what it is, who asked, how it was set, and
// who measured. Remarks and what differs from start to start, such as the index of lo, are none.
func facts(c model.Column) map[string]string {
	out := map[string]string{
		"kit.version":          c.Kit.Version,
		"kit.commit":           c.Kit.Commit,
		"platform.id":          c.ID,
		"platform.version":     c.Version,
		"platform.kernel":      c.Kernel,
		"platform.arch":        c.Arch,
		"platform.environment": c.Environment,
		"platform.privileged":  strconv.FormatBool(c.Privileged),
		"platform.wire":        c.Wire,

		"platform.state.default_route.ipv4": known(c.State.DefaultRoute.IPv4),
		"platform.state.default_route.ipv6": known(c.State.DefaultRoute.IPv6),
		"platform.state.forwarding.ipv4":    known(c.State.Forwarding.IPv4),
		"platform.state.forwarding.ipv6":    known(c.State.Forwarding.IPv6),
		"platform.state.ipv6":               known(c.State.IPv6),
		"platform.state.filter":             c.State.Filter,
		"platform.state.user":               c.State.User,
	}
	if lo := c.State.Lo; lo != nil {
		out["platform.state.lo.mtu"] = strconv.FormatInt(lo.MTU, 10)
		for _, a := range lo.Addresses {
			out["platform.state.lo.addresses "+a] = "there"
		}
	}
	for name, value := range c.State.Switches {
		out["platform.state.switches."+name] = value
	}
	return out
}

// known is a fact that may not have been read.
func known(b *bool) string {
	if b == nil {
		return ""
	}
	return strconv.FormatBool(*b)
}
