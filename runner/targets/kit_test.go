package targets

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	_ "github.com/loopmatrix/loopmatrix/suites" // the catalogue that reports are read with
	"github.com/loopmatrix/loopmatrix/suites/kit/child"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// TestMain runs the tests in a private host: what the targets measure and listen on stays in there.
func TestMain(m *testing.M) {
	child.Main()
	os.Exit(privatehost.Within(m.Run))
}

// built is the kit, built once for each system by the tests that need it.
var built sync.Map

// stamp names a version, without which a report is not fit for publication.
const stamp = "-X main.version=v0.0.1 -X main.commit=0123456789012345678901234567890123456789"

// kitsFor gives the kit for these systems as the released binaries would.
func kitsFor(t *testing.T, systems ...string) Kits {
	t.Helper()
	source, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, system := range append(systems, runtime.GOOS+"/"+runtime.GOARCH) {
		once, _ := built.LoadOrStore(system, sync.OnceValues(func() (string, error) {
			kits := Kits{Source: source, Built: filepath.Join(source, "build", "test-kits"), Stamp: stamp}
			goos, goarch, _ := strings.Cut(system, "/")
			return kits.build(context.Background(), goos, goarch)
		}))
		_, err := once.(func() (string, error))()
		unable.Skip(t, err)
	}
	return Kits{Folder: filepath.Join(source, "build", "test-kits")}
}

// order is an order for one claim, whose log a failed test shows.
func order(t *testing.T, kits Kits) Order {
	t.Helper()
	log := &syncBuffer{}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("log:\n%s", log.String())
		}
	})
	return Order{Kits: kits, Flags: []string{"--claims", "v4.block.bind", "--seed", "7", "--wire", "off"}, Users: Users(),
		Limits: DefaultLimits(), Log: log,
		Step: func(step string) { _, _ = io.WriteString(log, "step: "+step+"\n") }}
}

// syncBuffer is a log that can be read while it is written.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// reports reads what came back. Every report must be valid and be of the user whom it was made as.
func reports(t *testing.T, returned []Returned) map[User]model.Report {
	t.Helper()
	out := map[User]model.Report{}
	for _, r := range returned {
		report, err := model.Decode(bytes.NewReader(r.Report), "the report", claim.Catalogue())
		if err != nil {
			t.Fatal(err)
		}
		if r.Amend != nil {
			report.Platform = r.Amend(report.Platform)
		}
		if tells := places(r.How); len(tells) > 0 {
			t.Errorf("%q tells of this machine: %q", r.How, tells)
		}
		if root := report.Platform.State.User != "ordinary"; root != (r.User == Root) {
			t.Errorf("as %s, but it measured as %s", r.User, report.Platform.State.User)
		}
		out[r.User] = report
	}
	return out
}

// fakeKit is a program in the place of the kit for this system.
func fakeKit(t *testing.T, script string) Kits {
	t.Helper()
	runsScripts(t)
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, FileName(runtime.GOOS, runtime.GOARCH)), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	return Kits{Folder: folder}
}

// runsScripts skips the test where a script for a POSIX shell is no program (Windows).
func runsScripts(t *testing.T) {
	t.Helper()
	script := filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(script, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	unable.Skip(t, exec.Command(script).Run())
}

// running are the processes with this in their command line.
func running(t *testing.T, word string) []string {
	t.Helper()
	var out []string
	found, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil || len(found) == 0 {
		t.Skip("there is no /proc to look for processes in")
	}
	for _, path := range found {
		if b, err := os.ReadFile(path); err == nil && bytes.Contains(b, []byte(word)) {
			out = append(out, strings.ReplaceAll(string(b), "\x00", " "))
		}
	}
	return out
}

// nothingLeft checks that no process and no file of a target stays, whose temporary files were
// below this folder.
func nothingLeft(t *testing.T, folder string) {
	t.Helper()
	g := gomega.NewWithT(t)
	g.Eventually(func() []string { return running(t, folder) }).WithTimeout(time.Minute).Should(gomega.BeEmpty(), "processes")
	g.Eventually(func() []os.DirEntry { entries, _ := os.ReadDir(folder); return entries }).WithTimeout(time.Minute).Should(gomega.BeEmpty(), "files")
}

func lookPath(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	unable.Skip(t, err)
	return path
}
