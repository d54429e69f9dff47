package compare

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"go4.org/netipx"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// Sweeps adds to a comparison what changed between the sweeps of reports of the same platforms.
func Sweeps(c model.Comparison, old, now []model.Report) model.Comparison {
	for _, before := range old {
		for _, after := range now {
			if before.Platform.ID == after.Platform.ID {
				c = swept(c, before, after)
			}
		}
	}
	return c
}

// swept compares the sweeps that both reports have: who leaves one out says nothing about the host.
// Of one that was interrupted, what both have asked counts.
func swept(c model.Comparison, old, now model.Report) model.Comparison {
	for _, after := range now.Sweeps {
		i := slices.IndexFunc(old.Sweeps, func(s model.Sweep) bool {
			return s.Protocol == after.Protocol && s.Prefix == after.Prefix && s.Broadcast == after.Broadcast
		})
		if i < 0 || old.Sweeps[i].Addresses == 0 || after.Addresses == 0 {
			continue
		}
		c.Compared++
		change, is := sweepChange(old.Sweeps[i], after)
		if !is {
			c.Same++
			continue
		}
		change.Platform = now.Platform.ID
		c.Changes = append(c.Changes, change)
	}
	return weighed(c)
}

// sweepChange says what changed from one sweep to the other: which addresses died, which live
// again, and which are dead in another way.
func sweepChange(old, now model.Sweep) (model.Change, bool) {
	both := and(asked(old), asked(now))
	before, after := dead(old), dead(now)
	died, revived := without(after, before, both), without(before, after, both)
	if len(died)+len(revived) == 0 {
		return model.Change{}, false
	}
	was, is := old.Finding(), now.Finding()
	kind, effect := sweepKind(was.Verdict, is.Verdict, len(died) > 0)
	var why []string
	if len(died) > 0 {
		why = append(why, "new: "+few(died))
	}
	if len(revived) > 0 {
		why = append(why, "no longer: "+few(revived))
	}
	what := now.Protocol
	if now.Broadcast {
		what += " with SO_BROADCAST"
	}
	return model.Change{
		Claim: "sweep." + now.Protocol, Level: claim.Stated,
		Question: fmt.Sprintf("Does every address of %s work (%s)?", now.Prefix, what),
		Kind:     kind, Effect: effect,
		Old: &model.Cell{Verdict: was.Verdict, Behaviour: was.Behaviour, Detail: was.Reason},
		New: &model.Cell{Verdict: is.Verdict, Behaviour: is.Behaviour, Detail: strings.Join(why, "; ")},
	}, true
}

// sweepKind is what kind of change it is. Addresses that died make it worse, unless they are the
// edges of the block, which no source promises.
func sweepKind(was, is claim.Verdict, died bool) (model.Kind, model.Effect) {
	switch {
	case is == claim.Deviates && was != claim.Deviates:
		return model.NewlyDeviating, model.Worse
	case is == claim.Deviates && died:
		return model.OtherDeviation, model.Worse
	case is == claim.Conforms && was == claim.Deviates:
		return model.NewlyConforming, model.Better
	case was == claim.Deviates:
		return model.ChangedBehaviour, model.Better
	default:
		return model.ChangedBehaviour, model.Neutral
	}
}

// asked are the addresses that a sweep has an outcome for.
func asked(s model.Sweep) *netipx.IPSet {
	var b netipx.IPSetBuilder
	b.AddPrefix(parsed(s.Prefix))
	for _, cidr := range s.Left {
		b.RemovePrefix(parsed(cidr))
	}
	return built(&b)
}

// dead are the addresses that did not work, by what came of them.
func dead(s model.Sweep) map[string]*netipx.IPSet {
	ways := map[string]*netipx.IPSetBuilder{}
	for _, x := range s.Exceptions {
		_, what, _ := strings.Cut(x.String(), " ")
		if ways[what] == nil {
			ways[what] = &netipx.IPSetBuilder{}
		}
		ways[what].AddPrefix(parsed(x.CIDR))
	}
	out := map[string]*netipx.IPSet{}
	for what, b := range ways {
		out[what] = built(b)
	}
	return out
}

// without lists the addresses among these that are dead in a way in which the others are not:
// "127.9.8.7 lost".
func without(these, others map[string]*netipx.IPSet, among *netipx.IPSet) []string {
	var out []string
	for _, what := range slices.Sorted(maps.Keys(these)) {
		var b netipx.IPSetBuilder
		b.AddSet(and(these[what], among))
		if same := others[what]; same != nil {
			b.RemoveSet(same)
		}
		for _, p := range built(&b).Prefixes() {
			out = append(out, strings.TrimSuffix(p.String(), "/32")+" "+what)
		}
	}
	return out
}

func and(a, b *netipx.IPSet) *netipx.IPSet {
	var both netipx.IPSetBuilder
	both.AddSet(a)
	both.Intersect(b)
	return built(&both)
}

// built is a set; every prefix of a report was checked when it was read.
func built(b *netipx.IPSetBuilder) *netipx.IPSet {
	set, err := b.IPSet()
	if err != nil {
		return &netipx.IPSet{}
	}
	return set
}

// parsed is a prefix of a report, and the zero one for what is none, which a set does not take in.
func parsed(cidr string) netip.Prefix {
	p, err := netip.ParsePrefix(cidr)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}

// fewRanges is how many ranges are named; the reports have all.
const fewRanges = 5

func few(ranges []string) string {
	if more := len(ranges) - fewRanges; more > 0 {
		return fmt.Sprintf("%s and %d more ranges", strings.Join(ranges[:fewRanges], ", "), more)
	}
	return strings.Join(ranges, ", ")
}
