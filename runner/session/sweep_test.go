package session

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/runner/progress"
	"github.com/loopmatrix/loopmatrix/suites/kit/capacity"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// quiet shows no progress.
var quiet = &progress.Display{To: io.Discard, Quiet: true}

func TestWhatASweepAsksFor(t *testing.T) {
	got, none, err := parseSweeps("udp,bind=127.64.0.0/10, tcp=127.255.255.254/31")
	if err != nil || none != nil {
		t.Fatal(none, err)
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
		if _, _, err := parseSweeps(list); err == nil || !strings.Contains(err.Error(), want) {
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

// TestNothingIsSweptTwice resumes a report of which a sweep came to its end just when it was
// interrupted, so that what was denied has not been asked with SO_BROADCAST, and asks for the same
// sweep again.
func TestNothingIsSweptTwice(t *testing.T) {
	begun := []model.Sweep{{Protocol: "udp", Prefix: "127.255.255.252/30", Addresses: 4, Delivered: 3,
		Exceptions: []model.Exception{{CIDR: "127.255.255.255/32", Outcome: observation.Denied, Errno: "EACCES"}}}}
	asked, _, err := parseSweeps("udp=127.255.255.252/30,bind=127.0.0.0/30")
	if err != nil {
		t.Fatal(err)
	}
	out := Outcome{Report: model.Report{Sweeps: addSweeps(begun, asked)}}
	if err := sweepAll(t.Context(), quiet, &out, nil); err != nil || out.Interrupted {
		t.Fatal(out.Interrupted, err)
	}
	var said []string
	for _, s := range out.Report.Sweeps {
		said = append(said, fmt.Sprint(s.Protocol, " ", s.Prefix, " ", s.Broadcast, " ", s.Delivered, " ", len(s.Left)))
	}
	if want := "udp 127.255.255.252/30 false 3 0; bind 127.0.0.0/30 false 4 0; udp 127.255.255.255/32 true 1 0"; strings.Join(said, "; ") != want {
		t.Errorf("got %s, want %s", strings.Join(said, "; "), want)
	}
}

func TestListenersAskedFor(t *testing.T) {
	for list, most := range map[string]int{"": -1, "udp": -1, "listeners": 0, "udp, listeners=12 ,bind": 12, "listeners=16777214": capacity.Whole} {
		_, plan, err := parseSweeps(list)
		if err != nil || (plan == nil) != (most < 0) || plan != nil && plan.Most != most {
			t.Errorf("%q: %+v, %v", list, plan, err)
		}
	}
	if swept, _, err := parseSweeps("listeners=12"); err != nil || len(swept) != 0 {
		t.Errorf("%+v, %v", swept, err)
	}
	for list, want := range map[string]string{
		"listeners=0":         "from 1 to 16777214",
		"listeners=16777215":  "from 1 to 16777214",
		"listeners=many":      `"many" is none`,
		"listeners,listeners": "twice",
		"listener":            "listeners or listeners=N",
	} {
		if _, _, err := parseSweeps(list); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", list, err, want)
		}
	}
}
