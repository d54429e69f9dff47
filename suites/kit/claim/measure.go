package claim

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Deadline is the longest time one spec may take: a host on which every address of the block is
// silent needs sock.RefusalPatience and a few waits of sock.Patience, one after the other.
const Deadline = 30 * time.Second

// Result is one measured claim.
type Result struct {
	Claim string
	Finding
	Observations observation.Set
	// Captures are what crossed the cables, one of each part that had any.
	Captures []Capture
}

// Capture is a section of a pcapng file, with "CLAIM: PART" as its comment.
type Capture struct {
	Part  string
	Bytes []byte
}

// pointers are the addresses of values of this process in a message of gomega, which differ from
// run to run.
var pointers = regexp.MustCompile(` \| 0x[0-9a-f]+`)

// precondition is what a failed assertion inside a spec throws.
type precondition string

// Limit is how long Measure may take: Deadline for a spec, or for each part, and once more for the
// making of private hosts.
func (e Entry) Limit() time.Duration {
	if len(e.Parts) == 0 {
		return Deadline
	}
	return time.Duration(len(e.Parts)+1) * Deadline
}

// Measure runs the spec of a claim on a host, until the context ends. A broken precondition, a
// panic or the end of the context makes the claim inconclusive, and never anything else.
func Measure(ctx context.Context, e Entry, h *host.Host) Result {
	if len(e.Parts) > 0 {
		return measureParts(ctx, e, h)
	}
	if e.Spec == nil {
		return Result{Claim: e.ID, Finding: Finding{Verdict: NotRun, Reason: unmeasured(e.Claim)}}
	}
	r := observed(ctx, e.ID, e.Spec, h)
	if r.Verdict == "" {
		r.Finding = Judge(e.Claim, r.Observations)
	}
	return r
}

// observed runs a spec and gives its observations. The verdict is empty if they are to be judged,
// not-run or inconclusive if there is nothing to judge.
func observed(ctx context.Context, id string, spec Spec, h *host.Host) Result {
	under := *h
	under.Gomega = gomega.NewGomega(func(message string, _ ...int) { panic(precondition(pointers.ReplaceAllString(message, ""))) })
	stack, scope := sock.Scoped(h.Stack)
	under.Stack = stack
	r, ended := await(ctx, func() Result {
		defer scope.Close() // what a broken precondition left open
		return run(id, spec, &under)
	})
	if !ended {
		scope.End()
		return overdue(id, "the spec did not end within "+Deadline.String())
	}
	r.Observations = observation.Fold(observation.Anonymous(r.Observations, h.Own))
	r.Reason = observation.AnonymousText(r.Reason, h.Own)
	return r
}

// await returns what f returns, or that the context ended before; f then goes on by itself.
func await[T any](ctx context.Context, f func() T) (v T, ended bool) {
	done := make(chan T, 1)
	go func() { done <- f() }()
	select {
	case v = <-done:
		return v, true
	case <-ctx.Done():
		return v, false
	}
}

// overdue is the result of a spec that took too long.
func overdue(id, why string) Result {
	return Result{Claim: id, Finding: Finding{Verdict: Inconclusive, Reason: why},
		Observations: observation.Set{{Op: Precondition, Outcome: observation.Timeout, Value: why, Count: 1}}}
}

func unmeasured(c Claim) string {
	if c.Exempt != "" {
		return "recorded, not tested: " + c.Exempt
	}
	return "this version of the kit has no probe for it"
}

func run(id string, spec Spec, h *host.Host) (r Result) {
	r.Claim = id
	stack, transcript := sock.Trace(h.Stack)
	h.Stack = stack
	defer func() {
		switch thrown := recover().(type) {
		case nil:
		case host.Skipped:
			r.Finding = Finding{Verdict: NotRun, Reason: sock.Reason(thrown.Err)}
			r.Observations = observation.Fold(append(observation.Set{thrown.Probe}, thrown.Seen...))
		case precondition:
			r.Finding = Finding{Verdict: Inconclusive, Reason: "precondition: " + string(thrown)}
			r.Observations = observation.Set{broken(string(thrown), transcript)}
		default:
			if err, is := thrown.(error); is {
				thrown = sock.Reason(err)
			}
			r.Finding = Finding{Verdict: Inconclusive, Reason: fmt.Sprintf("the spec panicked: %v", thrown)}
			r.Observations = observation.Set{broken(r.Reason, transcript)}
		}
	}()
	r.Observations = spec(h)
	return r
}

// lastCalls is how many calls before a broken precondition are kept: a spec makes fewer than that
// for one address.
const lastCalls = 40

// Precondition is the operation of the observation that a spec leaves which broke off.
const Precondition = "precondition"

// broken keeps what is known at the moment in which a spec broke off.
func broken(why string, t *sock.Transcript) observation.Observation {
	calls := t.Lines()
	return observation.Observation{Op: Precondition, Outcome: observation.Failed, Value: why, Count: 1,
		Calls: calls[max(0, len(calls)-lastCalls):]}
}
