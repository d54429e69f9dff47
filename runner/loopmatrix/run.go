package main

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/runner/combine"
	"github.com/loopmatrix/loopmatrix/runner/engine"
	"github.com/loopmatrix/loopmatrix/runner/platform"
	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/host"
	"github.com/loopmatrix/loopmatrix/suites/observe"
)

// runFlags are the flags of the command run.
type runFlags struct {
	claims string
	seed   uint64
	repeat int
	out    string
	junit  string
	tap    string
	wire   string
	pcap   string
	quiet  bool
}

func runCommand() *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "run",
		Short: "Measure this machine and write a report",
		Long: "Measures the claims on this machine. Without --out the result is shown; with it, the report is written.\n" +
			"Nothing on the machine is changed, and nothing is sent to an address that is not loopback.\n\n" + exitCodes,
		Args: noArgs,
		RunE: func(_ *cobra.Command, _ []string) error { return f.run() },
	}
	c.Flags().StringVar(&f.claims, "claims", "", "measure only these: ids with globs, families, levels, headline, none; joined with commas")
	c.Flags().Uint64Var(&f.seed, "seed", 0, "seed of the random addresses; 0 takes a new one (the report tells which)")
	c.Flags().IntVar(&f.repeat, "repeat", 1, "measure this often, each time in a fresh process, and report k of n")
	c.Flags().StringVar(&f.out, "out", "", "write the report to this file, or into this folder under the platform's id; - is standard output")
	c.Flags().StringVar(&f.junit, "junit", "", "write JUnit XML to this file")
	c.Flags().StringVar(&f.tap, "tap", "", "write TAP to this file")
	c.Flags().StringVar(&f.wire, "wire", wireAuto, "private hosts with a cable: auto, off or required")
	c.Flags().StringVar(&f.pcap, "pcap", "", "write what crossed the cables into this folder, a pcapng file for each claim")
	c.Flags().BoolVar(&f.quiet, "quiet", false, "show no progress")
	return c
}

func (f runFlags) run() error {
	if f.repeat < 1 {
		return usage("--repeat %d: it takes a number of at least 1", f.repeat)
	}
	if err := oneOf("wire", f.wire, wireAuto, wireOff, wireRequired); err != nil {
		return err
	}
	selected, err := selection(f.claims)
	if err != nil {
		return err
	}
	if f.seed == 0 {
		if f.seed, err = newSeed(); err != nil {
			return kit("no seed: %w", err)
		}
	}
	var report model.Report
	var interrupted bool
	if f.repeat > 1 {
		report, interrupted, err = repeated(f)
	} else {
		report, interrupted, err = measure(selected, f)
	}
	if err != nil {
		return err
	}
	if err := f.write(report); err != nil {
		return err
	}
	return verdictOf(report, interrupted)
}

// selection gives the claims of an expression; an empty one selects all.
func selection(expr string) ([]claim.Entry, error) {
	all := claim.Catalogue()
	if expr == "" {
		return all, nil
	}
	selected, err := claim.Select(expr, all)
	if err != nil {
		return nil, usage("--claims: %w", err)
	}
	return selected, nil
}

func newSeed() (uint64, error) {
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		return 0, err
	}
	return max(1, binary.BigEndian.Uint64(b[:])), nil
}

// measure runs the selected claims in this process and makes the report.
func measure(selected []claim.Entry, f runFlags) (model.Report, bool, error) {
	under := host.This(f.seed)
	where, _ := platform.Detect(under.Network) // what it could not read stands in the report (State.Unknown)
	var err error
	if where.Wire, err = wired(under, f.wire, where); err != nil {
		return model.Report{}, false, err
	}
	progress, done := showProgress(f.quiet)
	out, err := engine.Run(claim.Catalogue(), selected, under, progress)
	done()
	if err != nil {
		return model.Report{}, false, kit("%w", err)
	}
	id, err := runID(under.Started)
	if err != nil {
		return model.Report{}, false, kit("no run id: %w", err)
	}
	measured, err := results(out.Results, f.pcap)
	if err != nil {
		return model.Report{}, false, err
	}
	return model.Report{
		Schema:   model.Schema,
		Kit:      model.Kit{Version: version, Commit: commit},
		Platform: where,
		Run: model.Run{ID: id, Started: under.Started.UTC().Truncate(time.Second),
			DurationMillis: time.Since(under.Started).Milliseconds(), Seed: f.seed, Repeat: 1},
		Results: measured,
	}, out.Interrupted, nil
}

// runID is the time of the run and a random number, so that two runs never share one.
func runID(started time.Time) (string, error) {
	var b [4]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", err
	}
	return started.UTC().Format("20060102T150405Z") + "-" + hex.EncodeToString(b[:]), nil
}

// results turns what was measured into entries of a report, and writes the captures into a folder if one is named.
func results(measured []claim.Result, pcap string) ([]model.Result, error) {
	out := make([]model.Result, len(measured))
	for i, r := range measured {
		seen := r.Observations
		if seen == nil {
			seen = observe.Set{}
		}
		out[i] = model.Result{Claim: r.Claim, Finding: r.Finding, Observations: seen, Runs: model.Runs{N: 1, Same: 1}}
		if pcap == "" || len(r.Captures) == 0 {
			continue
		}
		evidence, err := capture(r, pcap)
		if err != nil {
			return nil, usage("--pcap: %w", err)
		}
		out[i].Evidence = []model.Evidence{evidence}
	}
	return out, nil
}

// write puts the report where it was asked for, and shows it if that was nowhere.
func (f runFlags) write(r model.Report) error {
	if err := f.writeExtras(r); err != nil {
		return err
	}
	switch f.out {
	case "":
		return show(r)
	case "-":
		b, err := model.Encode(r)
		if err == nil {
			_, err = os.Stdout.Write(b)
		}
		return wrap("the report", err)
	}
	path := f.out
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, r.Platform.ID+".json")
	}
	if err := model.Write(path, r); err != nil {
		return usage("%w", err)
	}
	if !f.quiet {
		fmt.Fprintln(os.Stderr, "wrote", path)
	}
	return nil
}

func (f runFlags) writeExtras(r model.Report) error {
	catalogue := claim.Catalogue()
	if f.junit != "" {
		if err := model.WriteFile(f.junit, render.JUnit(r, catalogue)); err != nil {
			return usage("--junit: %w", err)
		}
	}
	if f.tap != "" {
		if err := model.WriteFile(f.tap, render.TAP(r, catalogue)); err != nil {
			return usage("--tap: %w", err)
		}
	}
	return nil
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return kit("%s: %w", what, err)
}

// show renders the report as a matrix of one column on the terminal.
func show(r model.Report) error {
	m, err := combine.Combine([]model.Report{r}, claim.Catalogue())
	if err != nil {
		return kit("%w", err)
	}
	return showMatrix(m)
}

// verdictOf gives the exit code of a run.
func verdictOf(r model.Report, interrupted bool) error {
	if interrupted {
		return kit("interrupted; what was measured until then is in the report")
	}
	levels := map[string]claim.Level{}
	for _, e := range claim.Catalogue() {
		levels[e.ID] = e.Level
	}
	for _, result := range r.Results {
		if result.Verdict == observe.Deviates && levels[result.Claim].Binding() {
			return exit{exitDeviates, nil}
		}
	}
	return nil
}
