package claimtest

import (
	"flag"
	"fmt"
	"os"
	"path"
	"runtime"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// tables are the behaviours that the tables of each claim show, by id.
type tables map[string]map[string]bool

// tabled are the tables that were tested in this process.
var tabled = tables{}

func (all tables) add(c claim.Claim, rows []Row) {
	if all[c.ID] == nil {
		all[c.ID] = map[string]bool{}
	}
	for _, r := range rows {
		if b, declared := c.Behaviour(r.Want); declared {
			all[c.ID][b.Word] = true
		}
	}
}

// Run runs the tests of a family and returns the exit code, for TestMain. If all of them were run,
// it demands that each claim which is declared in the folder of its caller has a table of its rule,
// and that the table shows every behaviour.
func Run(m *testing.M) int {
	code := m.Run()
	if code != 0 || chosen() {
		return code
	}
	_, file, _, _ := runtime.Caller(1)
	for _, problem := range tabled.missing(declaredIn(path.Dir(file), claim.Catalogue())) {
		fmt.Fprintln(os.Stderr, problem)
		code = 1
	}
	return code
}

// chosen reports whether only some of the tests were to run.
func chosen() bool {
	for _, name := range []string{"test.run", "test.skip", "test.list"} {
		if f := flag.Lookup(name); f != nil && f.Value.String() != "" {
			return true
		}
	}
	return false
}

func declaredIn(folder string, all []claim.Entry) (out []claim.Entry) {
	for _, e := range all {
		if path.Dir(e.File) == folder {
			out = append(out, e)
		}
	}
	return out
}

// missing says which claims have no table, and which behaviours no row shows.
func (all tables) missing(entries []claim.Entry) (problems []string) {
	for _, e := range entries {
		shown, has := all[e.ID]
		switch {
		case e.Rule == nil:
		case !has:
			problems = append(problems, fmt.Sprintf("%s (%s): no table tests its rule; add one with claimtest.Rule", e.ID, e.File))
		default:
			for _, b := range e.Behaviours {
				if !shown[b.Word] {
					problems = append(problems, fmt.Sprintf("%s (%s): no row of its table shows %q", e.ID, e.File, b.Word))
				}
			}
		}
	}
	return problems
}
