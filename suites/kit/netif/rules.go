package netif

import "strings"

// Ruleset is what the packet filter of this host makes of loopback as things are.
type Ruleset struct {
	// Filter is the name of the packet filter: "nftables", "pf", "npf".
	Filter string
	// Rules is how many rules there are that a packet over loopback may meet, a policy that drops
	// counting as one. With none of them the filter does nothing.
	Rules int
	// Skips says that loopback is exempt from all of them.
	Skips bool
}

// Rules reads the rules of this host's packet filter. Only root may, nearly everywhere; an error is
// an *sock.Error.
func Rules() (Ruleset, error) { return rules() }

// pfEnabled reads "pfctl -s info": "Status: Enabled for 0 days 00:10:27".
func pfEnabled(out string) bool {
	for line := range strings.Lines(out) {
		if status, is := strings.CutPrefix(strings.TrimSpace(line), "Status:"); is {
			return strings.HasPrefix(strings.TrimSpace(status), "Enabled")
		}
	}
	return false
}

// pfSkips reads "pfctl -v -s Interfaces", which marks what `set skip on` names: "lo0 (skip)". A
// group counts: "lo (skip)".
func pfSkips(out string) bool {
	for line := range strings.Lines(out) {
		if f := strings.Fields(line); len(f) > 1 && (f[0] == "lo" || f[0] == "lo0") && f[1] == "(skip)" {
			return true
		}
	}
	return false
}

// npfRules reads "npfctl show". A rule that passes everything on lo0 and is final exempts it, as
// that of the examples of npf.conf(5) does.
func npfRules(out string) Ruleset {
	found := Ruleset{Filter: "npf"}
	for line := range strings.Lines(out) {
		line, _, _ = strings.Cut(strings.Join(strings.Fields(line), " "), " #")
		if strings.HasPrefix(line, "# filtering: inactive") {
			return Ruleset{Filter: "npf"}
		}
		if strings.HasPrefix(line, "pass") || strings.HasPrefix(line, "block") {
			found.Rules++
		}
		if strings.HasPrefix(line, "pass final on lo0 all") {
			found.Skips = true
		}
	}
	return found
}

// count is the number of lines that say something.
func count(out string) (n int) {
	for line := range strings.Lines(out) {
		if strings.TrimSpace(line) != "" {
			n++
		}
	}
	return n
}
