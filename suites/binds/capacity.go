package binds

import (
	"net/netip"
	"strconv"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.It(claim.Claim{
	ID:     "bind.capacity",
	Family: claim.Binds,
	Level:  claim.Folk,
	Source: claim.Source{Note: "\"16 million web servers on port 80\", the lore about 127.0.0.0/8; a run holds " + strconv.Itoa(listeners) +
		" listeners, and run --sweep listeners as many as half of the free memory takes"},
	Sentence: "One port can be listened on at once on as many addresses of 127.0.0.0/8 as one likes.",
	Question: "How many servers can listen on the same port, each on an address of its own?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "few-listeners",
	Counts:   true,
	Behaviours: append([]claim.Behaviour{
		{Word: "at-least-" + strconv.Itoa(listeners), Means: "the kit holds as many as it asks for at most, and those it dialled answered as themselves"},
		{Word: "unanswered", Means: "the kit holds them all, and not every one it dialled answered as itself"},
		{Word: claim.AnyErrno, Means: "this error came before"},
	}, heldBehaviours()...),
	Rule: howMany,
}, func(h *host.Host) observation.Set {
	seen, seated, err := probe.BindAll(h, sock.TCP, "", capacityAddresses())
	defer seated.Close()
	if err != nil {
		h.NotRun("bind", err)
	}
	if len(seated.Servers) < listeners {
		return seen // the limit that stopped it would stop clients as well
	}
	var some []netip.AddrPort
	for i, t := range seated.Targets() {
		if i%dialEvery == 0 {
			some = append(some, t)
		}
	}
	return append(seen, probe.Reach(h, "", seated.Servers, some, 1)...)
})

const (
	listeners = 256 // a /24 of the block, and what a process with 1024 descriptors can hold
	dialEvery = 16
)

// capacityAddresses are the addresses of 127.0.2.0/24: ordinary ones, and no others use them.
func capacityAddresses() []netip.Addr {
	out := make([]netip.Addr, listeners)
	for i := range out {
		out[i] = netip.AddrFrom4([4]byte{127, 0, 2, byte(i)})
	}
	return out
}

// howMany reads how many listeners were held, and whether they are different ones.
func howMany(seen observation.Set) claim.Answer {
	if len(seen.Op("limit")) > 0 {
		return heldListeners(seen)
	}
	bound, reached := seen.Op("bind"), seen.Op("reach")
	held := bound.Outcome(observation.OK).Count()
	failed := bound.Where(func(o observation.Observation) bool { return o.Errno != "" })
	switch {
	case held == listeners && reached.AllOK():
		return claim.Shows("at-least-"+strconv.Itoa(listeners), "%d dialled, each answered as itself", reached.Count())
	case held == listeners && len(reached) > 0:
		return claim.Shows("unanswered", "of %d dialled: %s", reached.Count(), list(reached.Errors()))
	case len(failed) > 0:
		return claim.Shows(failed[0].Errno, "%d of %d held, then %s", held, bound.Count(), list(failed.Errors()))
	default:
		return claim.Unclear("%d listeners were asked for", bound.Count())
	}
}
