package combine

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"

	"github.com/hashicorp/go-multierror"
	"golang.org/x/sync/errgroup"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// Paths returns the files that a path stands for: those of a folder that end in .json, or else the
// path itself, whatever is there, since reading it says what is wrong.
func Paths(path string) ([]string, error) {
	if !IsFolder(path) {
		return []string{path}, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		if e, is := errors.AsType[*fs.PathError](err); is {
			err = e.Err
		}
		return nil, model.Problem{File: path, Text: fmt.Sprintf("the folder can't be read: %v", err)}
	}
	var out []string
	for _, e := range entries {
		if filepath.Ext(e.Name()) == ".json" {
			out = append(out, filepath.Join(path, e.Name()))
		}
	}
	if len(out) == 0 {
		return nil, model.Problem{File: path, Text: "there is no report in this folder: none of its files ends in .json"}
	}
	return out, nil
}

// IsFolder reports whether there is a folder.
func IsFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// Files reads reports, as many at once as there are processors, judges each by the rules of the
// catalogue, whatever it was judged by before, and gives it to take: in no particular order, and
// from several goroutines. The error holds everything that is wrong with the files, in their order.
func Files(paths []string, catalogue []claim.Entry, take func(model.Report)) error {
	return files(paths, catalogue, model.Read, take)
}

// patience is how much garbage, in percent of what lives, is let be while answers are read. Nothing
// of a file lives on, so what the collector looks through meanwhile is the table, again and again.
const patience = 200

// Answers is Files for who needs no transcript, as a table does: the reports come without, and
// sooner.
func Answers(paths []string, catalogue []claim.Entry, take func(model.Report)) error {
	if os.Getenv("GOGC") == "" { // whoever sets it knows better
		defer debug.SetGCPercent(debug.SetGCPercent(patience))
	}
	return files(paths, catalogue, model.Answers, take)
}

// Reading is Files or Answers.
type Reading func(paths []string, catalogue []claim.Entry, take func(model.Report)) error

func files(paths []string, catalogue []claim.Entry, read func(string, []claim.Entry) (model.Report, error), take func(model.Report)) error {
	wrong := make([]error, len(paths))
	rows := rowsOf(catalogue)
	var readers errgroup.Group
	readers.SetLimit(runtime.GOMAXPROCS(0))
	for i, path := range paths {
		readers.Go(func() error {
			r, err := read(path, catalogue)
			if wrong[i] = err; err == nil {
				judge(r.Results, catalogue, rows)
				take(r)
			}
			return nil // and on with the others: all problems are told at once
		})
	}
	_ = readers.Wait()
	all := &multierror.Error{ErrorFormat: model.Lines}
	for _, err := range wrong {
		if err != nil {
			all = multierror.Append(all, err)
		}
	}
	return all.ErrorOrNil()
}
