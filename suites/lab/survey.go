package lab

import (
	"runtime"
	"slices"
	"sync"

	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/observe"
)

// Survey measures every claim on private hosts with this fault, in the order of the catalogue; an empty name is the
// healthy host. Claims that this version can't measure are not among the results. Private hosts share nothing, so
// several are measured side by side.
func Survey(fault string, seed uint64) ([]claim.Result, error) {
	var all sync.WaitGroup
	room := make(chan struct{}, runtime.NumCPU())
	side := func(measure func()) {
		all.Go(func() {
			room <- struct{}{}
			defer func() { <-room }()
			measure()
		})
	}
	var shared []claim.Result
	var failed error
	side(func() { shared, failed = Measure(fault, seed) })
	private := map[string][]attempt{}
	for _, e := range claim.Catalogue() {
		parts := make([]attempt, len(e.Parts))
		private[e.ID] = parts
		for i := range parts {
			side(func() { parts[i].err = Private(fault, seed)(e.ID, i, &parts[i].result) })
		}
	}
	all.Wait()
	if failed != nil {
		return nil, failed
	}
	return inOrder(shared, private), nil
}

// attempt is one part of a claim that was to be measured in a private host.
type attempt struct {
	result claim.Result
	err    error
}

func inOrder(shared []claim.Result, private map[string][]attempt) (all []claim.Result) {
	for _, e := range claim.Catalogue() {
		switch i := slices.IndexFunc(shared, func(r claim.Result) bool { return r.Claim == e.ID }); {
		case i >= 0:
			all = append(all, shared[i])
		case len(e.Parts) > 0:
			all = append(all, joined(e, private[e.ID]))
		}
	}
	return all
}

func joined(e claim.Entry, attempts []attempt) claim.Result {
	parts := make([]claim.Result, len(attempts))
	for i, a := range attempts {
		if a.err != nil {
			return claim.Result{Claim: e.ID, Finding: observe.Finding{Verdict: observe.NotRun, Reason: a.err.Error()}}
		}
		parts[i] = a.result
	}
	return claim.Join(e, parts)
}
