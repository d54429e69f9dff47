package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/runner/targets"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// runBundle is what a target runs: it measures, and writes the report and the captures as one stream, to standard output
// or into a file.
func (f runFlags) runBundle(ctx context.Context, selected []claim.Entry) error {
	folder, err := os.MkdirTemp("", "loopmatrix-")
	if err != nil {
		return kit("%w", err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	if f.repeat == 1 { // several runs can't keep theirs apart
		f.pcap = folder
	}
	report, interrupted, err := f.measure(ctx, selected)
	if err != nil {
		return err
	}
	captures, err := filesIn(folder)
	if err != nil {
		return kit("the captures: %w", err)
	}
	if err := f.stream(report, captures); err != nil {
		return err
	}
	return f.conclude(interrupted, report)
}

// filesIn reads all files in a folder.
func filesIn(folder string) (map[string][]byte, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, e := range entries {
		if files[e.Name()], err = os.ReadFile(filepath.Join(folder, e.Name())); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// stream writes a report and its captures as one stream.
func (f runFlags) stream(r model.Report, captures map[string][]byte) error {
	b, err := finished(r)
	if err != nil {
		return kit("the report: %w", err)
	}
	var out bytes.Buffer
	if err := targets.WriteBundle(&out, b, captures); err != nil {
		return kit("the stream: %w", err)
	}
	if f.out == "" {
		return put(out.Bytes())
	}
	return f.desk.keep("out", f.out, out.Bytes())
}

// loose is how long a tethered kit may go on once its standard input has ended: nobody waits for what it does.
const loose = 2 * time.Second

// tethered ends the context with standard input, and soon the program. A kit that was started over a line can't be told to
// end when the line is cut, nor can one that runs as another user; both see their input end.
func tethered(parent context.Context) context.Context {
	ctx, cancel := context.WithCancel(parent)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
		time.Sleep(loose)
		os.Exit(exitKit)
	}()
	return ctx
}
