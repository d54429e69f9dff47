package combine

import (
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// measuredReports were made by copying the kit into gVisor of 2022 and of 2026, Wine 10 and two
// kernels by hand.
func measuredReports(t testing.TB) []model.Report { return reportsIn(t, "testdata/measured/*.json") }

func reportsIn(t testing.TB, pattern string) (all []model.Report) {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatal("no reports", err)
	}
	for _, name := range names {
		r, err := model.Read(name, claim.Catalogue())
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// TestMeasured holds what is known of these systems against the stored observations, judged by
// today's rules.
func TestMeasured(t *testing.T) {
	var again []model.Report
	for _, r := range measuredReports(t) {
		again = append(again, Rejudge(r, claim.Catalogue()))
	}
	m, err := Combine(again, claim.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	for _, known := range []struct{ claim, platform, behaviour string }{
		{"src.select.127.0.0.2", "gvisor-", "source=destination"},
		{"src.select.127.0.0.2", "linux-", "source=127.0.0.1"},
		{"v4.edge.high", "gvisor-", "broadcast/tcp-timeout"},
		{"v4.edge.high", "linux-", "broadcast"},
		{"v4.edge.low", "linux-5.10", "broadcast"},
		{"v4.edge.low", "linux-6.12", "unicast"},
		{"bind.exclusive", "wine-", "prevents"},
		{"bind.priv", "gvisor-", "no-privilege-needed"},
		{"bind.reuseport", "wine-", "unsupported"},
	} {
		found := false
		for _, p := range m.Platforms {
			if !strings.HasPrefix(p.ID, known.platform) {
				continue
			}
			found = true
			if c, _ := m.Cell(known.claim, p.ID); c.Behaviour != known.behaviour {
				t.Errorf("%s on %s is %q, want %q", known.claim, p.ID, c.Behaviour, known.behaviour)
			}
		}
		if !found {
			t.Errorf("no platform %s…", known.platform)
		}
	}
}

// TestNoForeignNameIsClaimed makes sure that what imitates a system is never taken for it.
func TestNoForeignNameIsClaimed(t *testing.T) {
	for _, r := range measuredReports(t) {
		for _, imitation := range []string{"gvisor", "wine"} {
			if strings.HasPrefix(filepath.Base(r.File), imitation) && (r.Platform.Family != imitation || r.Platform.Environment != imitation) {
				t.Errorf("%s: family %s, environment %s", r.File, r.Platform.Family, r.Platform.Environment)
			}
		}
	}
}

// TestMeasuredRender takes the same reports through every rendering: nothing is lost on the way.
func TestMeasuredRender(t *testing.T) {
	m, err := Combine(measuredReports(t), claim.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	for name, write := range map[string]func(io.Writer) error{
		"text":     func(w io.Writer) error { render.Text(w, m, render.Terminal{Width: 160}); return nil },
		"markdown": func(w io.Writer) error { render.Markdown(w, m); return nil },
		"csv":      func(w io.Writer) error { return render.CSV(w, m) },
		"json":     func(w io.Writer) error { return render.JSON(w, m) },
	} {
		var text bytes.Buffer
		if err := write(&text); err != nil {
			t.Fatal(err)
		}
		for _, c := range m.Claims {
			if !bytes.Contains(text.Bytes(), []byte(c.ID)) {
				t.Errorf("%s does not show %s", name, c.ID)
			}
		}
	}
	for _, r := range measuredReports(t) {
		for _, result := range r.Results {
			if c, there := m.Cell(result.Claim, r.Platform.ID); !there || c.Verdict != result.Verdict {
				t.Errorf("%s on %s: %s became %s", result.Claim, r.Platform.ID, result.Verdict, c.Verdict)
			}
			if result.Verdict == claim.Inconclusive {
				t.Errorf("%s on %s is inconclusive: %s", result.Claim, r.Platform.ID, result.Reason)
			}
		}
	}
}
