package claim

import (
	"fmt"
)

// Turned reports whether a fault made a difference: verdict or behaviour are not those of the
// healthy host.
func Turned(healthy, faulty Finding) bool {
	return healthy.Verdict != faulty.Verdict || healthy.Behaviour != faulty.Behaviour
}

// Unproven says why a fault that turned a claim does not prove that the claim can fail. One side
// must deviate; where neither does, the fault must say what is observed differently, as "word →
// word". A claim that gives no answer on one side proves nothing, which is good enough for every
// fault but its own.
func Unproven(healthy, faulty Finding, own bool, observes string) error {
	answered := healthy.Behaviour != "" && faulty.Behaviour != ""
	seen := healthy.Behaviour + " → " + faulty.Behaviour
	switch {
	case !answered && own:
		return fmt.Errorf("it is the claim's own fault, and the claim gives no answer on one side: %s %s, then %s %s (%s)",
			healthy.Verdict, healthy.Behaviour, faulty.Verdict, faulty.Behaviour, faulty.Reason)
	case !answered, healthy.Verdict == Deviates, faulty.Verdict == Deviates:
		if observes != "" {
			return fmt.Errorf("it says that %q is observed, and the verdict is %s, then %s", observes, healthy.Verdict, faulty.Verdict)
		}
	case observes == "":
		return fmt.Errorf("neither side deviates (%s, then %s), so the fault must say what differs in Observes: %q",
			healthy.Verdict, faulty.Verdict, seen)
	case observes != seen:
		return fmt.Errorf("it says that %q is observed, and it is %q", observes, seen)
	}
	return nil
}
