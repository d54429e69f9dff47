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
			fmt.Fprintf(&b, "# %s\n%s\n", c.Says, c.Remedy)
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
		fmt.Fprintf(&b, "%s %s (%s)\n", t.Mark(claim.Deviates), c.Says, c.ID)
		for _, s := range c.Seen {
			fmt.Fprintf(&b, "    seen: %s\n", s)
		}
		if c.More != "" {
			fmt.Fprintf(&b, "    see more: %s\n", c.More)
		}
		if c.Remedy != "" {
			fmt.Fprintf(&b, "    mend it: %s (%s)\n", c.Remedy, whether(c))
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
	fmt.Fprintf(&b, "%s\n\n%s", e.Platform, causesText(e.Causes, t))
	if len(e.Causes) == 0 {
		fmt.Fprintf(&b, "%s No cause for trouble with loopback was found.\n\n", t.Mark(claim.Conforms))
	}
	e.about(&b, t)
	b.WriteString(machineText(e.Machine, t))
	return b.String()
}

// about says what works with what was asked about, here and elsewhere.
func (e explanation) about(b *strings.Builder, t render.Terminal) {
	if e.Asked == "" {
		return
	}
	fmt.Fprintf(b, "%s here\n", e.Asked)
	if e.Addresses != "" {
		fmt.Fprintf(b, "  %s\n", e.Addresses)
	}
	for _, a := range e.Here {
		fmt.Fprintf(b, "  %s\n    %s %s\n", a.Question, t.Mark(a.Verdict), a.Answer)
	}
	if len(e.Elsewhere) > 0 {
		fmt.Fprintf(b, "\nElsewhere (%s)\n", e.Elsewhere[0].Claim)
	}
	for _, a := range e.Elsewhere {
		fmt.Fprintf(b, "  %s %s: %s\n", t.EvidenceMark(a.Evidence, a.verdict), a.Systems, a.Answer)
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
			fmt.Fprintf(&b, "      %s\n", c.Says)
			if c.Remedy != "" {
				fmt.Fprintf(&b, "        %s\n", c.Remedy)
			}
		}
		if a.Verdict != exposure.Yes {
			for _, r := range a.Read {
				fmt.Fprintf(&b, "      read: %s\n", r)
			}
			for _, u := range a.Unread {
				fmt.Fprintf(&b, "      not read: %s\n", u)
			}
		}
	}
	return b.String()
}
