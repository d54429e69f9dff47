//go:build unix

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/runner/session"
	"github.com/loopmatrix/loopmatrix/runner/targets"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// little is a run on a target that takes milliseconds.
func little(args ...string) []string {
	return append([]string{"run", "--claims", "v4.block.bind", "--wire", "off", "--seed", "7", "--as", "user"}, args...)
}

// fakeKits is a folder of released binaries whose one for this system is a script.
func fakeKits(t *testing.T, script string) string {
	t.Helper()
	folder := lent(t)
	path := filepath.Join(folder, targets.FileName(runtime.GOOS, runtime.GOARCH))
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return folder
}

// lent is a temporary folder that an ordinary user gets to as well. The root of a user namespace
// that has no other user can't run anything as one.
func lent(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	if os.Geteuid() == 0 {
		const nobody = 65534
		unable.Skip(t, os.Chown(folder, nobody, nobody))
		if err := os.Chown(folder, 0, 0); err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range []string{filepath.Dir(folder), folder} { // both are the test's own; what is above is everybody's
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// TestOneTarget measures this machine as a target, as the user who is least.
func TestOneTarget(t *testing.T) {
	g := gomega.NewWithT(t)
	tmp := lent(t)
	t.Setenv("TMPDIR", tmp)
	path := filepath.Join(t.TempDir(), "r.json")
	r := loopmatrix(t, little("--target", "local", "--out", path)...)
	g.Expect(r.code).To(gomega.Equal(exitFine), r.stderr)
	report := read(t, path)
	g.Expect(report.Run.Seed).To(gomega.Equal(uint64(7)))
	g.Expect(report.Platform.State.User).To(gomega.Equal("ordinary"))
	g.Expect(report.Target()).To(gomega.Equal("local"))
	g.Expect(r.stderr).To(gomega.ContainSubstring("local: run as user\n"))
	g.Expect(names(t, tmp)).To(gomega.BeEmpty(), "neither a log nor a folder of the target stays")
}

// TestDeadTargets measures on three targets of which two are dead: the third's report is kept, and
// each of the others is told in a line with the place of its log.
func TestDeadTargets(t *testing.T) {
	g := gomega.NewWithT(t)
	tmp, out, log := lent(t), t.TempDir(), filepath.Join(t.TempDir(), "logs")
	t.Setenv("TMPDIR", tmp)
	kernel := filepath.Join(tmp, "No Such Kernel")
	runsc := filepath.Join(tmp, "runsc")
	r := loopmatrix(t, little("--target", "kernel:"+kernel, "--target", "local", "--target", "runsc:"+runsc, "--out", out, "--log", log)...)
	g.Expect(r.code).To(gomega.Equal(exitKit), r.stderr)
	g.Expect(names(t, out)).To(gomega.HaveLen(1))
	g.Expect(read(t, filepath.Join(out, names(t, out)[0])).Target()).To(gomega.Equal("local"))
	g.Expect(names(t, log)).To(gomega.HaveLen(3))
	told := 0
	for line := range strings.Lines(r.stderr) {
		for _, dead := range []string{"kernel:" + kernel, "runsc:" + runsc} {
			_, said, is := strings.Cut(line, dead+": ")
			if !is {
				continue
			}
			told++
			reason, place, is := strings.Cut(strings.TrimSpace(said), "; see ")
			g.Expect(is).To(gomega.BeTrue(), line)
			content, err := os.ReadFile(place)
			g.Expect(err).NotTo(gomega.HaveOccurred())
			g.Expect(string(content)).To(gomega.ContainSubstring(reason))
		}
	}
	g.Expect(told).To(gomega.Equal(2), r.stderr)
}

// TestFailedKit has the kit on a target fail. Without --log, the log of what failed is kept, and no
// other.
func TestFailedKit(t *testing.T) {
	for name, c := range map[string]struct{ script, want, log string }{
		"crash":         {"echo one >&2; echo 'panic: oh no' >&2; exit 2", "the kit there did not do its work: exit code 2", "one\npanic: oh no\n"},
		"killed":        {"kill -KILL $$", "signal: killed", ""},
		"half a report": {"head -c 700 '" + wholeStream(t) + "'", "the stream from the target was cut", ""},
		"no report":     {"echo '{}'", "the stream from the target was cut", ""},
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			tmp, out := lent(t), t.TempDir()
			kits := fakeKits(t, c.script)
			t.Setenv("TMPDIR", tmp)
			r := loopmatrix(t, little("--target", "local", "--kit-dir", kits, "--out", out)...)
			g.Expect(r.code).To(gomega.Equal(exitKit), r.stderr)
			g.Expect(names(t, out)).To(gomega.BeEmpty())
			g.Expect(names(t, tmp)).To(gomega.HaveLen(1))
			place := filepath.Join(tmp, names(t, tmp)[0])
			last := r.stderr[strings.LastIndex(strings.TrimSpace(r.stderr), "\n")+1:]
			g.Expect(last).To(gomega.And(gomega.ContainSubstring(c.want), gomega.HaveSuffix("; see "+place+"\n")))
			g.Expect(os.ReadFile(place)).To(gomega.ContainSubstring(c.log))
		})
	}
}

// wholeStream is a file with what a kit on a target writes.
func wholeStream(t *testing.T) string {
	t.Helper()
	c := prepared("run", "--bundle", "--quiet", "--claims", "none")
	c.Stdout = &bytes.Buffer{}
	if r := end(t, c); r.code != exitFine {
		t.Fatal(r.stderr)
	}
	path := filepath.Join(lent(t), "stream")
	if err := os.WriteFile(path, c.Stdout.(*bytes.Buffer).Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWrongTargets(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for _, c := range []struct {
		args string
		says []string
	}{
		{"--target moon", []string{`there is no such target: "moon"`, "ssh:USER@HOST", "runsc[:PATH]"}},
		{"--target moon --target kernel: --target ssh:", []string{`"moon"`, "which kernel is not said", "which host is not said"}},
		{"--target local --target local", []string{`"local" is named twice`}},
		{"--target local:here", []string{"it takes no"}},
		{"--target vagrant:os2", []string{`no box "os2"`, "debian-13"}},
		{"--target ssh:-oProxyCommand=x", []string{"is no host"}},
		{"--as nobody", []string{`--as "nobody"`, "user, root, both"}},
		{"--target local --as user --pcap x", []string{"--pcap", "--out"}},
		{"--target local --junit x", []string{"--junit and --tap take one report"}},
		{"--target local --out -", []string{"--out: standard output takes one report"}},
		{"--target local --out " + file, []string{file + ": "}},
		{"--target local --as user --log " + file, []string{"--log: " + file + ": "}},
		{"--target local --run-limit 0s", []string{"--run-limit", "longer than 0"}},
		{"--target local --prepare-limit -1s", []string{"--prepare-limit"}},
	} {
		refused(t, exitUsage, c.says, append([]string{"run"}, strings.Fields(c.args)...)...)
	}
	gomega.NewWithT(t).Expect(names(t, ".")).To(gomega.BeEmpty(), "nothing was begun")
}

// TestOfOnePlatform keeps what three targets of one platform returned: no file takes the place of
// another.
func TestOfOnePlatform(t *testing.T) {
	g := gomega.NewWithT(t)
	report, _ := whole()
	name := session.CaptureName(report)
	report.Results = slices.Clone(report.Results)
	report.Results[0].Evidence = []model.Evidence{{Kind: "pcap", Name: name, Section: report.Results[0].Claim + ": "}}
	out := t.TempDir()
	c := &collector{run: &measuring{runFlags: runFlags{out: out, quiet: true}, outputs: &outputs{}}, lines: os.Stderr, files: map[string]string{}}
	for _, name := range []string{"ssh:a@b", "ssh:c@d", "vagrant:debian-13"} {
		from, err := targets.Parse(name)
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(c.save(from, session.Outcome{Report: report, Capture: []byte("frames of " + name)})).To(gomega.Succeed())
	}
	id := report.Platform.ID
	g.Expect(names(t, out)).To(gomega.ConsistOf(id+".json", id+".2.json", id+".3.json", id+".pcapng", id+".2.pcapng", id+".3.pcapng"))
	for number, frames := range map[string]string{"": "frames of ssh:a@b", ".3": "frames of vagrant:debian-13"} {
		g.Expect(os.ReadFile(filepath.Join(out, id+number+".pcapng"))).To(gomega.Equal([]byte(frames)))
		r, err := model.Read(filepath.Join(out, id+number+".json"), claim.Catalogue())
		g.Expect(err).NotTo(gomega.HaveOccurred())
		sum := sha256.Sum256([]byte(frames))
		g.Expect(r.Results[0].Evidence[0]).To(gomega.Equal(model.Evidence{Kind: "pcap", Name: id + number + ".pcapng", Section: r.Results[0].Claim + ": ", SHA256: hex.EncodeToString(sum[:])}))
	}
	g.Expect(c.distinct()).To(gomega.HaveLen(1))
}
