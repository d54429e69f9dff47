package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"syscall"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/runner/combine"
	"github.com/loopmatrix/loopmatrix/suites/claim"
)

// repeated measures f.repeat times, each time in a fresh process with the same seed, and joins the reports. On an
// interrupt the process that is under way ends with a partial report, and no further one is started.
func repeated(f runFlags) (report model.Report, interrupted bool, err error) {
	self, err := os.Executable()
	if err != nil {
		return report, false, kit("which program this is: %w", err)
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	var reports []model.Report
	for i := range f.repeat {
		if !f.quiet {
			fmt.Fprintf(os.Stderr, "run %d of %d\n", i+1, f.repeat)
		}
		one, code, err := again(self, f, signals)
		if err != nil {
			return report, false, kit("run %d of %d: %w", i+1, f.repeat, err)
		}
		interrupted = code == exitKit
		if interrupted && len(reports) > 0 {
			break // a partial run says nothing about what a whole one would have shown
		}
		reports = append(reports, one)
		if interrupted {
			break
		}
	}
	report, err = combine.Repeat(reports, claim.Catalogue())
	return report, interrupted, wrap("join the runs", err)
}

// again is one run in a fresh process. Its exit code tells a deviation or an interrupt, both with a report.
func again(self string, f runFlags, signals <-chan os.Signal) (r model.Report, code int, err error) {
	child := exec.Command(self, "run", "--quiet", "--out", "-", "--claims", f.claims, "--wire", f.wire, "--seed", strconv.FormatUint(f.seed, 10))
	var out, complaints bytes.Buffer
	child.Stdout, child.Stderr = &out, &complaints
	if err := child.Start(); err != nil {
		return r, 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- child.Wait() }()
	select {
	case err = <-ended:
	case s := <-signals:
		_ = child.Process.Signal(s) // from a terminal it has the signal already; a second one is for ginkgo to ignore
		err = <-ended
	}
	code = child.ProcessState.ExitCode()
	if err != nil && (code < 0 || code == exitUsage || out.Len() == 0) {
		return r, code, fmt.Errorf("%w: %s", err, bytes.TrimSpace(complaints.Bytes()))
	}
	r, err = model.Decode(&out, "the report of the process", claim.Catalogue())
	return r, code, err
}
