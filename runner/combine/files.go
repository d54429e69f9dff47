package combine

import (
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/claim"
)

// Files reads reports, as many at once as there are processors, judges each by the rules of the catalogue, whatever it
// was judged by before, and gives it to take: in no particular order, and from several goroutines. The error holds
// everything that is wrong with the files, in their order.
func Files(paths []string, catalogue []claim.Entry, take func(model.Report)) error {
	return files(paths, catalogue, func() read { return model.Read }, take)
}

// patience is how much garbage, in percent of what lives, is let be while answers are read. Nothing of a file lives on, so what
// the collector looks through meanwhile is the table, again and again: with 10,000 reports, this spares a fifth of all
// processor time and takes 60 MB.
const patience = 300

// Answers is Files for who needs no transcript, as a table does: the reports come without, and sooner. A report, with every
// text in it, is good until take returns: what is to be kept longer must be copied.
func Answers(paths []string, catalogue []claim.Entry, take func(model.Report)) error {
	if os.Getenv("GOGC") == "" { // whoever sets it knows better
		defer debug.SetGCPercent(debug.SetGCPercent(patience))
	}
	return files(paths, catalogue, func() read { return new(model.Reader).Answers }, take)
}

// Reading is Files or Answers.
type Reading func(paths []string, catalogue []claim.Entry, take func(model.Report)) error

// read reads one report.
type read func(path string, catalogue []claim.Entry) (model.Report, error)

// files has a reader of its own for each processor.
func files(paths []string, catalogue []claim.Entry, reader func() read, take func(model.Report)) error {
	wrong := make([]error, len(paths))
	rows := rowsOf(catalogue)
	var next atomic.Int64
	var readers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(paths)) {
		readers.Go(func() {
			one := reader()
			for i := int(next.Add(1)) - 1; i < len(paths); i = int(next.Add(1)) - 1 {
				r, err := one(paths[i], catalogue)
				if wrong[i] = err; err == nil { // and on with the others: all problems are told at once
					judge(r.Results, catalogue, rows)
					take(r)
				}
			}
		})
	}
	readers.Wait()
	all := &multierror.Error{ErrorFormat: model.Lines}
	for _, err := range wrong {
		if err != nil {
			all = multierror.Append(all, err)
		}
	}
	return all.ErrorOrNil()
}
