package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func TestWhatASweepAsksFor(t *testing.T) {
	got, err := asks("udp,bind=127.64.0.0/10, tcp=127.255.255.254/31")
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, s := range got {
		said = append(said, s.Protocol+" "+s.Prefix+" "+strings.Join(s.Left, ","))
	}
	if want := "udp 127.0.0.0/8 127.0.0.0/8; bind 127.64.0.0/10 127.64.0.0/10; tcp 127.255.255.254/31 127.255.255.254/31"; strings.Join(said, "; ") != want {
		t.Errorf("got %s, want %s", strings.Join(said, "; "), want)
	}
	for list, want := range map[string]string{
		"sctp":               `"sctp"`,
		"udp,":               `""`,
		"udp=10.0.0.0/8":     "no part of 127.0.0.0/8",
		"udp=126.0.0.0/7":    "no part of",
		"udp=::1/128":        "no part of",
		"tcp=127.0.0.1":      "no part of",
		"listeners=many,udp": "listeners",
		"udp,udp":            "twice",
		"bind=127.0.0.0/13,udp=127.0.0.0/13,bind=127.4.0.0/14": "twice",
	} {
		if _, err := asks(list); codeOf(err) != exitUsage || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", list, err, want)
		}
	}
}

func TestWhatIsDeniedIsAskedWithBroadcast(t *testing.T) {
	s := model.Sweep{Protocol: "udp", Prefix: "127.0.0.0/8", Exceptions: []model.Exception{
		{CIDR: "127.0.0.0/32", Outcome: observation.Denied, Errno: "EACCES"}, {CIDR: "127.1.1.1/32", Outcome: observation.Lost},
		{CIDR: "127.255.255.255/32", Outcome: observation.Denied, Errno: "EACCES"}}}
	again := permitted(s)
	if len(again) != 2 || again[0].Prefix != "127.0.0.0/32" || again[1].Prefix != "127.255.255.255/32" || !again[1].Broadcast {
		t.Errorf("got %+v", again)
	}
	s.Protocol = "bind"
	if again := permitted(s); again != nil {
		t.Errorf("bind sends nothing: %+v", again)
	}
	if again := permitted(again[0]); again != nil {
		t.Errorf("once is enough: %+v", again)
	}
}

// TestNothingIsSweptTwice resumes a report of which a sweep came to its end just when it was interrupted, so that what was
// denied has not been asked with SO_BROADCAST, and asks for the same sweep again.
func TestNothingIsSweptTwice(t *testing.T) {
	begun := []model.Sweep{{Protocol: "udp", Prefix: "127.255.255.252/30", Addresses: 4, Delivered: 3,
		Exceptions: []model.Exception{{CIDR: "127.255.255.255/32", Outcome: observation.Denied, Errno: "EACCES"}}}}
	asked, err := asks("udp=127.255.255.252/30,bind=127.0.0.0/30")
	if err != nil {
		t.Fatal(err)
	}
	r := model.Report{Sweeps: addSweeps(begun, asked)}
	cut, err := runFlags{quiet: true}.sweepAll(t.Context(), &r)
	if err != nil || cut {
		t.Fatal(cut, err)
	}
	var said []string
	for _, s := range r.Sweeps {
		said = append(said, fmt.Sprint(s.Protocol, " ", s.Prefix, " ", s.Broadcast, " ", s.Delivered, " ", len(s.Left)))
	}
	if want := "udp 127.255.255.252/30 false 3 0; bind 127.0.0.0/30 false 4 0; udp 127.255.255.255/32 true 1 0"; strings.Join(said, "; ") != want {
		t.Errorf("got %s, want %s", strings.Join(said, "; "), want)
	}
}

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
	b, err := finished(cut)
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
	r.Platform.ID = "linux-1.0-elsewhere-vm-amd64"
	elsewhere, err := resumed(r, whole)
	if codeOf(err) != exitUsage {
		t.Errorf("a report of another platform went on: %+v, %v", elsewhere.Platform.ID, err)
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
