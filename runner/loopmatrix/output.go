package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/runner/submission"
)

// standardOutput is the name that means it.
const standardOutput = "-"

// put writes to standard output.
func put(b []byte) error { return putEach(made(b)) }

// putEach writes to standard output what is made meanwhile.
func putEach(write func(io.Writer) error) error {
	if err := model.Buffered(os.Stdout, write); err != nil {
		return kit("standard output: %w", cause(err))
	}
	return nil
}

// made writes what is made already.
func made(b []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	}
}

// cause is an error of package os without the name of the file.
func cause(err error) error {
	if e, is := errors.AsType[*fs.PathError](err); is {
		return e.Err
	}
	return err
}

// finished is the file of a report to which nothing is added any more: its digest is made now.
func finished(r model.Report) ([]byte, error) {
	r, err := r.Sealed()
	if err != nil {
		return nil, err
	}
	return model.Encode(r)
}

// tellPrivate says where a report that was written tells whose machine it was, which nobody may publish.
func tellPrivate(w io.Writer, path string, r model.Report) {
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

// arrived says whether a report that came from another process is as that one wrote it. A kit of an older version makes no
// digest.
func arrived(r model.Report) error {
	if r.Digest == nil {
		return nil
	}
	return r.Intact()
}

// in is the path of a file that was named, or of a file of this name in the folder that was.
func in(path, name string) string {
	if isFolder(path) {
		return filepath.Join(path, name)
	}
	return path
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// writable says before long work whether its results can be written.
func (d *desk) writable(flag, path string) error {
	if path == "" || path == standardOutput {
		return nil
	}
	if err := d.use(func() error { return model.Writable(path) }); err != nil {
		return usage("--%s: %w", flag, err)
	}
	return nil
}

// somewhere is a path in a folder, if it is one: the name of the file does not matter yet.
func somewhere(path string) string { return in(path, "loopmatrix") }

// keep writes a file, or to standard output.
func (d *desk) keep(flag, path string, b []byte) error { return d.stream(flag, path, made(b)) }

// stream is keep for what is made while it is written.
func (d *desk) stream(flag, path string, write func(io.Writer) error) error {
	if path == standardOutput {
		return putEach(write)
	}
	if err := d.write(func() error { return model.Create(path, write) }); err != nil {
		return kit("--%s: %w", flag, err)
	}
	return nil
}
