package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// ComparisonJSON is the comparison itself, with its texts cleaned.
func ComparisonJSON(c model.Comparison) ([]byte, error) { return model.Encode(cleanComparison(c)) }

// ComparisonText shows a comparison on a terminal: the conclusion, what was compared, and what
// changed, the weightiest first.
func ComparisonText(c model.Comparison, t Terminal) []byte {
	c = cleanComparison(c)
	return paged(t, view{}, func(p *page) {
		p.paragraph("", p.paint(bolder, conclusion(c)))
		for _, pair := range c.Pairs {
			p.pair(pair)
		}
		for _, g := range changeGroups(c) {
			p.heading("%s", g.title())
			for _, change := range g.changes {
				p.change(change, len(c.Pairs) > 1)
			}
		}
		p.line("")
		p.paragraph("", p.paint(fainter, base(c)))
	})
}

func (p *page) pair(pair model.Pair) {
	p.line("")
	p.line("%s", p.paint(bolder, pairTitle(pair)))
	for _, s := range sides(pair) {
		p.paragraph("  ", p.paint(fainter, s))
	}
	for _, f := range pair.Differs {
		p.paragraph("  ", fmt.Sprintf("%s: %s → %s", f.Name, orUnknown(f.Old), orUnknown(f.New)))
	}
}

func (p *page) change(c model.Change, several bool) {
	where := ""
	if several {
		where = " on " + c.Platform
	}
	p.paragraph(p.sign(verdictOf(c.New))+" ", fmt.Sprintf("%s (%s)%s: %s", c.Claim, c.Level, where, c.Question))
	p.paragraph("  ", fmt.Sprintf("%s %s → %s %s", p.sign(verdictOf(c.Old)), shown(c.Old), p.sign(verdictOf(c.New)), shown(c.New))+because(c.New))
}

// ComparisonMarkdown shows a comparison as GitHub renders it. Every text is escaped.
func ComparisonMarkdown(c model.Comparison) []byte {
	c = cleanComparison(c)
	var d document
	d.line("**%s**\n", escape(conclusion(c)))
	for _, g := range changeGroups(c) {
		d.line("### %s\n", escape(g.title()))
		d.line("| claim | platform | before | now | why |\n| --- | --- | --- | --- | --- |")
		for _, change := range g.changes {
			d.line("| %s<br>%s, %s | %s | %s %s | %s %s | %s |", escape(change.Claim), change.Level, escape(change.Question), escape(change.Platform),
				mark(verdictOf(change.Old)), escape(shown(change.Old)), mark(verdictOf(change.New)), escape(shown(change.New)),
				escape(strings.TrimPrefix(because(change.New), ": ")))
		}
		d.line("")
	}
	d.line("### What was compared\n")
	for _, pair := range c.Pairs {
		d.line("- %s: %s", bold(pairTitle(pair)), escape(strings.Join(sides(pair), "; ")))
		for _, f := range pair.Differs {
			d.line("  - %s: %s → %s", escape(f.Name), escape(orUnknown(f.Old)), escape(orUnknown(f.New)))
		}
	}
	d.line("\n%s", escape(base(c)))
	return d.b.Bytes()
}

// conclusion is what has to be known without reading on.
func conclusion(c model.Comparison) string {
	counts := map[model.Effect]int{}
	for _, change := range c.Changes {
		counts[change.Effect]++
	}
	var all []string
	for _, e := range model.Effects() {
		if n := counts[e]; n > 0 {
			all = append(all, fmt.Sprintf("%d %s", n, e))
		}
	}
	if gone := gonePlatforms(c); gone > 0 {
		all = append(all, fmt.Sprintf("platforms gone: %d", gone))
	}
	switch {
	case c.Effect == model.Worse:
		return "Worse than before: " + strings.Join(all, ", ") + "."
	case c.Effect == model.Unclear:
		return "No longer sure of everything: " + strings.Join(all, ", ") + "."
	case c.Effect == model.Better:
		return "Better than before, so as a baseline the old one is stale: " + strings.Join(all, ", ") + "."
	case len(c.Changes) > 0:
		return "Nothing is worse: " + strings.Join(all, ", ") + "."
	case c.Compared == 0:
		return "Nothing was compared: no claim was measured on both sides."
	default:
		return "Nothing has changed."
	}
}

// gonePlatforms counts those that only the old side has.
func gonePlatforms(c model.Comparison) (n int) {
	for _, p := range c.Pairs {
		if p.New == nil {
			n++
		}
	}
	return n
}

// base says what the comparison rests on.
func base(c model.Comparison) string {
	n := "1 answer was compared"
	if c.Compared != 1 {
		n = fmt.Sprintf("%d answers were compared", c.Compared)
	}
	n += fmt.Sprintf(", %d the same. ", c.Same)
	if c.Rejudged {
		return n + "Both sides were judged by the rules of this version of the kit."
	}
	return n + "A matrix holds no observations, so it stands as it was judged; a change may be one of the rules."
}

// changeGroup is the changes of one effect and kind.
type changeGroup struct {
	effect  model.Effect
	kind    model.Kind
	changes []model.Change
}

func (g changeGroup) title() string {
	kind := strings.ToUpper(string(g.kind[:1])) + string(g.kind[1:])
	if g.effect == model.Neutral {
		return kind
	}
	return fmt.Sprintf("%s (%s)", kind, g.effect)
}

// changeGroups are the changes by effect and kind, in the order that they have.
func changeGroups(c model.Comparison) []changeGroup {
	var out []changeGroup
	for _, change := range c.Changes {
		last := len(out) - 1
		if last < 0 || out[last].effect != change.Effect || out[last].kind != change.Kind {
			out = append(out, changeGroup{effect: change.Effect, kind: change.Kind})
			last++
		}
		out[last].changes = append(out[last].changes, change)
	}
	return out
}

func pairTitle(p model.Pair) string {
	switch {
	case p.New == nil:
		return p.Old.Title + ", which the new one does not have"
	case p.Old == nil:
		return p.New.Title + ", which the old one does not have"
	case p.Old.Title != p.New.Title:
		return p.Old.Title + " → " + p.New.Title
	default:
		return p.New.Title
	}
}

// sides say when and by what each side of a pair was measured.
func sides(p model.Pair) []string {
	var out []string
	for _, s := range []struct {
		name string
		side *model.Side
	}{{"old", p.Old}, {"new", p.New}} {
		if s.side != nil {
			out = append(out, fmt.Sprintf("%s: %s, measured %s by %s", s.name, s.side.ID, s.side.Measured.UTC().Format("2006-01-02 15:04"), s.side.Kit.Version))
		}
	}
	return out
}

func orUnknown(s string) string { return cmp.Or(s, "unknown") }

func verdictOf(c *model.Cell) claim.Verdict {
	if c == nil {
		return unknown
	}
	return c.Verdict
}

// shown is the text of a cell that may be missing.
func shown(c *model.Cell) string { return says(*cmp.Or(c, &model.Cell{Verdict: unknown})) }

// because says what the new answer was read from, or why there is none.
func because(c *model.Cell) string {
	if c == nil || c.Detail == "" {
		return ""
	}
	return ": " + c.Detail
}

func cleanComparison(c model.Comparison) model.Comparison {
	c.Effect = cleanWord(c.Effect)
	c.Pairs = slices.Clone(c.Pairs)
	for i, p := range c.Pairs {
		c.Pairs[i].Old, c.Pairs[i].New = cleanSide(p.Old), cleanSide(p.New)
		c.Pairs[i].Differs = slices.Clone(p.Differs)
		for j, f := range p.Differs {
			c.Pairs[i].Differs[j] = model.Fact{Name: cleanText(f.Name), Old: cleanText(f.Old), New: cleanText(f.New)}
		}
	}
	c.Changes = slices.Clone(c.Changes)
	for i, change := range c.Changes {
		c.Changes[i] = model.Change{Claim: cleanText(change.Claim), Level: cleanWord(change.Level), Question: cleanText(change.Question),
			Platform: cleanText(change.Platform), Kind: cleanWord(change.Kind), Effect: cleanWord(change.Effect),
			Old: cleanCellOf(change.Old), New: cleanCellOf(change.New)}
	}
	return c
}

func cleanSide(s *model.Side) *model.Side {
	if s == nil {
		return nil
	}
	return &model.Side{ID: cleanText(s.ID), Title: cleanText(s.Title), Measured: s.Measured, Kit: cleanKit(s.Kit)}
}

func cleanCellOf(c *model.Cell) *model.Cell {
	if c == nil {
		return nil
	}
	return &model.Cell{Verdict: cleanWord(c.Verdict), Behaviour: cleanText(c.Behaviour), Detail: cleanText(c.Detail), Unstable: cleanText(c.Unstable)}
}
