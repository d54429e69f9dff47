package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/runner/session"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// TestResumed takes a report that was cut short through the command and ends it.
func TestResumed(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "report.json")
	if r := loopmatrix(t, "run", "--quiet", "--claims", "v4.addr1.delivery", "--wire", "off", "--sweep", "bind=127.3.0.0/20", "--out", path); r.code != exitFine {
		t.Fatalf("exit code %d: %s", r.code, r.stderr)
	}
	r := partial(t, path)
	if len(r.Sweeps) != 1 || r.Sweeps[0].Delivered != 4096 || len(r.Sweeps[0].Left) != 0 {
		t.Fatalf("the sweep: %+v", r.Sweeps)
	}
	cut := r
	cut.Results = slices.Clone(r.Results)
	cut.Sweeps = []model.Sweep{{Protocol: "bind", Prefix: "127.3.0.0/20", Addresses: 1024, Delivered: 1024, Late: 7, Left: []string{"127.3.4.0/22", "127.3.8.0/21"}, Seconds: 1}}
	for i := range cut.Results {
		if cut.Results[i].Claim == "v4.addr1.delivery" {
			cut.Results[i] = model.Result{Claim: "v4.addr1.delivery", Observations: observation.Set{}, Runs: model.Runs{N: 1, Same: 1},
				Finding: claim.Finding{Verdict: claim.NotRun, Reason: model.Interrupted}}
		}
	}
	b, err := session.Encode(cut)
	if err != nil {
		t.Fatal(err)
	}
	part := filepath.Join(folder, "part.json")
	if err := os.WriteFile(part, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if r := loopmatrix(t, "run", "--quiet", "--wire", "off", "--resume", part, "--out", part); r.code != exitFine {
		t.Fatalf("exit code %d: %s", r.code, r.stderr)
	}
	whole := partial(t, part)
	if s := whole.Sweeps[0]; len(whole.Sweeps) != 1 || s.Delivered != 4096 || len(s.Left) != 0 || s.Late != 7 || s.Seconds <= 1 {
		t.Errorf("the sweep: %+v", whole.Sweeps)
	}
	for i, result := range whole.Results {
		if got, want := verdict(t, result), verdict(t, r.Results[i]); got != want {
			t.Errorf("%s: %s, want %s", result.Claim, got, want)
		}
	}
}

func verdict(t *testing.T, r model.Result) string {
	t.Helper()
	b, err := json.Marshal(r.Finding)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
