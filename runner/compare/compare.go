// Package compare says what changed between two measurings: two reports, two matrices, or a report
// and the column of the same platform. All of it but Load is pure.
package compare

import (
	"cmp"
	"slices"

	"github.com/loopmatrix/loopmatrix/reports/combine"
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// Reports compares two reports, whatever their platforms. Both are judged by the rules of the
// catalogue first, so that a change is one of the host and not of the rules.
func Reports(old, now model.Report, catalogue []claim.Entry) (model.Comparison, error) {
	before, err := Judged([]model.Report{exceptYounger(old, now)}, catalogue)
	if err != nil {
		return model.Comparison{}, err
	}
	after, err := Judged([]model.Report{now}, catalogue)
	if err != nil {
		return model.Comparison{}, err
	}
	out := compared(before, after, []pair{{&before.Platforms[0], &after.Platforms[0]}})
	out.Rejudged = true
	return swept(out, old, now), nil
}

// Both leaves out of old reports what the new ones of the same platforms could not measure: claims
// that are younger than these. They are unknown there, which is no change.
func Both(old, now []model.Report) []model.Report {
	old = slices.Clone(old)
	for i, r := range old {
		if j := slices.IndexFunc(now, func(other model.Report) bool { return other.Platform.ID == r.Platform.ID }); j >= 0 {
			old[i] = exceptYounger(r, now[j])
		}
	}
	return old
}

// exceptYounger leaves the claims out of an old report that are younger than the new one.
func exceptYounger(old, now model.Report) model.Report {
	against := now.MeasuredAgainst()
	if len(against) == 0 {
		return old // it is none that a kit wrote
	}
	older := map[string]bool{}
	for _, id := range against {
		older[id] = true
	}
	for _, result := range now.Results {
		older[result.Claim] = true
	}
	had := map[string]bool{}
	for _, id := range old.MeasuredAgainst() {
		had[id] = true
	}
	old.Results = slices.DeleteFunc(slices.Clone(old.Results), func(r model.Result) bool { return had[r.Claim] && !older[r.Claim] })
	return old
}

// Judged is a matrix of reports, all of them judged by the rules of the catalogue.
func Judged(reports []model.Report, catalogue []claim.Entry) (model.Matrix, error) {
	reports = slices.Clone(reports)
	for i := range reports {
		reports[i] = combine.Rejudge(reports[i], catalogue)
	}
	return combine.Combine(reports, catalogue)
}

// Matrices compares the platforms of two matrices by their ids. One that only the old matrix has
// makes the comparison unclear: all its answers are gone. Leave out beforehand (Only) what was not
// to be measured again.
func Matrices(old, now model.Matrix) model.Comparison {
	var pairs []pair
	for i := range old.Platforms {
		pairs = append(pairs, pair{old: &old.Platforms[i], now: column(now, old.Platforms[i].ID)})
	}
	for i := range now.Platforms {
		if column(old, now.Platforms[i].ID) == nil {
			pairs = append(pairs, pair{now: &now.Platforms[i]})
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int { return cmp.Compare(a.id(), b.id()) })
	return compared(old, now, pairs)
}

// Only is a matrix with these platforms and no other.
func Only(m model.Matrix, ids ...string) model.Matrix {
	m.Platforms = slices.DeleteFunc(slices.Clone(m.Platforms), func(c model.Column) bool { return !slices.Contains(ids, c.ID) })
	return m
}

func column(m model.Matrix, id string) *model.Column {
	for i := range m.Platforms {
		if m.Platforms[i].ID == id {
			return &m.Platforms[i]
		}
	}
	return nil
}

// pair is two columns to be compared; one of them may be missing.
type pair struct{ old, now *model.Column }

// id is that of the platform, the new one if they differ.
func (p pair) id() string {
	if p.now != nil {
		return p.now.ID
	}
	return p.old.ID
}

func compared(old, now model.Matrix, pairs []pair) model.Comparison {
	out := model.Comparison{Schema: model.MatrixSchema, Effect: model.Neutral, Pairs: make([]model.Pair, 0, len(pairs)), Changes: []model.Change{}}
	claims := allClaims(old, now)
	for _, p := range pairs {
		out.Pairs = append(out.Pairs, p.model())
		if p.old == nil || p.now == nil {
			continue // said once for the whole platform
		}
		for _, c := range claims {
			was, is := cell(old, c.ID, p.old.ID), cell(now, c.ID, p.now.ID)
			if was != nil && is != nil {
				out.Compared++
			}
			kind, effect := changed(was, is, c.Level)
			switch {
			case kind != "":
				out.Changes = append(out.Changes, model.Change{Claim: c.ID, Level: c.Level, Question: c.Question, Platform: p.id(),
					Kind: kind, Effect: effect, Old: was, New: is})
			case was != nil && is != nil:
				out.Same++
			}
		}
	}
	return weighed(out)
}

// weighed puts the changes in their order and concludes from them.
func weighed(out model.Comparison) model.Comparison {
	slices.SortStableFunc(out.Changes, func(a, b model.Change) int {
		return cmp.Or(rank(model.Effects(), a.Effect)-rank(model.Effects(), b.Effect), rank(model.Kinds(), a.Kind)-rank(model.Kinds(), b.Kind))
	})
	if slices.ContainsFunc(out.Pairs, func(p model.Pair) bool { return p.New == nil }) {
		out.Effect = model.Unclear
	}
	if len(out.Changes) > 0 && rank(model.Effects(), out.Changes[0].Effect) < rank(model.Effects(), out.Effect) {
		out.Effect = out.Changes[0].Effect
	}
	return out
}

// Beyond holds a comparison against what is to be expected: a deviation where the old side has no
// answer is one that a baseline does not allow, so that it counts as worse. To a table that is
// measured again and again it is only new.
func Beyond(c model.Comparison) model.Comparison {
	c.Changes = slices.Clone(c.Changes)
	for i, change := range c.Changes {
		if change.Kind == model.NewlyMeasured && change.New.Verdict == claim.Deviates {
			c.Changes[i].Effect = model.Worse
		}
	}
	return weighed(c)
}

func rank[T comparable](order []T, word T) int { return slices.Index(order, word) }

// allClaims are the claims of the new matrix and then those that only the old one has: a claim may
// have been taken out.
func allClaims(old, now model.Matrix) []claim.Claim {
	out := slices.Clone(now.Claims)
	for _, c := range old.Claims {
		if !slices.ContainsFunc(now.Claims, func(other claim.Claim) bool { return other.ID == c.ID }) {
			out = append(out, c)
		}
	}
	return out
}

func cell(m model.Matrix, claim, platform string) *model.Cell {
	if c, measured := m.Cell(claim, platform); measured {
		return &c
	}
	return nil
}

// changed returns what kind of change it is from one cell to the other, empty if it is none. What
// was not measured and what did not run have no answer, whatever the reason.
func changed(old, now *model.Cell, level claim.Level) (model.Kind, model.Effect) {
	was, is := answer(old), answer(now)
	switch {
	case was == "" && is == "":
		if now != nil && now.Verdict == claim.Inconclusive && (old == nil || old.Verdict != claim.Inconclusive) {
			return model.NewlyInconclusive, model.Neutral
		}
		return "", model.Neutral
	case was == "": // whatever it is: what had no answer can't have got worse
		return model.NewlyMeasured, model.Neutral
	case is == "" && now != nil && now.Verdict == claim.Inconclusive:
		return model.NewlyInconclusive, model.Unclear
	case is == "":
		return model.NoLongerMeasured, model.Unclear
	}
	return changedAnswer(*old, *now, level)
}

// changedAnswer is changed for two cells that have an answer.
func changedAnswer(old, now model.Cell, level claim.Level) (model.Kind, model.Effect) {
	other := old.Behaviour != now.Behaviour || old.Verdict != now.Verdict
	steady := old.Unstable == ""
	switch {
	case now.Verdict == claim.Deviates && old.Verdict != claim.Deviates:
		return model.NewlyDeviating, model.Worse
	case now.Verdict == claim.Deviates && other:
		return model.OtherDeviation, model.Worse
	case steady && now.Unstable != "" && level.Judged():
		return model.NewlyUnstable, model.Unclear
	case steady && now.Unstable != "":
		return model.NewlyUnstable, model.Neutral
	case other && now.Verdict == claim.Conforms && old.Verdict != claim.Conforms:
		return model.NewlyConforming, better(old)
	case other:
		return model.ChangedBehaviour, better(old)
	case !steady && now.Unstable == "":
		return model.NewlyStable, model.Neutral
	default:
		return "", model.Neutral
	}
}

// better is the effect of an answer that does not deviate. An old one that was not the same in all
// runs may have held this answer as well.
func better(old model.Cell) model.Effect {
	if old.Verdict == claim.Deviates && old.Unstable == "" {
		return model.Better
	}
	return model.Neutral
}

// answer is the verdict of a cell that has an answer, and otherwise empty.
func answer(c *model.Cell) claim.Verdict {
	if c == nil || c.Verdict == claim.NotRun || c.Verdict == claim.Inconclusive || c.Verdict == claim.Withdrawn {
		return ""
	}
	return c.Verdict
}
