package main

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/runner/session"
	"github.com/loopmatrix/loopmatrix/suites/kit/child"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
)

// asCommand is the environment variable that makes the test binary the command itself.
const asCommand = "LOOPMATRIX_AS_COMMAND"

// TestMain lets the tests run in a private host: what a claim makes the system's resolver ask stays
// in there.
func TestMain(m *testing.M) {
	child.Main()
	if os.Getenv(knownClaim) != "" {
		declareKnown()
	}
	if os.Getenv(asCommand) != "" {
		os.Exit(execute(os.Args[1:]))
	}
	os.Exit(privatehost.Within(m.Run))
}

// sheltered is nil in a private host, and otherwise says what this process could reach.
func sheltered() error {
	addresses, err := net.InterfaceAddrs()
	for _, a := range addresses {
		if n, is := a.(*net.IPNet); is && !n.IP.IsLoopback() {
			return errors.New("there is a network, which a name server may be asked through")
		}
	}
	return err
}

// everything selects all claims, or those that ask no resolver where the tests could not be kept
// from the network.
func everything() string {
	if sheltered() != nil {
		return "block,binds"
	}
	return ""
}

// ran is how the command ended.
type ran struct {
	code           int
	stdout, stderr string
}

// prepared is the command with these arguments, in an environment that says nothing about terminal
// or locale.
func prepared(args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	c := exec.Command(self, args...)
	c.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains([]string{"NO_COLOR", "TERM", "LC_ALL", "LC_CTYPE", "LANG"}, name)
	}), asCommand+"=1")
	return c
}

// end runs a command to its end.
func end(t *testing.T, c *exec.Cmd) ran {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if c.Stdout == nil {
		c.Stdout = &stdout
	}
	if c.Stderr == nil {
		c.Stderr = &stderr
	}
	err := c.Run()
	if exit, is := errors.AsType[*exec.ExitError](err); err != nil && !is {
		t.Fatalf("%s: %v", c, err)
	} else if is && !exit.Exited() {
		t.Fatalf("%s: %v; %s", c, err, stderr.String())
	}
	return ran{c.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// loopmatrix runs the command.
func loopmatrix(t *testing.T, args ...string) ran {
	t.Helper()
	return end(t, prepared(args...))
}

// refused says whether the command ends with this code, shows nothing but an error, and says these
// things in it.
func refused(t *testing.T, code int, says []string, args ...string) {
	t.Helper()
	g := gomega.NewWithT(t)
	r := loopmatrix(t, args...)
	g.Expect(r.code).To(gomega.Equal(code), "%q: %s", args, r.stderr)
	g.Expect(r.stdout).To(gomega.BeEmpty())
	g.Expect(r.stderr).To(gomega.HavePrefix("loopmatrix: "))
	for _, s := range says {
		g.Expect(r.stderr).To(gomega.ContainSubstring(s), "%q", args)
	}
	g.Expect(r.stderr).NotTo(gomega.ContainSubstring("errors occurred"))
}

// read reads a report that the command wrote, which must be fit for publication.
func read(t *testing.T, path string) model.Report {
	t.Helper()
	r, err := model.ReadChecked(path, claim.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// partial reads a report that holds less than what can be published, but as the kit wrote it.
func partial(t *testing.T, path string) model.Report {
	t.Helper()
	r, err := model.Read(path, claim.Catalogue())
	if err == nil {
		err = r.Intact()
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// whole is a run of everything, measured once for all tests.
var whole = sync.OnceValues(func() (model.Report, ran) {
	dir, err := os.MkdirTemp("", "loopmatrix")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "r.json")
	c := prepared("run", "--verbose", "--seed", "1", "--claims", everything(), "--out", path)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	_ = c.Run()
	r, err := model.ReadChecked(path, claim.Catalogue())
	if err != nil {
		panic(fmt.Sprintf("%v; %s", err, stderr.String()))
	}
	return r, ran{code: c.ProcessState.ExitCode(), stderr: stderr.String()}
})

// reports writes reports of these platforms, and gives the folder that they are in.
func reports(t *testing.T, platforms ...string) string {
	t.Helper()
	dir := t.TempDir()
	r, _ := whole()
	for _, id := range platforms {
		r.Platform.ID, r.Platform.Title = id, "Title of "+id
		b, err := session.Encode(r)
		if err == nil {
			err = model.WriteFile(filepath.Join(dir, id+".json"), b)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// state is what a folder holds: names, modes and times of its files, and a hash of each that can be
// read.
func state(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%s %s", path, info.Mode())
		if info.Mode().IsRegular() {
			fmt.Fprintf(&b, " %d %s", info.Size(), info.ModTime())
			if info.Size() > model.MaxBytes { // one that takes no room on the disk
				b.WriteByte('\n')
				return nil
			}
			if content, err := os.ReadFile(path); err == nil {
				fmt.Fprintf(&b, " %x", sha256.Sum256(content))
			}
		}
		b.WriteByte('\n')
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// names are the names of what is in a folder.
func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}
