package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/runner/targets"
)

// logs are the files for what the targets and the tools around them say, one for each target.
type logs struct {
	kept  bool // all are to be kept, not only those of targets that fail
	files map[string]*os.File
}

// unsafe are the characters of a target's name that its log's name does not take.
var unsafe = regexp.MustCompile(`[^a-z0-9.]+`)

// openLogs makes the logs in a folder, or without one among the temporary files. A kit that is
// itself on a target says everything to whoever sent it.
func openLogs(folder string, targets []targets.Target, onTarget bool) (logs, error) {
	l := logs{kept: folder != "" || onTarget, files: map[string]*os.File{}}
	for _, t := range targets {
		if onTarget {
			l.files[t.Name()] = os.Stderr
			continue
		}
		name := strings.Trim(unsafe.ReplaceAllString(strings.ToLower(t.Name()), "-"), "-")
		file, err := openLog(folder, name)
		if err != nil {
			return l, toolError("--log: %w", err)
		}
		l.files[t.Name()] = file
	}
	return l, nil
}

func openLog(folder, name string) (*os.File, error) {
	if folder == "" {
		return os.CreateTemp("", "loopmatrix-"+name+"-*.log")
	}
	return os.Create(filepath.Join(folder, name+".log"))
}

// close closes all logs, removes those of targets that did not fail, and says where the others are:
// the errors of all targets, each with the place of its log.
func (l logs) close(results []targets.Result) *multierror.Error {
	failed := &multierror.Error{ErrorFormat: model.Lines}
	for _, r := range results {
		file := l.files[r.Target.Name()]
		if r.Err != nil {
			_, _ = fmt.Fprintln(file, r.Err)
		}
		if file == os.Stderr {
			failed = multierror.Append(failed, r.Err)
			continue
		}
		_ = file.Close()
		switch {
		case r.Err != nil:
			failed = multierror.Append(failed, fmt.Errorf("%s: %w; see %s", r.Target.Name(), r.Err, file.Name()))
		case !l.kept:
			_ = os.Remove(file.Name())
		}
	}
	return failed
}
