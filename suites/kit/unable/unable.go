// Package unable is how a test says that it could not run here. It takes the error of what was tried, so that nobody
// skips on a guess, and where everything must run (LOOPMATRIX_STRICT, set by `make ci`) it fails instead.
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
