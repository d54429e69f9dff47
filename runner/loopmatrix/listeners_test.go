package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// TestListeners takes them through the command: shown, written, and kept by a run that goes on with
// the report.
func TestListeners(t *testing.T) {
	shown := loopmatrix(t, "run", "--quiet", "--claims", "none", "--wire", "off", "--sweep", "listeners=600")
	if shown.code != exitFine || !strings.Contains(shown.stdout, "600 listeners held at once") || !strings.Contains(shown.stdout, "bind.capacity  at-least-256") {
		t.Errorf("%d: %s%s", shown.code, shown.stdout, shown.stderr)
	}
	path := filepath.Join(t.TempDir(), "report.json")
	if r := loopmatrix(t, "run", "--quiet", "--claims", "bind.capacity", "--wire", "off", "--sweep", "listeners=1500", "--out", path); r.code != exitFine {
		t.Fatalf("%d: %s", r.code, r.stderr)
	}
	held := func() *model.Capacity {
		r := partial(t, path)
		for _, result := range r.Results {
			if result.Claim == "bind.capacity" && (result.Verdict != claim.Observed || result.Behaviour != "at-least-1000") {
				t.Errorf("%+v", result.Finding)
			}
		}
		if r.Capacity == nil || r.Capacity.Held != 1500 || r.Capacity.Limit != model.LimitCount {
			t.Fatalf("%+v", r.Capacity)
		}
		return r.Capacity
	}
	before := held()
	if r := loopmatrix(t, "run", "--quiet", "--wire", "off", "--resume", path, "--out", path); r.code != exitFine {
		t.Fatalf("%d: %s", r.code, r.stderr)
	}
	if after := held(); after.Port != before.Port || after.Seconds != before.Seconds {
		t.Errorf("%+v were measured again: %+v", before, after)
	}
	if info, err := os.Stat(path); err != nil || info.Size() > 1<<20 {
		t.Errorf("the report has %d bytes, %v", info.Size(), err)
	}
}
