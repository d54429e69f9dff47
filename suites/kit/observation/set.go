package observation

import "slices"

// Set is the observations of one claim. Its methods select and question them; they treat an
// observation that was folded from n equal ones exactly as those n, so a rule gives the same answer
// before and after folding.
type Set []Observation

// Where selects the observations for which keep is true. What it gives is a part of the set where
// they stand together, and a copy elsewhere: rules ask often, and what was observed does not
// change.
func (s Set) Where(keep func(Observation) bool) Set {
	return s.where(func(o *Observation) bool { return keep(*o) })
}

// where is Where without a copy of every observation that is asked about.
func (s Set) where(keep func(*Observation) bool) Set {
	from := 0
	for from < len(s) && !keep(&s[from]) {
		from++
	}
	if from == len(s) {
		return nil
	}
	to := from + 1
	for to < len(s) && keep(&s[to]) {
		to++
	}
	apart := 0
	for i := to; i < len(s); i++ {
		if keep(&s[i]) {
			apart++
		}
	}
	if apart == 0 {
		return s[from:to:to]
	}
	out := append(make(Set, 0, to-from+apart), s[from:to]...)
	for i := to; i < len(s); i++ {
		if keep(&s[i]) {
			out = append(out, s[i])
		}
	}
	return out
}

// Op selects by operation.
func (s Set) Op(op string) Set { return s.where(func(o *Observation) bool { return o.Op == op }) }

// Proto selects by transport.
func (s Set) Proto(p string) Set { return s.where(func(o *Observation) bool { return o.Proto == p }) }

// Variant selects by arrangement.
func (s Set) Variant(v string) Set {
	return s.where(func(o *Observation) bool { return o.Variant == v })
}

// Outcome selects by outcome.
func (s Set) Outcome(want Outcome) Set {
	return s.where(func(o *Observation) bool { return o.Outcome == want })
}

// Target selects the observations that speak about this address or name.
func (s Set) Target(t string) Set {
	return s.where(func(o *Observation) bool { return slices.Contains(o.Targets, t) })
}

// First gives the first observation and whether there is one.
func (s Set) First() (Observation, bool) {
	if len(s) == 0 {
		return Observation{}, false
	}
	return s[0], true
}

// All says whether there is at least one observation and the condition holds for every one.
func (s Set) All(cond func(Observation) bool) bool {
	return len(s) > 0 && !slices.ContainsFunc(s, func(o Observation) bool { return !cond(o) })
}

// AllOK says whether there is at least one observation and every one is OK.
func (s Set) AllOK() bool { return s.All(func(o Observation) bool { return o.Outcome == OK }) }

// Count is the number of single observations, folded ones counted as often as they were seen.
func (s Set) Count() int {
	n := 0
	for _, o := range s {
		n += max(o.Count, 1)
	}
	return n
}

// Targets lists the distinct addresses or names, in the order of their first mention.
func (s Set) Targets() []string {
	var out []string
	seen := map[string]bool{}
	for _, o := range s {
		for _, t := range o.Targets {
			if !seen[t] {
				seen[t] = true
				out = append(out, t)
			}
		}
	}
	return out
}

// FirstTarget is the first of Targets, or a word for none: an observation of a report need not name
// one.
func (s Set) FirstTarget() string {
	if all := s.Targets(); len(all) > 0 {
		return all[0]
	}
	return "no address"
}

// Values lists the distinct values, sorted.
func (s Set) Values() []string { return s.distinct(func(o Observation) string { return o.Value }) }

// Sources lists the distinct sources, sorted.
func (s Set) Sources() []string { return s.distinct(func(o Observation) string { return o.Source }) }

// Errors lists the distinct errors, sorted: the errno where there is one, otherwise the outcome; OK
// is no error.
func (s Set) Errors() []string {
	return s.distinct(func(o Observation) string { return o.Problem() })
}

// Problem is the errno where there is one, otherwise the outcome; empty for OK.
func (o Observation) Problem() string {
	switch {
	case o.Outcome == OK:
		return ""
	case o.Errno != "":
		return o.Errno
	default:
		return string(o.Outcome)
	}
}

func (s Set) distinct(field func(Observation) string) []string {
	var out []string
	for _, o := range s {
		if v := field(o); v != "" {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
