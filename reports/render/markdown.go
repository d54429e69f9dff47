package render

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// Markdown shows a matrix as GitHub renders it: the questions that people ask with their answers,
// what deviates, a table for each family, and why some claims have no answer. Every text is
// escaped. It is written as Text is.
func Markdown(w io.Writer, m model.Matrix) { markdown(w, m, (*document).questions) }

// Details is Markdown without the questions, for a page that answers them in its own way
// (HeadlineTable).
func Details(w io.Writer, m model.Matrix) { markdown(w, m, func(*document) {}) }

func markdown(w io.Writer, m model.Matrix, questions func(*document)) {
	d := document{view: newView(m), to: w}
	d.platforms()
	if len(d.columns) > 0 {
		questions(&d)
		d.deviations()
		d.conformance()
		d.tables()
		d.whyNot(claim.Withdrawn, "Withdrawn")
		d.whyNot(claim.Inconclusive, "Inconclusive")
		d.whyNot(claim.NotRun, "Not run")
	}
	d.legend()
}

// document is Markdown under way.
type document struct {
	view
	to io.Writer
	b  bytes.Buffer // where it goes if nothing is said
}

func (d *document) line(format string, args ...any) {
	_, _ = fmt.Fprintf(cmp.Or[io.Writer](d.to, &d.b), format+"\n", args...)
}

// tableHead begins a table with a first column and one for each column of the matrix.
// After them come the systems of which something is documented.
func (d *document) tableHead(first string, documented ...System) {
	names := []string{first}
	for _, c := range d.columns {
		names = append(names, escape(c.title()))
	}
	for _, s := range documented {
		names = append(names, escape(s.Name)+", documented")
	}
	d.line("| %s |", strings.Join(names, " | "))
	d.line("|%s", strings.Repeat(" --- |", len(names)))
}

func (d *document) platforms() {
	if len(d.columns) == 0 {
		d.line("No platform has been measured; every claim is unknown.\n")
		return
	}
	d.line("| platform | id | kernel | measured | by | as |\n| --- | --- | --- | --- | --- | --- |")
	for _, c := range d.columns {
		for _, f := range c.platforms {
			if !c.measured() {
				d.line("| %s | | | nobody has measured it | | |", escape(f.Title))
				continue
			}
			d.line("| %s | %s | %s | %s | %s | %s |", escape(f.Title), escape(f.ID), escape(f.Kernel),
				f.Measured.Format("2006-01-02"), escape(f.Kit.Version), escape(circumstances(f.Platform)))
		}
	}
	d.line("")
}

func (d *document) questions() {
	asked := d.headlines()
	if len(asked) == 0 {
		return
	}
	d.line("## What people ask\n")
	for _, c := range asked {
		d.line("**%s**\n", escape(c.Question))
		for _, a := range d.answers(c) {
			d.line("- %s %s: %s (%s)", mark(a.Verdict), bold(says(a.Cell)), escape(means(c, a.Cell)), escape(d.titles(a.columns)))
		}
		for _, same := range Alike(known(d.Matrix, c)) {
			word := same[0].Entry.Behaviour
			linked := make([]string, len(same))
			for i, k := range same {
				linked[i] = k.linked()
			}
			d.line("- %s %s: %s (%s)", DocumentedMark, bold(word), escape(meaning(c, word)), strings.Join(linked, "; "))
		}
		d.line("")
	}
}

func (d *document) deviations() {
	wrong := d.deviating()
	if len(wrong) == 0 {
		return
	}
	d.line("## What deviates\n")
	for _, c := range wrong {
		d.line("- %s (%s, %s): %s", escape(c.ID), c.Level, cite(c), escape(c.Sentence))
		for _, a := range d.answers(c) {
			if a.Verdict == claim.Deviates {
				d.line("  - %s %s: %s (%s)", mark(a.Verdict), bold(says(a.Cell)), escape(means(c, a.Cell)), escape(d.titles(a.columns)))
			}
		}
	}
	d.line("")
}

// conformance counts the verdicts of each column by strength.
func (d *document) conformance() {
	d.line("## How they conform\n")
	d.tableHead("level")
	for _, s := range strengths() {
		row := []string{s}
		for _, c := range d.columns {
			counts := d.count(s, c)
			var cell []string
			for _, v := range counted() {
				if n := counts[v]; n > 0 {
					cell = append(cell, fmt.Sprintf("%s %d", mark(v), n))
				}
			}
			row = append(row, strings.Join(cell, ", "))
		}
		d.line("| %s |", strings.Join(row, " | "))
	}
	d.line("")
}

func (d *document) tables() {
	documented := DocumentedSystems(d.Matrix)
	for _, f := range d.families() {
		d.line("## %s: %s\n", f.name, f.title())
		d.tableHead("claim", documented...)
		for _, c := range f.claims {
			row := []string{fmt.Sprintf("%s<br>%s, %s", escape(c.ID), c.Level, cite(c))}
			for _, col := range d.columns {
				cell := d.in(c.ID, col)
				row = append(row, mark(cell.Verdict)+" "+escape(says(cell)))
			}
			for _, s := range documented {
				row = append(row, documentedCell(d.Answer(c.ID, s.Family)))
			}
			d.line("| %s |", strings.Join(row, " | "))
		}
		d.line("")
	}
}

// documentedCell is what is documented, each with its mark and its proof; empty if nothing is.
func documentedCell(entries []model.Documented) string {
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = DocumentedMark + " " + Link(e.Behaviour, Proof(e)) + ", " + escape(Versions(e))
	}
	return strings.Join(out, "<br>")
}

func (d *document) whyNot(v claim.Verdict, title string) {
	reasons := d.reasons(v)
	if len(reasons) == 0 {
		return
	}
	d.line("## %s\n", title)
	for _, r := range reasons {
		d.line("- %s **%s** (%s): %s", mark(v), escape(r.text), escape(d.titles(r.columns)), escape(strings.Join(r.claims, ", ")))
	}
	d.line("")
}

func (d *document) legend() {
	d.marks()
	if d.unstable() {
		d.line("\n(3 of 5): unstable, only so many runs gave this answer.")
	}
}

// marks explains the marks.
func (d *document) marks() {
	var out []string
	for _, v := range d.explained() {
		out = append(out, mark(v)+" "+legend(v))
	}
	if len(d.Documented.Entries) > 0 {
		out = append(out, DocumentedMark+" documented, and not measured")
	}
	d.line("%s.", strings.Join(out, "; "))
}

// cite links to the first source of a claim.
func cite(c claim.Claim) string {
	name := escape(source(c))
	if len(c.Source.References) == 0 || !strings.HasPrefix(c.Source.References[0].URL, "https://") {
		return name
	}
	return fmt.Sprintf("[%s](<%s>)", name, address(c.Source.References[0].URL))
}

// address keeps an address from ending a link or a cell of a table.
func address(url string) string {
	return strings.NewReplacer("<", "%3C", ">", "%3E", "|", "%7C", " ", "%20", `\`, "%5C").Replace(url)
}

func bold(s string) string { return "**" + escape(s) + "**" }

// escape keeps a text from being anything but text in Markdown, inside and outside of tables. An
// "@" or "#" would name a person or an issue on GitHub, so they are escaped as well; so is the "."
// of an address that would become a link.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch r {
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '&':
			b.WriteString("&amp;")
		case '@':
			b.WriteString("&#64;")
		case '\\', '`', '*', '_', '{', '}', '[', ']', '#', '|', '~', '!', '$':
			b.WriteByte('\\')
			b.WriteRune(r)
		case '\n', '\r':
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	// GitHub turns these into links by itself.
	return strings.NewReplacer("://", ":&#47;/", "www.", "www&#46;").Replace(b.String())
}

// Escape makes a text from anywhere mere text in Markdown.
func Escape(s string) string { return escape(cleanText(s)) }

// Names lists platforms by their titles, in Markdown; what was measured as user and as root is
// named once.
func Names(platforms []model.Column) string {
	titles := make([]string, len(platforms))
	for i, p := range platforms {
		titles[i] = p.Title
	}
	return Escape(strings.Join(paired(titles), "; "))
}

// Fenced is lines from anywhere as a block of code in Markdown; their indentation stays.
func Fenced(lines []string) string {
	var b strings.Builder
	b.WriteString("```\n")
	for _, l := range lines {
		indent := l[:len(l)-len(strings.TrimLeft(l, " "))]
		b.WriteString(indent + strings.ReplaceAll(cleanText(l), "```", "'''") + "\n")
	}
	b.WriteString("```\n")
	return b.String()
}
