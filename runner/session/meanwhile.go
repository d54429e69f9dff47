package session

import (
	"fmt"
	"net/netip"
	"reflect"
	"runtime"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// changed names what of the state of a machine is not as it was before. A packet filter that this
// user could not read once is not compared: that its modules were loaded meanwhile, as for a
// private host, changes nothing. Nor are the switches of gVisor, where those of a private host are
// the machine's own.
func changed(before, after model.Platform) (what []string) {
	then, now := before.State, after.State
	unread := strings.Contains(then.Filter+now.Filter, unreadFilter)
	shared := before.Environment == "gvisor"
	for _, part := range []struct {
		name      string
		then, now any
		left      bool
	}{
		{"lo", then.Lo, now.Lo, false},
		{"default route", then.DefaultRoute, now.DefaultRoute, false},
		{"IPv6", then.IPv6, now.IPv6, false},
		{"forwarding", then.Forwarding, now.Forwarding, shared},
		{"packet filter", then.Filter, now.Filter, unread},
		{"switches", then.Switches, now.Switches, shared},
	} {
		if !part.left && !reflect.DeepEqual(part.then, part.now) {
			what = append(what, part.name)
		}
	}
	return what
}

// unreadFilter is in what the state says of a packet filter of which something could not be read.
const unreadFilter = "unknown"

// routes lists what the routing tables of Linux hold about loopback addresses, sorted; nil if they
// can't be read, which the state says already (State.Unknown). Routes to other networks come and
// go, as with containers, and decide nothing here. On other systems it is nil: the BSDs, macOS and
// Windows keep neighbours in that table.
func routes(network netif.Network) []string {
	all, err := network.Routes()
	if err != nil || runtime.GOOS != "linux" {
		return nil
	}
	out := []string{}
	for _, r := range all {
		if d := r.Destination; d.Bits() > 0 && slices.ContainsFunc(loopback, d.Overlaps) {
			out = append(out, fmt.Sprint(r))
		}
	}
	slices.Sort(out)
	return out
}

// loopback are the prefixes of loopback addresses, also of IPv4 in IPv6.
var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128"), netip.MustParsePrefix("::ffff:127.0.0.0/104")}

// rerouted reports whether two lists of routes differ, where both could be read.
func rerouted(before, after []string) bool {
	return before != nil && after != nil && !slices.Equal(before, after)
}

// unsettled makes the answers about this machine inconclusive, since some of them may be of the
// state before a change, and some of the one after it. What was measured in private hosts stays.
func unsettled(results []claim.Result, what []string) {
	private := map[string]bool{}
	for _, e := range claim.Catalogue() {
		private[e.ID] = len(e.Parts) > 0 && !slices.ContainsFunc(e.Parts, func(p claim.Part) bool { return p.Here })
	}
	reason := strings.Join(what, ", ") + " changed while this machine was measured"
	for i := range results {
		r := &results[i]
		if r.Verdict == claim.NotRun || r.Verdict == claim.Inconclusive || private[r.Claim] {
			continue
		}
		r.Finding = claim.Finding{Verdict: claim.Inconclusive, Reason: reason}
		r.Observations = append(slices.Clone(r.Observations),
			observation.Observation{Op: claim.Precondition, Value: reason, Outcome: observation.Failed, Count: 1})
	}
}
