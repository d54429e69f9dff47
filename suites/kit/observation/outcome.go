package observation

import "slices"

// Outcome is the portable class of what came back from a probe. The errno beside it keeps the
// detail.
type Outcome string

// The outcomes. Their words are part of the report format.
const (
	OK          Outcome = "ok"          // it worked, and the content was checked where there is content
	Refused     Outcome = "refused"     // an answer said no: RST, ICMP port unreachable
	Unreachable Outcome = "unreachable" // the system has no way there: ENETUNREACH, EHOSTUNREACH, ENETDOWN
	Unavailable Outcome = "unavailable" // the address is none of this host's: EADDRNOTAVAIL
	InUse       Outcome = "in-use"      // EADDRINUSE
	Denied      Outcome = "denied"      // EACCES, EPERM
	Invalid     Outcome = "invalid"     // the call makes no sense to this system: EINVAL, EDESTADDRREQ, EISCONN
	Unsupported Outcome = "unsupported" // the system has no such thing: EAFNOSUPPORT, ENOPROTOOPT
	TooBig      Outcome = "too-big"     // EMSGSIZE
	Exhausted   Outcome = "exhausted"   // a limit was hit (EMFILE, ENFILE, ENOBUFS, ENOMEM, no free port), or a program could not be started
	Timeout     Outcome = "timeout"     // nothing came back before the deadline
	Lost        Outcome = "lost"        // it was sent, a marker sent after it arrived, it did not, twice
	// Intermittent is what failed once, and worked k of n times when it was asked again.
	Intermittent Outcome = "intermittent"
	Astray       Outcome = "astray"      // it arrived, but at the wrong socket, from the wrong address, or altered
	Nothing      Outcome = "nothing"     // nothing left or arrived, and the marker that followed did
	NoAnswer     Outcome = "no-answer"   // a resolver or a listing answered that there is no such thing
	WouldLeave   Outcome = "would-leave" // it was not sent: this host would route it off itself
	Failed       Outcome = "failed"      // any other error
)

var outcomes = []Outcome{OK, Refused, Unreachable, Unavailable, InUse, Denied, Invalid, Unsupported, TooBig, Exhausted,
	Timeout, Lost, Intermittent, Astray, Nothing, NoAnswer, WouldLeave, Failed}

// Outcomes lists every outcome, in the order of the declaration.
func Outcomes() []Outcome { return append([]Outcome(nil), outcomes...) }

// Known says whether it is one of Outcomes.
func (o Outcome) Known() bool { return slices.Contains(outcomes, o) }
