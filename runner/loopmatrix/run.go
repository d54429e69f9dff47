package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/kit/capacity"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// runFlags are the flags of the command run.
type runFlags struct {
	claims string
	labels string
	seed   uint64
	repeat int
	out    string
	junit  string
	tap    string
	wire   string
	pcap   string
	quiet  bool
	// verbose shows each step of the progress, as a line that stays.
	verbose bool
	away    away
	desk    *desk

	sweep  string
	share  float64
	resume string
	begun  *model.Report // what resume names

	baseline string
	expected *baseline // what baseline names

	complete   string
	incomplete *baseline // what complete names
}

// verboseHelp describes --verbose.
const verboseHelp = "show a line for each claim that is measured, also where that is no terminal"

func runCommand(d *desk) *cobra.Command {
	f := runFlags{desk: d}
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
		RunE: func(c *cobra.Command, _ []string) error {
			f.away.limited = c.Flags().Changed("run-limit")
			return f.run(c.Context())
		},
	}
	c.Flags().StringVar(&f.claims, "claims", "", "measure only this `selection`: ids with globs, families, levels, headline, none")
	c.Flags().StringVar(&f.labels, "label-filter", "", labelsHelp)
	c.Flags().Uint64Var(&f.seed, "seed", 0, "`seed` of the random addresses; 0 takes a new one (the report tells which)")
	c.Flags().IntVar(&f.repeat, "repeat", 1, "measure `n` times, each in a fresh process, and report k of n")
	c.Flags().StringVar(&f.out, "out", "", "write the report to this `file`, or into a folder under the platform's id; - is stdout")
	c.Flags().StringVar(&f.junit, "junit", "", "write JUnit XML to this `file`; - is stdout")
	c.Flags().StringVar(&f.tap, "tap", "", "write TAP to this `file`; - is stdout")
	c.Flags().StringVar(&f.wire, "wire", wireAuto, "private hosts with a cable: the `mode` is auto (where they vanish by themselves), off or\nrequired (BSD and macOS: changes this machine meanwhile)")
	c.Flags().StringVar(&f.pcap, "pcap", "", "write what crossed the cables into this `folder`, a pcapng file for each claim")
	c.Flags().StringVar(&f.sweep, "sweep", "", sweepHelp)
	c.Flags().Float64Var(&f.share, "memory-share", 100*capacity.HalfOfFree, memoryHelp)
	c.Flags().StringVar(&f.resume, "resume", "", "go on with this `report` of an interrupted run")
	c.Flags().StringVar(&f.baseline, "baseline", "", "expect what this `report`, or one in a folder, or of the published ones, shows")
	c.Flags().StringVar(&f.complete, "complete", "", completeHelp)
	c.Flags().BoolVar(&f.quiet, "quiet", false, "show no progress")
	c.Flags().BoolVar(&f.verbose, "verbose", false, verboseHelp)
	f.away.declare(c)
	return c
}

func (f runFlags) run(ctx context.Context) error {
	f, err := f.labelled()
	if err != nil {
		return err
	}
	if f, err = f.completing(); err != nil {
		return err
	}
	selected, err := f.check()
	if err != nil {
		return err
	}
	if f.expected, err = readBaseline(f.baseline); err != nil {
		return err
	}
	if f.begun, err = readResumed(f.resume); err != nil {
		return err
	}
	if f.begun != nil {
		selected, f.seed = remaining(*f.begun), f.begun.Run.Seed
	}
	if f.seed == 0 {
		if f.seed, err = newSeed(); err != nil {
			return kit("no seed: %w", err)
		}
	}
	if f.away.here() {
		if err := ready(f.quiet); err != nil {
			return err
		}
	}
	ctx, stop := interruptible(ctx, f.desk)
	defer stop()
	if f.away.tether {
		ctx = tethered(ctx)
	}
	switch {
	case f.away.asked():
		return f.onTargets(ctx)
	case f.away.bundle:
		return f.runBundle(ctx, selected)
	}
	report, interrupted, err := f.measure(ctx, selected)
	if err != nil {
		return err
	}
	if report, err = f.completed(report); err != nil {
		return err
	}
	if err := f.write(report); err != nil {
		return err
	}
	return f.conclude(interrupted, report)
}

// measure runs the selected claims as often as asked for, and then the sweeps.
func (f runFlags) measure(ctx context.Context, selected []claim.Entry) (report model.Report, interrupted bool, err error) {
	if f.repeat > 1 {
		report, interrupted, err = repeated(ctx, f)
	} else {
		report, interrupted, err = measure(ctx, selected, f)
	}
	if err != nil {
		return report, interrupted, err
	}
	if report.Sweeps, err = asks(f.sweep); err != nil {
		return report, interrupted, err
	}
	if f.begun != nil {
		if report, err = resumed(*f.begun, report); err != nil {
			return report, interrupted, err
		}
	}
	cut, err := f.sweepAll(ctx, &report)
	if err != nil {
		return report, interrupted || cut, err
	}
	stopped, err := f.listen(ctx, &report)
	return report, interrupted || cut || stopped, err
}

// check refuses what can't work, before anything is measured, and gives the claims that are meant.
func (f runFlags) check() ([]claim.Entry, error) {
	if f.repeat < 1 {
		return nil, usage("--repeat %d: it takes a number of at least 1", f.repeat)
	}
	if f.repeat > 1 && f.pcap != "" {
		return nil, usage("--pcap keeps what crossed the cables in one run; leave --repeat or --pcap out")
	}
	if err := oneOf("wire", f.wire, wireAuto, wireOff, wireRequired); err != nil {
		return nil, err
	}
	if f.resume != "" && (f.repeat > 1 || f.claims != "" || f.pcap != "" || f.away.asked()) {
		return nil, usage("--resume goes on with what a run on this machine was told; leave --claims, --repeat, --pcap and --target out")
	}
	if _, err := asks(f.sweep); err != nil {
		return nil, err
	}
	if err := f.checkShare(); err != nil {
		return nil, err
	}
	selected, err := claim.Select(f.claims, claim.Catalogue())
	if err != nil {
		return nil, usage("--claims: %w", err)
	}
	return selected, f.checkFiles()
}

// checkFiles refuses to measure what could not be written afterwards.
func (f runFlags) checkFiles() error {
	if err := f.away.room(f.desk, f.out); err != nil {
		return err
	}
	onOutput := 0
	for _, to := range []struct{ flag, path string }{{"out", somewhere(f.out)}, {"junit", f.junit}, {"tap", f.tap}} {
		if to.path == standardOutput {
			onOutput++
		}
		if err := f.desk.writable(to.flag, to.path); err != nil {
			return err
		}
	}
	if onOutput > 1 {
		return usage("only one of --out, --junit and --tap can go to standard output")
	}
	if f.pcap == "" || f.away.asked() { // the latter is refused
		return nil
	}
	if err := os.MkdirAll(f.pcap, 0o755); err != nil { //nolint:gosec // captures are public, as reports are
		return usage("--pcap: %s: %w", f.pcap, cause(err))
	}
	return f.desk.writable("pcap", somewhere(f.pcap))
}

func newSeed() (uint64, error) {
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		return 0, err
	}
	return max(1, binary.BigEndian.Uint64(b[:])), nil
}

// extras puts what else is made of a report where it was asked for.
func (f runFlags) extras(r model.Report) error {
	catalogue := claim.Catalogue()
	if f.junit != "" {
		if err := f.desk.keep("junit", f.junit, render.JUnit(r, catalogue)); err != nil {
			return err
		}
	}
	if f.tap != "" {
		if err := f.desk.keep("tap", f.tap, render.TAP(r, catalogue)); err != nil {
			return err
		}
	}
	return nil
}

// write puts the report, and what else is made of it, where it was asked for, and shows it if that was nowhere.
func (f runFlags) write(r model.Report) error {
	if err := f.extras(r); err != nil {
		return err
	}
	if f.out == "" {
		if f.junit == standardOutput || f.tap == standardOutput {
			return nil
		}
		return show(r)
	}
	b, err := finished(r)
	if err != nil {
		return kit("the report: %w", err)
	}
	path := in(f.out, r.Platform.ID+".json")
	if err := f.desk.keep("out", path, b); err != nil {
		return err
	}
	if !f.quiet && path != standardOutput {
		fmt.Fprintf(os.Stderr, "wrote %s: %s\n", path, summary(r))
	}
	tellPrivate(os.Stderr, path, r)
	return nil
}
