package main

import (
	"fmt"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/runner/cause"
	"github.com/loopmatrix/loopmatrix/runner/exposure"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// show writes an explanation in the form that was asked for.
func (f whyFlags) show(e explanation) error {
	switch {
	case f.fix:
		return writeStdout([]byte(e.fixes()))
	case f.format == "json":
		out, err := model.Encode(e)
		if err != nil {
			return toolError("%w", err)
		}
		return writeStdout(out)
	default:
		return writeStdout([]byte(e.text(looking())))
	}
}

// fixes are the commands that mend what was found, for a shell; a comment says what each is for.
func (e explanation) fixes() string {
	var b strings.Builder
	for _, c := range e.Causes {
		fmt.Fprintf(&b, "# %s\n", c.Says)
		if c.Remedy == "" {
			b.WriteString("# no command for this system is known\n")
			continue
		}
		fmt.Fprintf(&b, "# %s\n%s\n", whether(c), c.Remedy)
	}
	for _, a := range e.Machine {
		for _, c := range a.Causes {
			fmt.Fprintf(&b, "# %s\n", c.Says)
			if c.Remedy == "" {
				fmt.Fprintf(&b, "# no command for it is known; this shows more: %s\n", c.More)
				continue
			}
			fmt.Fprintf(&b, "%s\n", c.Remedy)
		}
	}
	return b.String()
}

// whether says whether a remedy was tried, and what it does not mend.
func whether(c cause.Found) string {
	text := "not tried"
	if c.Tried {
		text = "tried on Linux: it mends this"
	}
	if c.Unless != "" {
		text += ", unless " + c.Unless
	}
	return text
}

// causesOf are the causes that a report of this machine points to.
func causesOf(r model.Report) []cause.Found {
	if r.Subject == model.Stack { // the causes are those of this machine
		return nil
	}
	return cause.Find(cause.Facts{Report: r, Hosts: cause.ReadHosts(cause.HostsFile())})
}

// causesText shows causes, and what mends them; it is empty if there are none.
func causesText(causes []cause.Found, t render.Terminal) string {
	var b strings.Builder
	for _, c := range causes {
		t.Paragraph(&b, t.Mark(claim.Deviates)+" ", fmt.Sprintf("%s (%s)", c.Says, c.ID))
		for _, s := range c.Seen {
			t.Paragraph(&b, "    ", "seen: "+s)
		}
		if c.More != "" { // commands are in one line, to be copied
			t.Line(&b, "    see more: "+c.More)
		}
		if c.Remedy != "" {
			t.Line(&b, "    mend it: "+c.Remedy)
			t.Paragraph(&b, "      ", whether(c))
		}
	}
	if b.Len() > 0 {
		b.WriteString("\n")
	}
	return b.String()
}

// text is an explanation for people.
func (e explanation) text(t render.Terminal) string {
	var b strings.Builder
	t.Line(&b, e.Platform)
	b.WriteString("\n" + causesText(e.Causes, t))
	switch {
	case len(e.Causes) > 0:
	case len(e.Failing) > 0:
		t.Paragraph(&b, t.Mark(claim.Inconclusive)+" ", "No cause that is known here explains this:")
		answersText(&b, t, e.Failing)
		b.WriteString("\n")
	default:
		fmt.Fprintf(&b, "%s No cause for trouble with loopback was found.\n\n", t.Mark(claim.Conforms))
	}
	e.about(&b, t)
	b.WriteString(machineText(e.Machine, t))
	return b.String()
}

// answersText shows questions with their answers.
func answersText(b *strings.Builder, t render.Terminal, answers []hereAnswer) {
	for _, a := range answers {
		t.Paragraph(b, "  ", a.Question)
		t.Paragraph(b, "    "+t.Mark(a.Verdict)+" ", a.Answer)
	}
}

// about says what works with what was asked about, here and elsewhere.
func (e explanation) about(b *strings.Builder, t render.Terminal) {
	if e.Asked == "" {
		return
	}
	fmt.Fprintf(b, "%s here\n", e.Asked)
	if e.Addresses != "" {
		t.Paragraph(b, "  ", e.Addresses)
	}
	answersText(b, t, e.Here)
	if len(e.Elsewhere) > 0 {
		fmt.Fprintf(b, "\nElsewhere (%s)\n", e.Elsewhere[0].Claim)
	}
	for _, a := range e.Elsewhere {
		t.Paragraph(b, "  "+t.EvidenceMark(a.Evidence, a.verdict)+" ", a.Systems+": "+a.Answer)
	}
	b.WriteString("\n")
}

// machineText shows what was read of this machine, most important first.
func machineText(answers []exposure.Answer, t render.Terminal) string {
	var b strings.Builder
	b.WriteString("Does loopback stay inside this machine, as it is?\n")
	marks := map[exposure.Verdict]string{exposure.No: t.Mark(claim.Conforms) + " No", exposure.Yes: t.Mark(claim.Deviates) + " Yes",
		exposure.Unknown: "? Unknown for this machine"}
	for _, a := range answers {
		fmt.Fprintf(&b, "  %s\n    %s\n", a.Question, marks[a.Verdict])
		for _, c := range append(a.Causes[:len(a.Causes):len(a.Causes)], a.Doubts...) {
			t.Paragraph(&b, "      ", c.Says)
			if c.More != "" {
				t.Line(&b, "        see more: "+c.More)
			}
			if c.Remedy != "" {
				t.Line(&b, "        mend it: "+c.Remedy)
			}
		}
		if a.Verdict != exposure.Yes {
			for _, r := range a.Read {
				t.Paragraph(&b, "      ", "read: "+r)
			}
			for _, u := range a.Unread {
				t.Paragraph(&b, "      ", "not read: "+u)
			}
		}
	}
	return b.String()
}
