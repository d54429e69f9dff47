package cause

import (
	"fmt"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// Sign is something that can be read from the facts.
type Sign struct {
	// Says is what it looks for: "if.lo.up: down or none".
	Says string
	// seen returns what was seen, empty if it was not, and the first address that shows it, if one
	// does.
	seen func(Facts) (evidence, target string)
}

// result returns the result of a claim; one that was not measured has no verdict.
func (f Facts) result(id string) model.Result {
	i := slices.IndexFunc(f.Report.Results, func(r model.Result) bool { return r.Claim == id })
	if i < 0 {
		return model.Result{}
	}
	return f.Report.Results[i]
}

// shows looks for one of these behaviours of a claim.
func shows(id string, words ...string) Sign {
	return Sign{id + ": " + strings.Join(words, " or "), func(f Facts) (string, string) {
		if r := f.result(id); slices.Contains(words, r.Behaviour) {
			return fmt.Sprintf("%s: %s (%s)", id, r.Behaviour, r.Reason), ""
		}
		return "", ""
	}}
}

// other looks for any behaviour of a claim but this one.
func other(id, word string) Sign {
	return Sign{id + ": another than " + word, func(f Facts) (string, string) {
		if r := f.result(id); r.Behaviour != "" && r.Behaviour != word {
			return fmt.Sprintf("%s: %s (%s)", id, r.Behaviour, r.Reason), ""
		}
		return "", ""
	}}
}

// gives looks for an observation with one of these errors (an errno or an outcome) in these claims,
// made by one of these operations.
func gives(ids, ops []string, errs ...string) Sign {
	says := fmt.Sprintf("%s: %s gives %s", strings.Join(ids, " or "), strings.Join(ops, " or "), strings.Join(errs, " or "))
	return Sign{says, func(f Facts) (string, string) {
		for _, id := range ids {
			for _, o := range f.result(id).Observations {
				if len(o.Targets) > 0 && slices.Contains(ops, o.Op) && (slices.Contains(errs, o.Errno) || slices.Contains(errs, string(o.Outcome))) {
					return fmt.Sprintf("%s: %s %s to %s: %s", id, o.Proto, o.Op, o.Targets[0], o.Problem()), o.Targets[0]
				}
			}
		}
		return "", ""
	}}
}

// reads looks for one of these switches being 1.
func reads(names ...string) Sign {
	return Sign{strings.Join(names, " or ") + " is 1", func(f Facts) (string, string) {
		for _, name := range names {
			if f.Report.Platform.State.Switches[name] == "1" {
				return name + " is 1", ""
			}
		}
		return "", ""
	}}
}

// reason looks for a claim that was not answered for a reason with these words in it.
func reason(words string) Sign {
	return Sign{"a claim is inconclusive: " + words, func(f Facts) (string, string) {
		for _, r := range f.Report.Results {
			if r.Verdict == claim.Inconclusive && strings.Contains(r.Reason, words) {
				return fmt.Sprintf("%s: %s", r.Claim, r.Reason), ""
			}
		}
		return "", ""
	}}
}

// intermittent looks for what failed and worked when it was asked again.
func intermittent() Sign {
	return Sign{"something failed, and worked when it was asked again", func(f Facts) (string, string) {
		for _, r := range f.Report.Results {
			for _, o := range r.Observations {
				if o.Outcome == observation.Intermittent && len(o.Targets) > 0 {
					return fmt.Sprintf("%s: %s %s to %s: %s", r.Claim, o.Proto, o.Op, o.Targets[0], o.Value), ""
				}
			}
		}
		return "", ""
	}}
}

// rules looks for policy rules that are not the usual ones.
func rules() Sign {
	return Sign{"policy rules are not the usual ones", func(f Facts) (string, string) {
		if text := f.Report.Platform.State.Switches[netif.PolicyRules]; text != "" {
			return "policy rules: " + text, ""
		}
		return "", ""
	}}
}

// hosts looks for what the hosts file says of localhost.
func hosts(of ...Hosts) Sign {
	words := make([]string, len(of))
	for i, h := range of {
		words[i] = string(h)
	}
	return Sign{"the hosts file " + strings.Join(words, " or "), func(f Facts) (string, string) {
		if slices.Contains(of, f.Hosts) {
			return "the hosts file " + string(f.Hosts), ""
		}
		return "", ""
	}}
}

// all takes every one of these signs.
func all(signs ...Sign) Sign {
	says := make([]string, len(signs))
	for i, s := range signs {
		says[i] = s.Says
	}
	return Sign{strings.Join(says, ", and "), func(f Facts) (evidence, target string) {
		for _, s := range signs {
			e, at := s.seen(f)
			if e == "" {
				return "", ""
			}
			if evidence == "" {
				evidence = e
			}
			if target == "" {
				target = at
			}
		}
		return evidence, target
	}}
}

// not takes the absence of a sign; it is no evidence of its own, and stands behind another in all.
func not(s Sign) Sign {
	return Sign{"not " + s.Says, func(f Facts) (string, string) {
		if e, _ := s.seen(f); e != "" {
			return "", ""
		}
		return "not " + s.Says, ""
	}}
}
