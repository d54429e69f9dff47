package privatehost

import (
	"runtime"
	"slices"
	"sync"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Surveys measures all claims on private hosts. Its methods may be called from several goroutines:
// private hosts share nothing, so several of them are measured side by side, however many surveys
// are under way.
type Surveys struct {
	seed uint64
	// hosts and parts are the room for private hosts: for those in which one claim after another is
	// measured, and for those of one part of a claim.
	hosts, parts chan struct{}
}

// waiting is how many private hosts of each sort are there at once for each processor. They wait
// most of the time, for what a fault has silenced.
const waiting = 8

// NewSurveys makes room for surveys with this seed.
func NewSurveys(seed uint64) *Surveys {
	n := runtime.NumCPU()
	return &Surveys{seed, make(chan struct{}, waiting*n), make(chan struct{}, waiting*n)}
}

// Survey measures every claim on private hosts with this fault, in the order of the catalogue; an
// empty name is the healthy host. Claims that this version can't measure are not among the results.
func (s *Surveys) Survey(fault string) ([]claim.Result, error) {
	var all sync.WaitGroup
	side := func(room chan struct{}, measure func()) {
		all.Go(func() {
			room <- struct{}{}
			defer func() { <-room }()
			measure()
		})
	}
	var shared []claim.Result
	var failed error
	side(s.hosts, func() { shared, failed = Measure(fault, s.seed) })
	private := map[string][]attempt{}
	for _, e := range published() {
		parts := make([]attempt, len(e.Parts))
		private[e.ID] = parts
		for i := range parts {
			side(s.parts, func() { parts[i].err = Private(fault, s.seed)(e.ID, i, &parts[i].result) })
		}
	}
	all.Wait()
	if failed != nil {
		return nil, failed
	}
	return inOrder(shared, private), nil
}

// published are the claims of the catalogue, without those that a test declares.
func published() []claim.Entry {
	known := map[string]bool{}
	for _, g := range claim.Golden() {
		known[g.ID] = true
	}
	return slices.DeleteFunc(claim.Catalogue(), func(e claim.Entry) bool { return !known[e.ID] })
}

// attempt is one part of a claim that was to be measured in a private host.
type attempt struct {
	result claim.Result
	err    error
}

func inOrder(shared []claim.Result, private map[string][]attempt) (all []claim.Result) {
	for _, e := range published() {
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
			return claim.Result{Claim: e.ID, Finding: claim.Finding{Verdict: claim.NotRun, Reason: sock.Reason(a.err)}}
		}
		parts[i] = a.result
	}
	return claim.Join(e, parts)
}
