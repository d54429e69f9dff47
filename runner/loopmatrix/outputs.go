package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/loopmatrix/loopmatrix/reports/combine"
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/runner/submission"
)

// standardOutput is the name that means it.
const standardOutput = "-"

// outputs serialises the writing of files, which takes milliseconds, so that a signal never leaves
// half a file.
type outputs struct {
	mu sync.Mutex
	// written says that there is a file.
	written bool
}

// do calls a function that writes files.
func (o *outputs) do(write func() error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	err := write()
	o.written = o.written || err == nil
	return err
}

// close waits for the file that is being written. No other is begun any more. It returns what
// became of the others.
func (o *outputs) close() string {
	o.mu.Lock()
	if o.written {
		return "what was written until then is kept"
	}
	return "nothing was kept"
}

// writable returns an error for a file that can't be written, before long work.
func (o *outputs) writable(flag, path string) error {
	if path == "" || path == standardOutput {
		return nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := model.Writable(path); err != nil {
		return usage("--%s: %w", flag, err)
	}
	return nil
}

// folder makes a folder where there is none, and returns an error for one that no files can be
// written into.
func (o *outputs) folder(flag, path string) error {
	if err := os.MkdirAll(path, 0o755); err != nil { //nolint:gosec // reports are there to be passed on
		return usage("--%s: %s: %w", flag, path, withoutPath(err))
	}
	return o.writable(flag, anyFile(path))
}

// file writes a file, or to standard output.
func (o *outputs) file(flag, path string, b []byte) error { return o.stream(flag, path, bytesOf(b)) }

// stream is file for what is made while it is written.
func (o *outputs) stream(flag, path string, write func(io.Writer) error) error {
	if path == standardOutput {
		return streamStdout(write)
	}
	if err := o.do(func() error { return model.Create(path, write) }); err != nil {
		return toolError("--%s: %w", flag, err)
	}
	return nil
}

// writeStdout writes to standard output.
func writeStdout(b []byte) error { return streamStdout(bytesOf(b)) }

// streamStdout writes to standard output what is made meanwhile.
func streamStdout(write func(io.Writer) error) error {
	if err := model.Buffered(os.Stdout, write); err != nil {
		return toolError("standard output: %w", withoutPath(err))
	}
	return nil
}

// bytesOf returns a function that writes these bytes.
func bytesOf(b []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	}
}

// withoutPath returns an error of package os without the name of the file.
func withoutPath(err error) error {
	if e, is := errors.AsType[*fs.PathError](err); is {
		return e.Err
	}
	return err
}

// fileIn returns the path of a file that was named, or of a file of this name in the folder that
// was.
func fileIn(path, name string) string {
	if combine.IsFolder(path) {
		return filepath.Join(path, name)
	}
	return path
}

// anyFile returns a path in a folder, if it is one: the name of the file does not matter yet.
func anyFile(path string) string { return fileIn(path, "loopmatrix") }

// warnPrivate says where a report that was written shows whose machine it was, which must not be
// published.
func warnPrivate(w io.Writer, path string, r model.Report) {
	found := submission.Private(r)
	if len(found) == 0 {
		return
	}
	more := ""
	if n := len(found) - 1; n > 0 {
		more = fmt.Sprintf("; and %s more, see loopmatrix check", render.Times(n, "place"))
	}
	_, _ = fmt.Fprintf(w, "%s: not fit for publication: %s: %s%s\n", path, found[0].Path, found[0].Text, more)
}
