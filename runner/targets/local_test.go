package targets

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// temporary makes a folder the one for all temporary files, so that a test sees what stays.
func temporary(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for _, dir := range []string{filepath.Dir(folder), folder} { // nobody must get there; what is above is everybody's
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("TMPDIR", folder)
	return folder
}

// otherUser skips a test where root can't become an ordinary user: the root of a user namespace may
// know no other.
func otherUser(t *testing.T) {
	t.Helper()
	if os.Geteuid() == 0 {
		unable.Skip(t, os.Chown(t.TempDir(), nobody, nobody))
	}
}

func TestLocal(t *testing.T) {
	g := gomega.NewWithT(t)
	o := order(t, kitsFor(t))
	folder := temporary(t)
	returned, err := local{}.Measure(t.Context(), o)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	for _, r := range reports(t, returned) {
		g.Expect(r.Run.Seed).To(gomega.Equal(uint64(7)))
		for _, result := range r.Results {
			g.Expect(result.Verdict != claim.NotRun).To(gomega.Equal(result.Claim == "v4.block.bind"), result.Claim)
		}
	}
	if returned[0].User != Ordinary || os.Geteuid() == 0 && len(returned) != 2 {
		otherUser(t)
		t.Errorf("%d reports, of root and of the ordinary user", len(returned))
	}
	nothingLeft(t, folder)
}

// TestAKitThatFails puts programs in the place of the kit. What is wrong is told in the kit's own
// words.
func TestAKitThatFails(t *testing.T) {
	unable.Long(t, "it starts targets that hang")
	for name, c := range map[string]struct{ script, want string }{
		"crash":             {`echo "panic: oh no" >&2; exit 2`, `as user: the run: the kit there did not do its work: exit code 2: the stream from the target was cut: EOF: "panic: oh no"`},
		"killed":            {`kill -KILL $$`, "as user: the run: signal: killed"},
		"no stream":         {`exit 0`, "as user: the run: the stream from the target was cut: EOF"},
		"something else":    {`echo hello`, "as user: the run: the stream from the target was cut: unexpected EOF"},
		"hang":              {`sleep 600`, "as user: the run: it was not done within 1s"},
		"hang with a child": {`sleep 600 & sleep 600; wait`, "as user: the run: it was not done within 1s"},
		"deaf":              {`trap '' TERM; while :; do sleep 600; done`, "as user: the run: it was not done within 1s"},
		"endless":           {`yes`, "as user: the run: it writes more than 268435456 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			o := order(t, fakeKit(t, c.script))
			folder := temporary(t)
			if strings.Contains(c.want, "within 1s") {
				o.Limits.Run = time.Second
			}
			o.Users = []User{Ordinary}
			otherUser(t)
			returned, err := local{}.Measure(t.Context(), o)
			g.Expect(err).To(gomega.MatchError(gomega.HavePrefix(c.want)))
			g.Expect(returned).To(gomega.BeEmpty())
			nothingLeft(t, folder)
		})
	}
}

func TestLocalEndsWithItsContext(t *testing.T) {
	g := gomega.NewWithT(t)
	o := order(t, kitsFor(t))
	o.Flags = append(o.Flags, "--repeat", "1000")
	folder := temporary(t)
	if os.Geteuid() != 0 { // the kit of another user is started from that folder
		unable.Skip(t, errors.New("only root can become another user"))
	}
	otherUser(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		g.Eventually(func() []string { return running(t, folder) }).WithTimeout(time.Minute).ShouldNot(gomega.BeEmpty())
		cancel()
		cancel() // twice, as from an impatient user
	}()
	started := time.Now()
	_, err := local{}.Measure(ctx, o)
	g.Expect(err).To(gomega.MatchError(context.Canceled))
	g.Expect(time.Since(started)).To(gomega.BeNumerically("<", time.Minute))
	nothingLeft(t, folder)
}
