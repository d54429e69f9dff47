package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/runner/compare"
	"github.com/loopmatrix/loopmatrix/runner/session"
	"github.com/loopmatrix/loopmatrix/runner/targets"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
)

// runFlags are the flags of the command run.
type runFlags struct {
	session.Options
	out, junit, tap, pcap, baseline string
	quiet                           bool
	// verbose shows each step of the progress, as a line that stays.
	verbose bool
	targets targetFlags
	// bundle and untilEOF are for a kit on a target: the one that sent it reads report and capture,
	// and ends it.
	bundle, untilEOF bool
}

// consent says in the help what it takes to change this machine.
const consent = "What needs a cable is measured in\n" +
	"private hosts that vanish by themselves (Linux). BSD and macOS have none: there, it is measured only by root, and only\n" +
	"with --wire required or " + privatehost.Permission + "=1, and this machine's interfaces, routes and packet filter\n" +
	"are changed meanwhile: say so in a machine that is thrown away, for its network is gone for seconds."

const (
	verboseHelp = "show a line for each claim that is measured, also where that is no terminal"
	labelsHelp  = "measure only the claims, of those of --claims, whose labels this ginkgo `filter` selects:\n" +
		"id:ID, family:FAMILY, level:LEVEL, rfc:NUMBER, headline, with && || ! ( )"
	sweepHelp = "ask every address of the block: a `list` of udp, bind, tcp, icmp, each also as udp=PREFIX,\n" +
		"and again for another PREFIX;\n" +
		"listeners[=N] holds as many listeners on one port as there is room for"
	completeHelp = "measure only the claims that this `report` lacks, or those in a folder lack, and add\nthem to the one of the same platform"
)

func runCommand(o *outputs) *cobra.Command {
	f := runFlags{Options: session.Defaults()}
	c := &cobra.Command{
		Use:   "run",
		Short: "Measure this machine and write a report",
		Long: "Measures the claims on this machine. Without --out the result is shown; with it, the report is written.\n" +
			"Nothing on the machine is changed, and nothing is sent to an address that is not loopback, except by the\n" +
			"system's resolver when it is asked for a name. " + consent + "\n\n" + exitCodes,
		Example: "  loopmatrix run --out reports/                     a file in this folder, named after the platform\n" +
			"  loopmatrix run --claims headline,v4.edge.*,must   what people ask, the edges of the block, every MUST\n" +
			"  loopmatrix run --repeat 20 --out report.json      what is not the same every time is told as k of n",
		Args: noArgs,
	}
	c.RunE = func(c *cobra.Command, _ []string) error {
		f.targets.limited, f.targets.prepared = c.Flags().Changed("run-limit"), c.Flags().Changed("prepare-limit")
		return f.run(c.Context(), o)
	}
	c.Flags().StringVar(&f.Claims, "claims", "", "measure only this `selection`: ids with globs, families, levels, headline, none")
	c.Flags().StringVar(&f.Labels, "label-filter", "", labelsHelp)
	c.Flags().Uint64Var(&f.Seed, "seed", 0, "`seed` of the random addresses; 0 takes a new one (the report tells which)")
	c.Flags().IntVar(&f.Repeat, "repeat", f.Repeat, "measure `n` times, each in a fresh process, and report k of n")
	c.Flags().StringVar(&f.out, "out", "", "write the report to this `file`, or into a folder under the platform's id; - is stdout")
	c.Flags().StringVar(&f.junit, "junit", "", "write JUnit XML to this `file`; - is stdout")
	c.Flags().StringVar(&f.tap, "tap", "", "write TAP to this `file`; - is stdout")
	c.Flags().StringVar(&f.Wire, "wire", f.Wire, "private hosts with a cable: the `mode` is auto (where they vanish by themselves), off or\nrequired (BSD and macOS: changes this machine meanwhile)")
	c.Flags().StringVar(&f.pcap, "pcap", "", "write what crossed the cables into this `folder`: a pcapng file named after the platform,\nwith a section for each claim and part")
	c.Flags().StringVar(&f.Sweep, "sweep", "", sweepHelp)
	c.Flags().Float64Var(&f.MemoryShare, "memory-share", f.MemoryShare, "let --sweep listeners take this much of the free memory, in `percent`")
	c.Flags().StringVar(&f.Resume, "resume", "", "go on with this `report` of an interrupted run")
	c.Flags().StringVar(&f.baseline, "baseline", "", "expect what this `report`, or one in a folder, or of the published ones, shows")
	c.Flags().StringVar(&f.Complete, "complete", "", completeHelp)
	c.Flags().BoolVar(&f.quiet, "quiet", false, "show no progress, but for a line where it takes long")
	c.Flags().BoolVar(&f.verbose, "verbose", false, verboseHelp)
	c.Flags().BoolVar(&f.bundle, "bundle", false, "write report and capture to stdout as one stream")
	c.Flags().BoolVar(&f.untilEOF, "exit-on-stdin-eof", false, "end with standard input")
	c.Flags().StringVar(&f.Stack, "stack", "", "measure the stack that this `command` serves")
	c.Flags().DurationVar(&f.StackLimit, "stack-limit", f.targets.limits.Prepare, "longest `time` until that stack has greeted")
	for _, hidden := range []string{"bundle", "exit-on-stdin-eof", "stack", "stack-limit"} {
		_ = c.Flags().MarkHidden(hidden) // it fails for flags that do not exist
	}
	f.targets.declare(c)
	return c
}

// measuring is a run under way.
type measuring struct {
	runFlags
	plan     session.Plan
	outputs  *outputs
	expected *compare.Side // what --baseline names; nil if nothing is expected
}

func (f runFlags) run(ctx context.Context, o *outputs) error {
	m, chosen, err := f.prepare(o)
	if err != nil {
		return err
	}
	if f.targets.here() {
		if err := ready(f.quiet); err != nil {
			return err
		}
	}
	ctx, stop := interruptible(ctx, o)
	defer stop()
	if f.untilEOF {
		ctx = untilStdinEOF(ctx)
	}
	if f.targets.given() {
		return m.collect(ctx, chosen)
	}
	if f.out != "" && f.out != standardOutput && !f.bundle {
		m.plan.Keep = m.keeper()
	}
	out, err := m.plan.Run(ctx, f.display())
	if err != nil {
		return coded(err)
	}
	write := m.write
	if f.bundle {
		write = m.stream
	}
	if err := write(out); err != nil {
		return err
	}
	return m.conclude(out.Interrupted, out.Report)
}

// prepare refuses what can't work, before anything is measured, and what could not be written
// afterwards.
func (f runFlags) prepare(o *outputs) (m *measuring, chosen []targets.Target, err error) {
	f.Kit, f.Capture, f.Targets = thisKit(), f.pcap != "" || f.bundle, f.targets.given()
	m = &measuring{runFlags: f, outputs: o}
	if f.bundle && (f.Targets && !f.targets.single() || f.Complete != "") {
		return m, nil, usage("--bundle is for one report; name one --target, --as user or --as root, and leave --complete out")
	}
	if m.plan, err = f.Plan(); err != nil {
		return m, nil, coded(err)
	}
	if f.Targets {
		if chosen, err = f.check(o); err != nil {
			return m, nil, err
		}
	}
	if err := f.checkFiles(o); err != nil {
		return m, nil, err
	}
	m.expected, err = readBaseline(f.baseline)
	return m, chosen, err
}

// checkFiles refuses to measure what could not be written afterwards.
func (f runFlags) checkFiles(o *outputs) error {
	if f.out != "" && f.Targets && !f.targets.single() {
		if f.out == standardOutput {
			return usage("--out: standard output takes one report: name one --target, and --as user or --as root")
		}
		if err := o.folder("out", f.out); err != nil {
			return err
		}
	}
	if f.out != "" && os.IsPathSeparator(f.out[len(f.out)-1]) { // a folder, by its name
		if err := o.folder("out", f.out); err != nil {
			return err
		}
	}
	onOutput := 0
	for _, to := range []struct{ flag, path string }{{"out", anyFile(f.out)}, {"junit", f.junit}, {"tap", f.tap}} {
		if to.path == standardOutput {
			onOutput++
		}
		if err := o.writable(to.flag, to.path); err != nil {
			return err
		}
	}
	if onOutput > 1 {
		return usage("only one of --out, --junit and --tap can go to standard output")
	}
	if f.pcap == "" {
		return nil
	}
	return o.folder("pcap", f.pcap)
}

// coded gives an error of a session its exit code.
func coded(err error) error {
	if _, is := errors.AsType[session.Usage](err); is {
		return usage("%w", err)
	}
	return toolError("%w", err)
}

// extras writes what else is made of a report.
func (m *measuring) extras(r model.Report) error {
	if m.junit != "" {
		if err := m.outputs.file("junit", m.junit, render.JUnit(r, claim.Catalogue())); err != nil {
			return err
		}
	}
	if m.tap != "" {
		return m.outputs.file("tap", m.tap, render.TAP(r, claim.Catalogue()))
	}
	return nil
}

// write puts the report, its capture and what else is made of it where it was asked for, and shows
// it if that was nowhere.
func (m *measuring) write(out session.Outcome) error {
	if err := m.extras(out.Report); err != nil {
		return err
	}
	if m.out == "" {
		if err := m.save("", m.captureFile(out.Report), out); err != nil || m.junit == standardOutput || m.tap == standardOutput {
			return err
		}
		return show(out.Report)
	}
	path := fileIn(m.out, out.Report.Platform.ID+".json")
	if err := m.save(path, m.captureFile(out.Report), out); err != nil {
		return err
	}
	if !m.quiet && path != standardOutput {
		fmt.Fprintf(os.Stderr, "wrote %s: %s\n", path, session.Summary(out.Report))
	}
	warnPrivate(os.Stderr, path, out.Report)
	return nil
}

// keeper returns what writes the report before it is whole, for --resume. The first time that it
// can't be written is said; the run goes on.
func (m *measuring) keeper() func(session.Outcome) {
	capture, failed := true, false
	return func(out session.Outcome) {
		captureFile := ""
		if capture {
			captureFile = m.captureFile(out.Report)
		}
		err := m.save(fileIn(m.out, out.Report.Platform.ID+".json"), captureFile, out)
		if capture = err != nil; capture && !failed {
			failed = true
			_, _ = fmt.Fprintf(os.Stderr, "loopmatrix: what was measured until now is not kept: %v\n", err)
		}
	}
}

// captureFile returns where the capture goes, empty if it is not kept.
func (m *measuring) captureFile(r model.Report) string {
	if m.pcap == "" {
		return ""
	}
	return filepath.Join(m.pcap, session.CaptureName(r))
}

// save writes a report and its capture, if they have names and there is one.
func (m *measuring) save(report, capture string, out session.Outcome) error {
	if capture != "" && len(out.Capture) > 0 {
		flag := "pcap"
		if m.Targets {
			flag = "out"
		}
		if err := m.outputs.file(flag, capture, out.Capture); err != nil {
			return err
		}
	}
	if report == "" {
		return nil
	}
	b, err := session.Encode(out.Report)
	if err != nil {
		return toolError("the report: %w", err)
	}
	return m.outputs.file("out", report, b)
}

// stream writes a report and its capture as one stream, to standard output or into a file.
func (m *measuring) stream(out session.Outcome) error {
	b, err := session.Encode(out.Report)
	if err != nil {
		return toolError("the report: %w", err)
	}
	captures := map[string][]byte{}
	if len(out.Capture) > 0 {
		captures[session.CaptureName(out.Report)] = out.Capture
	}
	var stream bytes.Buffer
	if err := targets.WriteBundle(&stream, b, captures); err != nil {
		return toolError("the stream: %w", err)
	}
	if m.out == "" {
		return writeStdout(stream.Bytes())
	}
	return m.outputs.file("out", m.out, stream.Bytes())
}
