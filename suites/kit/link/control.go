package link

import (
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Control is the operation of the observations that tell whether an option does what it is for,
// which they must before "nothing left" means something for a socket that has it: OK if a packet to
// the neighbour leaves by the cable that the socket is tied to, and none by the cable if it is tied
// to lo; otherwise Nothing or Astray.
const Control = "control"

// Leaving observes, as controls, whether these packets to the neighbour leave by the cable.
func Leaving(h *host.Host, all []probe.Emission) observation.Set {
	return judged(probe.Emit(h, h.Cable(), all), leaves)
}

// controls observes both for an option: the first for each protocol, the second for datagrams.
func controls(h *host.Host, variant string, option sock.Option, f sock.Family) observation.Set {
	c := h.Cable()
	neighbour := c.Peer.IPv4
	if f == sock.Inet6 {
		neighbour = c.Peer.IPv6
	}
	seen := Leaving(h, Tied(variant, option, c.Index, neighbour))
	if option == sock.DontRoute { // it names no interface
		return seen
	}
	elsewhere := Tied(variant, option, h.Lo().Index, neighbour)
	return append(seen, judged(probe.Emit(h, c, elsewhere[:1]), staysAway)...)
}

// judged makes a control of each attempt in what Emit observed, by what the cable carried because
// of it.
func judged(emitted observation.Set, outcome func(crossed observation.Set) observation.Outcome) observation.Set {
	var out observation.Set
	for _, local := range emitted {
		if local.Op == "wire" || local.Op == "socket" || local.Op == SetOption { // nothing was tried
			continue
		}
		crossed := Crossed(emitted).Where(func(o observation.Observation) bool { return o.Proto == local.Proto && !IsQuestion(o) })
		o := local
		o.Op, o.Value, o.Errno, o.Number, o.Outcome = Control, List(crossed.Values()), "", 0, outcome(crossed)
		for _, frame := range crossed {
			o.Calls = append(o.Calls, frame.Calls...)
		}
		out = append(out, o)
	}
	return out
}

func leaves(crossed observation.Set) observation.Outcome {
	if len(crossed) > 0 {
		return observation.OK
	}
	return observation.Nothing
}

func staysAway(crossed observation.Set) observation.Outcome {
	if len(crossed) > 0 {
		return observation.Astray
	}
	return observation.OK
}

// Silent gives the answer that nothing was seen on the cable, unless a control of an option failed.
func Silent(seen observation.Set, nothing claim.Answer) claim.Answer {
	failed := seen.Op(Control).Where(func(o observation.Observation) bool { return o.Outcome != observation.OK })
	if o, any := failed.First(); any {
		what := "a packet to the neighbour did not leave by the cable"
		if o.Outcome == observation.Astray {
			what = "a packet left by the cable although its socket was tied to lo"
		}
		return claim.Unclear("nothing was seen, but a control failed (%s, %s): %s", o.Variant, o.Proto, what)
	}
	return nothing
}
