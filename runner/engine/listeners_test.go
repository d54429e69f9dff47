package engine

import (
	"context"
	"io/fs"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/loopmatrix/loopmatrix/reports/model"
	_ "github.com/loopmatrix/loopmatrix/suites/binds" // declares the claim
	"github.com/loopmatrix/loopmatrix/suites/kit/capacity"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/fake"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/sweep"
)

// TestLimitsAreTheReports: what stops listeners has the same words in the report.
func TestLimitsAreTheReports(t *testing.T) {
	var ours, theirs []string
	for _, l := range capacity.Limits() {
		ours = append(ours, string(l))
	}
	for _, l := range model.Limits() {
		theirs = append(theirs, string(l))
	}
	if !slices.Equal(ours, theirs) {
		t.Errorf("%v, and in the report %v", ours, theirs)
	}
}

// whole is a report in which every claim was left out.
func whole() model.Report {
	var r model.Report
	for _, e := range claim.Catalogue() {
		r.Results = append(r.Results, model.Result{Claim: e.ID, Finding: claim.Finding{Verdict: claim.NotRun, Reason: model.NotSelected}, Runs: model.Runs{N: 1, Same: 1}})
	}
	return r
}

// held is a machine in memory that holds listeners.
func held(most int) capacity.Plan {
	stack := fake.Linux().Bare()
	return capacity.Plan{Most: most, Workers: 1, Stack: stack, Start: func() (capacity.Holder, error) { return capacity.Holding(stack), nil }}
}

func result(r model.Report) model.Result {
	i := slices.IndexFunc(r.Results, func(r model.Result) bool { return r.Claim == capacityClaim })
	return r.Results[i]
}

func TestListenersDecideTheirClaim(t *testing.T) {
	before := whole()
	after, interrupted := Listeners(context.Background(), held(1200), before, &capacity.Progress{})
	if got := result(after); interrupted || got.Verdict != claim.Observed || got.Behaviour != "at-least-1000" || got.Runs.N != 1 {
		t.Errorf("%+v, interrupted: %v", got.Finding, interrupted)
	}
	if result(before).Verdict != claim.NotRun {
		t.Error("the report that was given has changed")
	}
	c := after.Capacity
	if c == nil || c.Held != 1200 || c.Limit != model.LimitCount || len(c.Ranges) != 1 || c.Ranges[0] != "127.0.0.1-127.0.4.176" || c.Processes != 1 || c.Extrapolation != nil {
		t.Fatalf("%+v", c)
	}
	for i, r := range after.Results {
		if r.Claim != capacityClaim && r.Verdict != before.Results[i].Verdict {
			t.Errorf("%s has become %s", r.Claim, r.Verdict)
		}
	}
}

func TestListenersThatCannotBegin(t *testing.T) {
	p := held(1200)
	p.Start = func() (capacity.Holder, error) {
		return nil, &fs.PathError{Op: "fork/exec", Path: "/home/somebody/loopmatrix", Err: syscall.EAGAIN}
	}
	after, interrupted := Listeners(context.Background(), p, whole(), &capacity.Progress{})
	if c := after.Capacity; interrupted || c == nil || c.Reason != "fork/exec: "+sock.Reason(syscall.EAGAIN) || c.Asked != 1200 || result(after).Verdict != claim.NotRun {
		t.Errorf("%+v, %v", after.Capacity, interrupted)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	after, interrupted = Listeners(ctx, held(0), whole(), &capacity.Progress{})
	if c := after.Capacity; !interrupted || c == nil || c.Reason != model.Interrupted || c.Asked != model.WholeBlock {
		t.Errorf("%+v, %v", after.Capacity, interrupted)
	}
}

// deaf is a holder whose listeners can't take a connection.
type deaf struct{ capacity.Holder }

func (deaf) Accept(sweep.Offset, time.Duration) (capacity.Accepted, error) {
	return capacity.Accepted{}, sock.Errno("accept", "ECONNABORTED", 103)
}

func TestListenersThatTakeNothing(t *testing.T) {
	p := held(1200)
	start := p.Start
	p.Start = func() (capacity.Holder, error) {
		o, err := start()
		return deaf{o}, err
	}
	after, _ := Listeners(context.Background(), p, whole(), &capacity.Progress{})
	if got := result(after); got.Verdict != claim.Observed || got.Behaviour != "unanswered" {
		t.Errorf("%+v", got.Finding)
	}
}
