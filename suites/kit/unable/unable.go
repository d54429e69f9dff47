// Package unable is how a test says that it does not run here. Skip takes the error of what was
// tried, so that no test is skipped on a guess, and where everything must run (LOOPMATRIX_STRICT,
// set by `make ci`) it fails instead. Long is for -short.
package unable

import (
	"os"
	"testing"
)

// Strict is the environment variable that turns every skip into a failure.
const Strict = "LOOPMATRIX_STRICT"

// Skip ends the test if err is not nil: as skipped, or as failed where everything must run.
func Skip(t testing.TB, err error) {
	t.Helper()
	if err == nil {
		return
	}
	if os.Getenv(Strict) != "" {
		t.Fatalf("could not run, and here it must: %v", err)
	}
	t.Skipf("could not run: %v", err)
}

// EverySystem is the environment variable by which -short leaves out only what is the same on every
// system, where another system than Linux is tested.
const EverySystem = "LOOPMATRIX_EVERY_SYSTEM"

// Long ends a test that takes seconds as skipped, if only the short ones are to run; why says what
// takes so long.
func Long(t testing.TB, why string) {
	t.Helper()
	if testing.Short() && os.Getenv(EverySystem) == "" {
		t.Skip("left out by -short: " + why)
	}
}
