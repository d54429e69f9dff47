package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/capacity"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

func TestListenersAskedFor(t *testing.T) {
	for list, most := range map[string]int{"": -1, "udp": -1, "listeners": 0, "udp, listeners=12 ,bind": 12, "listeners=16777214": capacity.Whole} {
		plan, err := listenersAsked(list)
		if err != nil || (plan == nil) != (most < 0) || plan != nil && plan.Most != most {
			t.Errorf("%q: %+v, %v", list, plan, err)
		}
	}
	if swept, err := asks("listeners=12"); err != nil || len(swept) != 0 {
		t.Errorf("%+v, %v", swept, err)
	}
	for list, want := range map[string]string{
		"listeners=0":         "from 1 to 16777214",
		"listeners=16777215":  "from 1 to 16777214",
		"listeners=many":      `"many" is none`,
		"listeners,listeners": "twice",
		"listener":            "listeners or listeners=N",
	} {
		if _, err := asks(list); codeOf(err) != exitUsage || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", list, err, want)
		}
	}
	for _, share := range []string{"0", "-1", "101"} {
		refused(t, exitUsage, []string{"--memory-share " + share, "percent"}, "run", "--sweep", "listeners", "--memory-share", share)
	}
}

// TestListeners takes them through the command: shown, written, and kept by a run that goes on with the report.
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

// TestListenersHaveTimeOnTargets: a run on a target may take longer for them, unless it was told how long.
func TestListenersHaveTimeOnTargets(t *testing.T) {
	var f runFlags
	f.away.limits.Run = time.Minute
	for list, want := range map[string]time.Duration{"": time.Minute, "listeners=1000": 80 * time.Second, "listeners": time.Minute + 131_072*perListener} {
		if f.sweep = list; f.limits().Run != want {
			t.Errorf("%q: %v, want %v", list, f.limits().Run, want)
		}
	}
	f.away.limited = true
	if f.sweep = "listeners"; f.limits().Run != time.Minute {
		t.Errorf("%v, though it was told", f.limits().Run)
	}
}
