// Package render turns one matrix value (or one report, for JUnit and TAP) into bytes. Everything
// in it is a pure function: the same value gives the same bytes, on every system and in every
// locale.
package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// unknown stands where nothing was measured. It is no verdict: it is never stored.
const unknown claim.Verdict = "unknown"

// view is a matrix as the renderings for people show it: cleaned, and platforms that agree in
// everything in one column.
type view struct {
	model.Matrix
	columns []column
}

// column is one or more platforms that agree in everything: the wanted ones do, in that they are
// unknown.
type column struct {
	letter    string
	platforms []model.Column
}

// measured says whether the platforms of a column are measured, and not only wanted.
func (c column) measured() bool { return c.platforms[0].ID != "" }

func newView(m model.Matrix) view {
	v := view{Matrix: Clean(m)}
	v.tellApart()
	at := map[string]int{}
	for _, p := range v.Platforms {
		key := v.fingerprint(p.ID)
		i, agrees := at[key]
		if !agrees {
			i = len(v.columns)
			at[key] = i
			v.columns = append(v.columns, column{letter: letter(i)})
		}
		v.columns[i].platforms = append(v.columns[i].platforms, p)
	}
	if len(v.Wanted) > 0 {
		v.columns = append(v.columns, column{letter: letter(len(v.columns)), platforms: v.unmeasured()})
	}
	return v
}

// unmeasured are the wanted platforms as columns without an id, in which no claim has a cell.
func (v view) unmeasured() []model.Column {
	out := make([]model.Column, len(v.Wanted))
	for i, w := range v.Wanted {
		out[i].Family, out[i].Title = w.Family, w.Title
	}
	return out
}

// tellApart adds the id to the titles that several platforms share.
func (v view) tellApart() {
	times := map[string]int{}
	for _, p := range v.Platforms {
		times[p.Title]++
	}
	for i := range v.Platforms {
		if p := &v.Platforms[i]; times[p.Title] > 1 {
			p.Title += " (" + p.ID + ")"
		}
	}
}

// fingerprint is equal for two platforms that agree in every cell. Details of a behaviour may
// differ: one host sees the same thing at another address. Why something did not run must be the
// same.
func (v view) fingerprint(platform string) string {
	var b strings.Builder
	for _, c := range v.Claims {
		cell := v.at(c.ID, platform)
		if cell.Behaviour != "" {
			cell.Detail = ""
		}
		fmt.Fprintf(&b, "%q %q %q %q\n", cell.Verdict, cell.Behaviour, cell.Unstable, cell.Detail)
	}
	return b.String()
}

// at is the cell of a claim on a platform; what was not measured is unknown.
func (v view) at(claim, platform string) model.Cell {
	if c, measured := v.Cell(claim, platform); measured {
		return c
	}
	return model.Cell{Verdict: unknown}
}

// in is the cell of a claim in a column.
func (v view) in(claim string, c column) model.Cell { return v.at(claim, c.platforms[0].ID) }

// letter names a column: A to Z, AA, AB and so on.
func letter(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return letter(i/26-1) + letter(i%26)
}

// title is the heading of a column.
func (c column) title() string {
	if !c.measured() {
		return "not measured: " + platforms(len(c.platforms))
	}
	if n := len(c.platforms) - 1; n > 0 {
		return fmt.Sprintf("%s, and %d more", c.platforms[0].Title, n)
	}
	return c.platforms[0].Title
}

// titles lists the platforms of several columns for people; all of them need no list.
func (v view) titles(columns []column) string {
	of := len(v.columns)
	if len(v.Wanted) > 0 {
		of--
	}
	if len(columns) == of && of > 1 && columns[of-1].measured() {
		return "every platform" + map[bool]string{true: " that was measured"}[len(v.Wanted) > 0]
	}
	var out []string
	for _, c := range columns {
		if !c.measured() { // each is named where the platforms are listed
			out = append(out, platforms(len(c.platforms)))
			continue
		}
		for _, p := range c.platforms {
			out = append(out, p.Title)
		}
	}
	return strings.Join(paired(out), "; ")
}

// platforms is a number of platforms.
func platforms(n int) string {
	if n == 1 {
		return "1 platform"
	}
	return fmt.Sprintf("%d platforms", n)
}

// asRoot ends the title of a platform that was measured as root (package platform).
const asRoot = ", as root"

// paired joins the titles of what was measured both ways, where both are listed.
func paired(titles []string) []string {
	has := make(map[string]bool, len(titles))
	for _, t := range titles {
		has[t] = true
	}
	var out []string
	for _, t := range titles {
		plain, root := strings.CutSuffix(t, asRoot)
		switch {
		case root && has[plain]:
		case has[t+asRoot]:
			out = append(out, t+", as user and root")
		default:
			out = append(out, t)
		}
	}
	return out
}

// says is the text of a cell without its mark.
func says(c model.Cell) string {
	text := c.Behaviour
	switch c.Verdict {
	case claim.NotRun:
		text = "not run"
	case claim.Inconclusive, claim.Withdrawn, unknown:
		text = string(c.Verdict)
	}
	if c.Unstable != "" {
		text += " (" + c.Unstable + ")"
	}
	return text
}

// means explains the behaviour of a cell, or says why it has none.
func means(c claim.Claim, cell model.Cell) string {
	if b, declared := c.Behaviour(cell.Behaviour); declared {
		return b.Means
	}
	if cell.Verdict == unknown {
		return "nobody has measured it"
	}
	return cell.Detail
}

// meaning explains a behaviour of a claim.
func meaning(c claim.Claim, word string) string {
	b, _ := c.Behaviour(word)
	return b.Means
}

// answer is one behaviour of a claim and the columns that show it.
type answer struct {
	model.Cell
	columns []column
}

// answers groups the columns by what they show for a claim, in the order of the columns, unknown
// last.
func (v view) answers(c claim.Claim) []answer {
	var out []answer
	for _, col := range v.columns {
		cell := v.in(c.ID, col)
		i := slices.IndexFunc(out, func(a answer) bool {
			return a.Verdict == cell.Verdict && says(a.Cell) == says(cell) && (cell.Behaviour != "" || a.Detail == cell.Detail)
		})
		if i < 0 {
			i = len(out)
			out = append(out, answer{Cell: cell})
		}
		out[i].columns = append(out[i].columns, col)
	}
	slices.SortStableFunc(out, func(a, b answer) int { return boolOrder(a.Verdict == unknown, b.Verdict == unknown) })
	return out
}

func boolOrder(a, b bool) int {
	number := map[bool]int{true: 1}
	return cmp.Compare(number[a], number[b])
}

// reason is why some claims have no behaviour in some columns.
type reason struct {
	text    string
	claims  []string
	columns []column
}

// reasons lists why claims have this verdict, each reason once for the columns it holds in, those
// for most claims first.
func (v view) reasons(verdict claim.Verdict) []reason {
	var out []reason
	for _, c := range v.Claims {
		for _, a := range v.answers(c) {
			if a.Verdict != verdict {
				continue
			}
			i := slices.IndexFunc(out, func(r reason) bool { return r.text == a.Detail && letters(r.columns) == letters(a.columns) })
			if i < 0 {
				i = len(out)
				out = append(out, reason{text: a.Detail, columns: a.columns})
			}
			out[i].claims = append(out[i].claims, c.ID)
		}
	}
	slices.SortStableFunc(out, func(a, b reason) int { return len(b.claims) - len(a.claims) })
	return out
}

func letters(columns []column) string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = c.letter
	}
	return strings.Join(out, ", ")
}

// unstable says whether any cell was not the same in all runs.
func (v view) unstable() bool {
	for _, row := range v.Cells {
		for _, c := range row {
			if c != nil && c.Unstable != "" {
				return true
			}
		}
	}
	return false
}

// family is the claims of one family.
type family struct {
	name   claim.Family
	claims []claim.Claim
}

// families are those that have claims, in the order of the catalogue.
func (v view) families() []family {
	var out []family
	for _, name := range claim.Families() {
		f := family{name: name}
		for _, c := range v.Claims {
			if c.Family == name {
				f.claims = append(f.claims, c)
			}
		}
		if len(f.claims) > 0 {
			out = append(out, f)
		}
	}
	return out
}

func (f family) title() string {
	switch f.name {
	case claim.Block:
		return "the whole of 127.0.0.0/8 loops back"
	case claim.Offhost:
		return "nothing leaves the host, nothing gets in"
	case claim.Binds:
		return "binds, sources and filters are kept apart"
	case claim.IPv6:
		return "::1, and only ::1"
	case claim.Names:
		return "localhost means it"
	case claim.Interface:
		return "the interface and its routes"
	default:
		return ""
	}
}

// headlines are the claims that answer what people ask.
func (v view) headlines() []claim.Claim {
	return slices.DeleteFunc(slices.Clone(v.Claims), func(c claim.Claim) bool { return !c.Headline })
}

// deviating are the claims from which at least one column deviates.
func (v view) deviating() []claim.Claim {
	return slices.DeleteFunc(slices.Clone(v.Claims), func(c claim.Claim) bool {
		return !slices.ContainsFunc(v.columns, func(col column) bool { return v.in(c.ID, col).Verdict == claim.Deviates })
	})
}

// source is the first document of a claim, or folklore.
func source(c claim.Claim) string {
	if len(c.Source.References) == 0 {
		return "folklore"
	}
	return c.Source.References[0].String()
}
