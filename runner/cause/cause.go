// Package cause says why loopback does not work on a machine as it does elsewhere. A cause is data:
// the signs that point to it, what shows more of it, what mends it, and the commands that make it
// in a private host, in which the tests try both. The signs are read from a report of this machine
// and from its settings; nothing is sent and nothing is changed.
package cause

import (
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// Cause is something about a machine that keeps loopback from working, or that changes it.
type Cause struct {
	// ID is the word for it: "lo-down".
	ID string
	// Says is a sentence on it.
	Says string
	// Signs point to it: each of them suffices.
	Signs []Sign
	// Brings are the causes whose signs follow from this one; they are not named beside it.
	Brings []string
	// More is a command that shows more of it, and Remedy one that takes it away, by the family of
	// the system (Platform.Family). ADDRESS stands for the address that shows the cause.
	More, Remedy map[string]string
	// Unless is what the remedy does not mend, if that is something.
	Unless string
	// Breaks are commands for sh(1) that make it in a private host of Linux, and Untried says why
	// there are none.
	Breaks, Untried string
}

// Facts are what the signs are read from.
type Facts struct {
	// Report is of this machine: the claims that need no cable, and the state.
	Report model.Report
	// Hosts is what the hosts file has to say of localhost.
	Hosts Hosts
}

// Found is a cause that the facts point to.
type Found struct {
	// ID is that of the cause.
	ID string `json:"id"`
	// Says is a sentence on it.
	Says string `json:"says"`
	// Seen is what points to it: "if.lo.up: down (lo)".
	Seen []string `json:"seen"`
	// More is a command that shows more of it, Remedy one that takes it away; empty if there is
	// none for this system.
	More   string `json:"more,omitempty"`
	Remedy string `json:"remedy,omitempty"`
	// Unless is what the remedy does not mend.
	Unless string `json:"unless,omitempty"`
	// Tried reports whether a test saw the remedy work on this system.
	Tried bool `json:"tried"`
}

// Find returns the causes that the facts point to, the likeliest first.
func Find(f Facts) []Found {
	var out []Found
	brought := map[string]bool{}
	for _, c := range All() {
		seen, target := c.seen(f)
		if len(seen) == 0 || brought[c.ID] {
			continue
		}
		for _, id := range c.Brings {
			brought[id] = true
		}
		family := f.Report.Platform.Family
		remedy := strings.ReplaceAll(c.Remedy[family], "ADDRESS", target)
		found := Found{ID: c.ID, Says: c.Says, Seen: seen, More: strings.ReplaceAll(c.More[family], "ADDRESS", target), Remedy: remedy}
		if remedy != "" {
			found.Unless, found.Tried = c.Unless, c.Breaks != "" && family == linux
		}
		out = append(out, found)
	}
	return out
}

// seen returns what points to a cause, and the address that shows it first.
func (c Cause) seen(f Facts) (evidence []string, target string) {
	for _, s := range c.Signs {
		e, at := s.seen(f)
		if e != "" && !slices.Contains(evidence, e) {
			evidence = append(evidence, e)
		}
		if target == "" {
			target = at
		}
	}
	return evidence, target
}

// Failing returns those of the claims that programs count on, such as that 127.0.0.1 takes
// connections, that deviate here or could not be answered. Where there are some, and no cause was
// found, something is wrong that this kit does not know.
func Failing(r model.Report) []model.Result {
	f := Facts{Report: r}
	var out []model.Result
	for _, id := range slices.Concat(traffic, []string{"v6.lo.delivery", "name.localhost.v4"}) {
		if result := f.result(id); result.Verdict == claim.Deviates || result.Verdict == claim.Inconclusive {
			out = append(out, result)
		}
	}
	return out
}
