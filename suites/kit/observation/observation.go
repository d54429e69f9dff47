// Package observation holds what a probe saw, without any judgement, and the words for a judgement.
//
// An Observation is stored in the report as it is. Behaviour and verdict are computed from
// observations by the rule of a claim (package claim), so that an old report can be judged again
// when a claim is corrected.
package observation

import "net/netip"

// SameAsDestination stands in Observation.Source when the source address was the very address the
// probe spoke to. It lets observations of many addresses that differ in nothing else be folded into
// one.
const SameAsDestination = "destination"

// Observation is one thing that a probe saw, or several that differ only in the address (see Fold).
type Observation struct {
	// Op is what the probe did, in the words of the socket interface: "bind", "connect", "send",
	// "echo", "resolve".
	Op string `json:"op"`
	// Proto is "tcp", "udp", "icmp", "icmpv6", or empty where no transport is involved.
	Proto string `json:"proto,omitempty"`
	// Variant names the arrangement when one claim tries several: "wildcard listener",
	// "SO_BROADCAST".
	Variant string `json:"variant,omitempty"`
	// Targets are the addresses (or names) that were bound, dialled, sent to or asked for, in the
	// order tried.
	Targets []string `json:"targets,omitempty"`
	// Outcome is the portable class of what came back.
	Outcome Outcome `json:"outcome"`
	// Errno is the portable (POSIX) name of the error number, for Winsock numbers too; empty if
	// there was none.
	Errno string `json:"errno,omitempty"`
	// Number is the raw error number of the system that returned it, 0 if there was none.
	Number int `json:"number,omitempty"`
	// Source is the source address the other end saw, or SameAsDestination.
	Source string `json:"source,omitempty"`
	// Value is what was read, if the probe reads something: a TTL, an interface name, a resolver's
	// answer.
	Value string `json:"value,omitempty"`
	// Count says how many times exactly this was seen.
	Count int `json:"count"`
	// AtMicros is when the first of them was seen, in microseconds after the start of the run.
	AtMicros int64 `json:"at_us,omitempty"`
	// TookMicros is how long the slowest of them took, in microseconds; 0 if it was not timed.
	TookMicros int64 `json:"took_us,omitempty"`
	// Calls is the transcript of the socket calls behind the first of them.
	Calls Transcript `json:"calls,omitempty"`
}

// Transcript is socket calls with what came back, a line for each.
type Transcript []string

// SourceOf gives the value for Observation.Source: SameAsDestination if both are equal, otherwise
// the address.
func SourceOf(source, destination netip.Addr) string {
	if !source.IsValid() {
		return ""
	}
	if source.WithZone("") == destination.WithZone("") {
		return SameAsDestination
	}
	return source.String()
}
