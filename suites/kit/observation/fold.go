package observation

import "slices"

// key is what two observations must share to be folded: everything but addresses, times and
// transcript.
type key struct {
	op, proto, variant, errno, source, value string
	outcome                                  Outcome
	number                                   int
}

func keyOf(o Observation) key {
	return key{o.Op, o.Proto, o.Variant, o.Errno, o.Source, o.Value, o.Outcome, o.Number}
}

// Fold joins observations that differ only in their addresses, times and transcripts. The first
// one's time and transcript stand for all, the longest duration is kept, counts are added,
// addresses are listed once each. The order is that of the first of each kind. Folding a folded set
// changes nothing.
func Fold(s Set) Set {
	var out Set
	at := map[key]int{}
	for _, o := range s {
		o.Count = max(o.Count, 1)
		i, known := at[keyOf(o)]
		if !known {
			at[keyOf(o)] = len(out)
			o.Targets = slices.Clone(o.Targets)
			out = append(out, o)
			continue
		}
		sum := &out[i]
		sum.Count += o.Count
		sum.TookMicros = max(sum.TookMicros, o.TookMicros)
		for _, t := range o.Targets {
			if !slices.Contains(sum.Targets, t) {
				sum.Targets = append(sum.Targets, t)
			}
		}
	}
	return out
}
