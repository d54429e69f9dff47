package main

import (
	"cmp"
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/runner/cause"
	"github.com/loopmatrix/loopmatrix/runner/exposure"
	"github.com/loopmatrix/loopmatrix/runner/session"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
)

func whyCommand(o *outputs) *cobra.Command {
	f := whyFlags{}
	c := &cobra.Command{
		Use:   "why [ADDRESS, NAME or CLAIM]",
		Short: "Why does loopback not work on this machine, or not stay inside? What mends that?",
		Long: "Measures the claims that need no cable, reads this machine's settings, and names what is wrong, the likeliest\n" +
			"first: what was seen that points to it, what shows more of it, and what mends it. With an address of 127.0.0.0/8,\n" +
			"::1, a name or the id of a claim it says what works with that here, and how that is elsewhere.\n" +
			"Then it says whether a neighbour reaches what listens on 127.0.0.1 only, and whether a packet to 127.0.0.0/8\n" +
			"leaves; that is read, on Linux only, and as root from the packet filter, too. Where something can't be read, or\n" +
			"can't be judged by reading, the answer is unknown, and says what would settle it.\n" +
			"Nothing on the machine is changed, and nothing is sent to an address that is not loopback, except by the system's\n" +
			"resolver when it is asked for a name.\n\n" +
			"Exit codes: 0 loopback works and stays inside, 1 a cause was found, or it does not work, or does not stay inside,\n" +
			"2 wrong usage, 3 the kit could not do its work, or can't tell.",
		Example: "  sudo loopmatrix why\n  loopmatrix why 127.0.0.2\n  loopmatrix why localhost --format json\n  loopmatrix why v6.wild.dual --print-fix",
		Args:    cobra.MaximumNArgs(1),
		RunE:    func(c *cobra.Command, args []string) error { return f.run(c.Context(), o, strings.Join(args, "")) },
	}
	c.Flags().StringVar(&f.format, "format", "text", "the `format` is text or json")
	c.Flags().BoolVar(&f.fix, "print-fix", false, "print only the commands that mend what was found; nothing is run")
	return c
}

type whyFlags struct {
	format string
	fix    bool
}

// explanation is what why says, in the order in which it says it.
type explanation struct {
	// Platform is this machine, for people.
	Platform string `json:"platform"`
	// Asked is the address, name or claim that was asked about.
	Asked string `json:"asked,omitempty"`
	// Causes are what is wrong, the likeliest first.
	Causes []cause.Found `json:"causes"`
	// Failing are what programs count on and what does not work here, or could not be answered.
	Failing []hereAnswer `json:"failing,omitempty"`
	// Addresses are what a name was resolved to by the system's resolver, or why to nothing.
	Addresses string `json:"addresses,omitempty"`
	// Here is what works with what was asked about.
	Here []hereAnswer `json:"here,omitempty"`
	// Elsewhere is what other systems answer to the first of those claims.
	Elsewhere []elsewhereAnswer `json:"elsewhere,omitempty"`
	// Machine says whether loopback stays inside.
	Machine []exposure.Answer `json:"machine"`
}

// hereAnswer is what this machine answers to a question.
type hereAnswer struct {
	Claim    string        `json:"claim"`
	Question string        `json:"question"`
	Verdict  claim.Verdict `json:"verdict"`
	Answer   string        `json:"answer"`
}

// elsewhereAnswer is what systems answer to a claim, measured or documented.
type elsewhereAnswer struct {
	Claim    string          `json:"claim"`
	Systems  string          `json:"systems"`
	Evidence model.Evidenced `json:"evidence"`
	Answer   string          `json:"answer"`
	verdict  claim.Verdict
}

func (f whyFlags) run(ctx context.Context, o *outputs, asked string) error {
	if err := oneOf("format", f.format, "text", "json"); err != nil {
		return err
	}
	e := explanation{Asked: asked, Causes: []cause.Found{}}
	about, sample, err := subjectOf(&e)
	if err != nil {
		return err
	}
	if err := ready(true); err != nil {
		return err
	}
	ctx, stop := interruptible(ctx, o)
	defer stop()
	options := session.Defaults()
	options.Kit, options.Wire, options.Sample = thisKit(), session.WireOff, sample
	plan, err := options.Plan()
	if err != nil {
		return coded(err)
	}
	out, err := plan.Run(ctx, runFlags{quiet: true}.display())
	switch {
	case err != nil:
		return coded(err)
	case out.Interrupted:
		return toolError("interrupted; a run that is cut short explains nothing")
	}
	e.Platform = out.Report.Platform.Title
	e.Causes = append(e.Causes, causesOf(out.Report)...)
	e.Failing = failing(out.Report)
	if err := about.answer(&e, out.Report); err != nil {
		return err
	}
	if len(sample) == 0 {
		sample = host.Sample(plan.Seed)
	}
	e.Machine = exposure.Here(sample)
	if err := f.show(e); err != nil {
		return err
	}
	return e.exit()
}

// exit is the exit code of the worst that was found.
func (e explanation) exit() error {
	code := exitOf(e.Machine)
	for _, f := range e.Failing {
		if f.Verdict == claim.Deviates {
			return exit{exitDeviates, nil}
		}
		code = cmp.Or(code, error(exit{exitKit, nil}))
	}
	if len(e.Causes) > 0 {
		return exit{exitDeviates, nil}
	}
	return code
}

// exitOf is the exit code of the worst answer.
func exitOf(answers []exposure.Answer) error {
	var code error
	for _, a := range answers {
		switch a.Verdict {
		case exposure.Yes:
			return exit{exitDeviates, nil}
		case exposure.Unknown:
			code = exit{exitKit, nil}
		}
	}
	return code
}
