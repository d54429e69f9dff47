package render

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// ClaimsText lists claims for a terminal of so many columns: id, level, what it takes to measure,
// question.
func ClaimsText(claims []claim.Claim, columns int) []byte {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Options = table.OptionsNoBordersAndSeparators
	t.Style().Format.Header = text.FormatDefault
	t.AppendHeader(table.Row{"claim", "level", "how", "question"})
	first := 0
	for _, c := range claims {
		first = max(first, len(c.ID))
		t.AppendRow(table.Row{c.ID, c.Level, gates(c), c.Question})
	}
	room := max(columns, narrowest) - (first + len("SHOULD NOT") + len("how") + 8) // each column stands between two blanks
	t.SetColumnConfigs([]table.ColumnConfig{{Number: 4, WidthMax: max(room, narrowestWhy), WidthMaxEnforcer: folded}})
	var b bytes.Buffer
	for line := range strings.Lines(t.Render()) {
		b.WriteString(strings.TrimRight(strings.TrimPrefix(line, " "), " \n") + "\n")
	}
	legend := fmt.Sprintf("%d claims. How: U an unprivileged process, P privilege on the host, N the other end of a link.", len(claims))
	b.WriteString("\n" + strings.Join(wrap(legend, max(columns, narrowest)), "\n") + "\n")
	return b.Bytes()
}

func gates(c claim.Claim) string {
	if c.Exempt != "" {
		return "-"
	}
	var out []string
	for _, g := range c.Gates {
		out = append(out, string(g))
	}
	return strings.Join(out, ",")
}

// lineWidth is that of running text: the usual 80 columns of a terminal, less a margin.
const lineWidth = 78

// ClaimText shows one claim in full for a terminal; place says where its fault is put.
func ClaimText(c claim.Claim, place string) []byte {
	var b bytes.Buffer
	field := func(name, value string) {
		if value == "" {
			return
		}
		fmt.Fprintf(&b, "%-11s %s\n", name, strings.Join(wrap(value, lineWidth-12), "\n"+strings.Repeat(" ", 12)))
	}
	fmt.Fprintf(&b, "%s\n\n", c.ID)
	field("question", c.Question)
	field("claim", c.Sentence)
	field("level", string(c.Level)+": "+levelMeaning[c.Level])
	for i, r := range c.Source.References {
		field([]string{"source", ""}[min(i, 1)], strings.TrimSpace(r.String()+"  "+r.URL))
	}
	field("note", c.Source.Note)
	field("family", string(c.Family))
	field("exempt", c.Exempt)
	if c.Fault != "" {
		field("fault", c.Fault+", "+place)
	}
	field("no fault", c.NoFault)
	if len(c.Behaviours) > 0 {
		b.WriteString("\nbehaviours\n")
	}
	for _, behaviour := range c.Behaviours {
		mark := " "
		if behaviour.Conforms && c.Level.Judged() {
			mark = "✓"
		}
		fmt.Fprintf(&b, "  %s %-22s %s\n", mark, behaviour.Word, strings.Join(wrap(behaviour.Means, lineWidth-27), "\n"+strings.Repeat(" ", 27)))
	}
	return b.Bytes()
}

var levelMeaning = map[claim.Level]string{
	claim.Must:      "the source demands it",
	claim.MustNot:   "the source forbids the opposite",
	claim.Should:    "the source recommends it",
	claim.ShouldNot: "the source advises against the opposite",
	claim.May:       "the source allows it",
	claim.Stated:    "a standards document asserts it as fact",
	claim.Impl:      "left to the implementation; nothing to conform to",
	claim.Folk:      "widely asserted without a normative source; nothing to conform to",
	claim.None:      "proposed once; nothing to conform to",
}

// ClaimsMarkdown lists claims as a Markdown table with a section for each family.
func ClaimsMarkdown(claims []claim.Claim) []byte {
	var b bytes.Buffer
	for _, f := range claim.Families() {
		written := false
		for _, c := range claims {
			if c.Family != f {
				continue
			}
			if !written {
				fmt.Fprintf(&b, "## %s\n\n| claim | level | question | sentence | source |\n| --- | --- | --- | --- | --- |\n", f)
				written = true
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", c.ID, c.Level, cellText(c.Question), cellText(c.Sentence), sources(c))
		}
		if written {
			b.WriteString("\n")
		}
	}
	return b.Bytes()
}

func sources(c claim.Claim) string {
	var out []string
	for _, r := range c.Source.References {
		if r.URL == "" {
			out = append(out, cellText(r.String()))
			continue
		}
		out = append(out, fmt.Sprintf("[%s](%s)", cellText(r.String()), r.URL))
	}
	return strings.Join(out, ", ")
}

// cellText keeps our own text from ending a table cell.
func cellText(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "|", `\|`), "\n", " ")
}
