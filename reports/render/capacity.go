package render

import (
	"fmt"
	"strings"
	"time"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// Listeners shows on a terminal how many listeners a report says were held; nothing if nobody
// asked.
func Listeners(r model.Report, t Terminal) []byte {
	r = CleanReport(r)
	if r.Capacity == nil {
		return nil
	}
	return paged(t, view{}, func(p *page) {
		p.heading("Listeners on one port")
		verdict := claim.Observed
		if r.Capacity.Reason != "" {
			verdict = claim.NotRun
		}
		lead := p.sign(verdict) + " "
		for _, words := range CapacityWords(*r.Capacity) {
			p.paragraph(lead, words)
			lead = "  "
		}
	})
}

// CapacityWords tells in sentences how many listeners were held, what stopped it, what they cost,
// and what all of the block would.
func CapacityWords(c model.Capacity) []string {
	if c.Reason != "" {
		return []string{"Not run: " + c.Reason + "."}
	}
	out := []string{heldWords(c)}
	if words := exceptionWords(c); words != "" {
		out = append(out, words)
	}
	out = append(out, costWords(c))
	if words := processWords(c); words != "" {
		out = append(out, words)
	}
	if words := extrapolationWords(c); words != "" {
		out = append(out, words)
	}
	return out
}

func heldWords(c model.Capacity) string {
	words := fmt.Sprintf("%s held at once on port %d, one for each address", plural(c.Held, "listener"), c.Port)
	if len(c.Ranges) > 0 {
		words += " of " + named(c.Ranges)
	}
	if c.Seconds > 0 && c.Held > 0 {
		words += fmt.Sprintf(", in %s", took(c.Seconds))
	}
	words += "; what stopped it: " + c.Stopped() + "."
	if c.Counted != nil && *c.Counted != c.Held {
		words += fmt.Sprintf(" The kernel counted %s TCP sockets more than before.", Thousands(*c.Counted))
	}
	return words
}

func exceptionWords(c model.Capacity) string {
	var out []string
	for _, x := range c.Exceptions {
		out = append(out, x.String())
	}
	if len(out) == 0 {
		return ""
	}
	return "Addresses that can't be listened on: " + named(out) + "."
}

// named lists the first few.
func named(all []string) string {
	const most = 3
	words := ""
	for i, one := range all {
		switch {
		case i == most:
			return words + fmt.Sprintf(" and %d more ranges", len(all)-most)
		case i > 0:
			words += ", "
		}
		words += one
	}
	return words
}

func costWords(c model.Capacity) string {
	if c.Memory == nil || c.Memory.Each == 0 {
		return "What one of them costs is unknown: this machine keeps no account of it, or they were too few to tell."
	}
	return fmt.Sprintf("One of them costs %s bytes of the kernel's memory (%s).", Thousands(int(c.Memory.Each+0.5)), c.Memory.By)
}

func processWords(c model.Capacity) string {
	if c.Processes == 0 {
		return ""
	}
	words := fmt.Sprintf("%s held them, the largest %s", plural(c.Processes, "process"), Thousands(c.Largest))
	if m := c.Memory; m != nil && m.Processes > 0 {
		words += fmt.Sprintf("; all together took %s for themselves, the largest %s", bytesWords(m.Processes), bytesWords(m.Largest))
	}
	return words + "."
}

func extrapolationWords(c model.Capacity) string {
	e := c.Extrapolation
	if e == nil {
		return ""
	}
	var parts []string
	if e.Bytes > 0 {
		parts = append(parts, bytesWords(e.Bytes)+" of the kernel's memory")
	}
	if e.Processes > 0 {
		parts = append(parts, plural(e.Processes, "process"))
	}
	duration := took(e.Seconds) + " at this rate"
	if e.Slowing > 0 {
		duration += fmt.Sprintf(", or %s if it keeps slowing down: the second half took %.1f times as long as the first", took(e.Slowing), c.Slowed())
	}
	return fmt.Sprintf("Extrapolated, not measured: %s would take %s.", Thousands(e.Listeners), strings.Join(append(parts, duration), ", "))
}

// took is a time as people say it.
func took(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second))
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	case d < 48*time.Hour:
		return d.Round(time.Second).String()
	default:
		return Thousands(int(d.Hours()/24)) + " days"
	}
}

// bytesWords is a number of bytes in MiB or GiB.
func bytesWords(n int64) string {
	if n < 1<<30 {
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
}

// plural is a number of things: "1 process", "2,000 listeners".
func plural(n int, thing string) string {
	switch {
	case n == 1:
		return "1 " + thing
	case thing == "process":
		return Thousands(n) + " processes"
	default:
		return Thousands(n) + " " + thing + "s"
	}
}
