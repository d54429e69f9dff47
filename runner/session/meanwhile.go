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

// changed names what of the state of this machine is not as it was before.
func changed(before, after model.State) (what []string) {
	for _, part := range []struct {
		name       string
		then, here any
	}{
		{"lo", before.Lo, after.Lo},
		{"default route", before.DefaultRoute, after.DefaultRoute},
		{"IPv6", before.IPv6, after.IPv6},
		{"forwarding", before.Forwarding, after.Forwarding},
		{"packet filter", before.Filter, after.Filter},
		{"switches", before.Switches, after.Switches},
	} {
		if !reflect.DeepEqual(part.then, part.here) {
			what = append(what, part.name)
		}
	}
	return what
}

// routes lists what the routing tables of Linux hold about loopback addresses, sorted; nil if they
// can't be read, which the state says already (State.Unknown). Routes to other networks come and go,
// as with containers, and decide nothing here. On other systems it is nil: the BSDs, macOS and
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
