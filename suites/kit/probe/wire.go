package probe

import (
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// Leaving acts, and says which frames left the host over the cable meanwhile, closed by an outgoing
// marker: an observation of op "wire" with outcome OK for each kind of frame that match is true
// for, or a single one with outcome Nothing. What the act itself observed comes first; proto,
// variant and target are taken from it.
func Leaving(h *host.Host, c *wire.Cable, match func(wire.Frame) bool, act func() observation.Observation) observation.Set {
	p := c.Now()
	local := act()
	MarkOut(h, c)
	return append(observation.Set{local}, crossed(local, "wire", c.After(p), match)...)
}

// crossed describes the frames that left and for which match is true.
func crossed(about observation.Observation, op string, frames []wire.Frame, match func(wire.Frame) bool) observation.Set {
	var out observation.Set
	blank := observation.Observation{Op: op, Proto: about.Proto, Variant: about.Variant, Targets: about.Targets, Count: 1}
	for _, f := range frames {
		if f.Direction != wire.Out || !match(f) {
			continue
		}
		o := blank
		o.Outcome, o.Value, o.Calls = observation.OK, f.Read().Line(), []string{f.String()}
		o.Source = f.Read().Source.Addr().String()
		out = append(out, o)
	}
	if len(out) == 0 {
		blank.Outcome = observation.Nothing
		out = append(out, blank)
	}
	return observation.Fold(out)
}
