package claim

// Level is how strongly a source asks for what the claim says.
type Level string

// The levels.
const (
	Must      Level = "MUST"
	MustNot   Level = "MUST NOT"
	Should    Level = "SHOULD"
	ShouldNot Level = "SHOULD NOT"
	May       Level = "MAY"
	Stated    Level = "STATED" // a standards document asserts it as fact without a keyword
	Impl      Level = "IMPL"   // left to the implementation by every document found
	Folk      Level = "FOLK"   // widely asserted, no normative source
	None      Level = "NONE"   // an expired draft: nothing holds
)

// Levels lists all levels, the strongest first.
func Levels() []Level {
	return []Level{Must, MustNot, Should, ShouldNot, May, Stated, Impl, Folk, None}
}

// Judged says whether there is something to conform to at this level.
func (l Level) Judged() bool {
	switch l {
	case Must, MustNot, Should, ShouldNot, Stated:
		return true
	default:
		return false
	}
}

// Binding says whether a deviation at this level makes a run fail (exit code 1): MUST and SHOULD,
// with and without NOT.
func (l Level) Binding() bool { return l.Judged() && l != Stated }

// Family is a group of claims.
type Family string

// The families, in the order of the catalogue.
const (
	Block     Family = "block"     // the whole /8 loops back
	Offhost   Family = "offhost"   // never off the host
	Binds     Family = "binds"     // separate binds, sources, filters
	IPv6      Family = "ipv6"      // ::1 only
	Names     Family = "names"     // localhost means it
	Interface Family = "interface" // interface and routing facts
)

// Families lists all families in the order of the catalogue.
func Families() []Family { return []Family{Block, Offhost, Binds, IPv6, Names, Interface} }

// Gate is what it takes to measure a claim.
type Gate string

// The gates.
const (
	Unprivileged Gate = "U" // an unprivileged process on one host
	Privileged   Gate = "P" // privilege on the host: alias, route, capture, raw socket, sysctl
	Neighbour    Gate = "N" // the other end of a link: it sees what leaves and sends what arrives
)
