package capacity

import (
	"context"
	"os/exec"
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// redirected lets a packet filter take connections to one address to another listener, until the
// test ends.
func redirected(t *testing.T, rules string) {
	t.Helper()
	if _, err := privatehost.Probe(); err != nil {
		unable.Skip(t, err)
	}
	c := exec.Command("nft", "-f", "-")
	c.Stdin = strings.NewReader("table ip fault { chain c { type nat hook output priority -100; " + rules + "; }; }")
	if out, err := c.CombinedOutput(); err != nil {
		unable.Skip(t, &exec.Error{Name: "nft: " + string(out), Err: err})
	}
	t.Cleanup(func() {
		if out, err := exec.Command("nft", "delete", "table", "ip", "fault").CombinedOutput(); err != nil {
			t.Errorf("%s: %v", out, err)
		}
	})
}

// TestAFilterRedirects: 127.0.0.50 and an address that nobody holds are answered by 127.0.0.7.
func TestAFilterRedirects(t *testing.T) {
	unable.Long(t, "it holds listeners behind a packet filter")
	redirected(t, "ip daddr { 127.0.0.50, 127.0.0.201 } dnat to 127.0.0.7")
	r, err := Run(context.Background(), Plan{Most: 200}, &Progress{})
	if err != nil {
		t.Fatal(err)
	}
	wrong := r.Seen.Outcome(observation.Astray)
	if got := strings.Join(wrong.Targets(), " "); r.Held != 200 || got != "127.0.0.50 127.0.0.201" {
		t.Errorf("%d held, astray: %s; %s", r.Held, got, good(r.Seen))
	}
}

// TestFullProcessesTellTheirMemory: even who has no descriptor left can read what the kernel
// counts, and no Go program is smaller than this.
func TestFullProcessesTellTheirMemory(t *testing.T) {
	r, err := Run(context.Background(), Plan{Most: 2000, Start: few}, &Progress{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Full == 0 || r.Own < int64(r.Processes)<<19 {
		t.Errorf("%d processes take %d bytes, the largest %d; a full one holds %d", r.Processes, r.Own, r.LargestOwn, r.Full)
	}
}

// TestTheKernelsAccounts: a listener costs this kernel more than its socket's 1 kB, and less than a
// page of each kind.
func TestTheKernelsAccounts(t *testing.T) {
	r, err := Run(context.Background(), Plan{Most: 20_000}, &Progress{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Held < fewest {
		t.Skipf("%d held, which is too few to tell: %v", r.Held, r.Stop)
	}
	if r.EachBy == "" || r.Each < 1000 || r.Each > 20_000 {
		t.Errorf("one of %d costs %v by %q", r.Held, r.Each, r.EachBy)
	}
	if r.Own <= 0 || r.Free <= 0 || r.Counted != r.Held {
		t.Errorf("own memory %d, free %d, counted %d of %d", r.Own, r.Free, r.Counted, r.Held)
	}
}
