package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// HeadlineTable answers what people ask in one table of Markdown: a line for each question, a
// column for each kind of system, also those that are only wanted. Where the platforms of a kind do
// not agree, a cell says how many give which answer.
func HeadlineTable(m model.Matrix) []byte {
	d := document{view: newView(m)}
	asked, kinds := Headlines(m), d.kinds()
	if len(asked) == 0 {
		return nil
	}
	names := []string{"question"}
	for _, k := range kinds {
		names = append(names, escape(k.Name))
	}
	d.line("| %s |", strings.Join(names, " | "))
	d.line("|%s", strings.Repeat(" --- |", len(names)))
	for _, h := range asked {
		row := []string{escape(h.Question)}
		for _, k := range kinds {
			row = append(row, h.in(k))
		}
		d.line("| %s |", strings.Join(row, " | "))
	}
	d.line("")
	d.marks()
	d.unanswered(asked)
	return d.b.Bytes()
}

// kinds are the kinds of systems that are measured, wanted or documented.
func (v view) kinds() []System {
	all := append(slices.Clone(v.Platforms), v.unmeasured()...)
	for _, s := range DocumentedSystems(v.Matrix) {
		all = append(all, model.Column{Platform: model.Platform{Family: s.Family}})
	}
	return Systems(all)
}

// unanswered says of which systems not even public material answers a question, and why.
func (d *document) unanswered(asked []Headline) {
	of := map[string][]string{} // the questions by system and reason
	var order []string
	for _, h := range asked {
		for _, u := range h.Unanswered {
			key := SystemOf(u.System).Name + ": " + u.Reason
			if of[key] == nil {
				order = append(order, key)
			}
			of[key] = append(of[key], u.Claim)
		}
	}
	for i, key := range order {
		if i == 0 {
			d.line("\nNot even documented:\n")
		}
		d.line("- %s (%s)", escape(key), escape(strings.Join(of[key], ", ")))
	}
}

// in is the cell of a kind of system.
func (h Headline) in(k System) string {
	out, after := h.measured(k), ""
	for _, known := range h.Documented {
		if known.System != k {
			continue
		}
		if known.After != "" && known.After != after {
			after = known.After
			out[0] += " (measured on " + escape(after) + ")"
		}
		out = append(out, fmt.Sprintf("%s %s (%s)", DocumentedMark, escape(known.Short), known.linked()))
	}
	if len(out) == 0 {
		return mark(unknown)
	}
	return strings.Join(out, "<br>")
}

// measured lists the answers of a kind of system. Those that differ in no word that is shown here,
// as "not run" for two reasons does, are one.
func (h Headline) measured(k System) (out []string) {
	var texts []string
	platforms, of := map[string]int{}, map[string]int{}
	for _, a := range h.Answers {
		for _, s := range a.Systems {
			if s.System != k {
				continue
			}
			text := mark(a.Verdict) + " " + escape(a.Short)
			if platforms[text] == 0 {
				texts = append(texts, text)
			}
			platforms[text] += len(s.Same)
			of[text] = s.Of
		}
	}
	for _, text := range texts {
		if platforms[text] < of[text] {
			out = append(out, fmt.Sprintf("%s (on %d of %d)", text, platforms[text], of[text]))
			continue
		}
		out = append(out, text)
	}
	return out
}

// linked is what Says says, in Markdown, with the versions as a link to the proof.
func (k Known) linked() string {
	before, after, _ := strings.Cut(k.Says(), Versions(k.Entry))
	return escape(before) + Link(Versions(k.Entry), Proof(k.Entry)) + escape(after)
}

// Link is a link in Markdown.
func Link(text, url string) string { return fmt.Sprintf("[%s](<%s>)", escape(text), address(url)) }
