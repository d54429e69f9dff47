package enclosure

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

func TestMain(m *testing.M) {
	child.Main()
	os.Exit(m.Run())
}

// run runs a shell in an enclosure and gives what it wrote and its exit code.
func run(t *testing.T, ctx context.Context, p Plan, script string) (string, int) {
	t.Helper()
	unable.Skip(t, Probe(t.Context()))
	p.Args, p.Env = []string{"/bin/sh", "-c", script}, []string{"PATH=/usr/bin:/bin:/usr/sbin:/sbin"}
	if p.Base == "" {
		p.Base = "/"
	}
	if p.Dir == "" {
		p.Dir = "/"
	}
	c, err := Command(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err = c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return strings.TrimSpace(out.String()), c.ProcessState.ExitCode()
}

func TestWhatIsInside(t *testing.T) {
	for _, c := range []struct {
		name, script, want string
		plan               Plan
	}{
		{"root", "id -u", "0", Plan{}},
		{"a user", "id -u; id -g", "65534\n65534", Plan{User: 65534}},
		{"no privilege", "grep CapEff /proc/self/status", "CapEff:\t0000000000000000", Plan{User: 65534}},
		{"its processes only", "set -- /proc/[0-9]*; echo $#", "2", Plan{}},
		{"its own /tmp", "ls -A /tmp; touch /tmp/x; ls /tmp", "x", Plan{User: 65534}},
		{"its own network", "tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '; grep -c 00000000000000000000000000000001 /proc/net/if_inet6", "lo\n1", Plan{OwnNetwork: true}},
		{"an exit code", "exit 7", "", Plan{}},
		{"a working directory", "pwd", "/usr", Plan{Dir: "/usr"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, code := run(t, t.Context(), c.plan, c.script)
			want := 0
			if c.name == "an exit code" {
				want = 7
			}
			gomega.NewWithT(t).Expect([]any{got, code}).To(gomega.Equal([]any{c.want, want}))
		})
	}
}

func TestFolders(t *testing.T) {
	g := gomega.NewWithT(t)
	kept, fleeting := t.TempDir(), t.TempDir()
	g.Expect(os.WriteFile(filepath.Join(fleeting, "old"), []byte("old"), 0o600)).To(gomega.Succeed())
	p := Plan{Folders: []Folder{{From: kept, To: "/tmp/kept"}, {From: fleeting, To: "/tmp/fleeting", Fleeting: true}}}
	got, code := run(t, t.Context(), p, "cd /tmp; echo x >kept/x && echo new >fleeting/old && echo y >fleeting/y && cat fleeting/*")
	g.Expect([]any{got, code}).To(gomega.Equal([]any{"new\ny", 0}))
	g.Expect(os.ReadFile(filepath.Join(kept, "x"))).To(gomega.BeEquivalentTo("x\n"))
	g.Expect(os.ReadFile(filepath.Join(fleeting, "old"))).To(gomega.BeEquivalentTo("old"))
	g.Expect(filepath.Join(fleeting, "y")).NotTo(gomega.BeAnExistingFile())
}

func TestLinger(t *testing.T) {
	g := gomega.NewWithT(t)
	kept := t.TempDir()
	p := Plan{Linger: true, Folders: []Folder{{From: kept, To: "/tmp/kept"}}}
	_, code := run(t, t.Context(), p, "setsid sh -c 'sleep 0.2; touch /tmp/kept/done' & exit 3")
	g.Expect(code).To(gomega.Equal(3))
	g.Expect(filepath.Join(kept, "done")).To(gomega.BeAnExistingFile())
}

func TestWhatGoesWrongIsSaid(t *testing.T) {
	g := gomega.NewWithT(t)
	unable.Skip(t, Probe(t.Context()))
	for want, p := range map[string]Plan{
		"open /nowhere: no such file or directory":        {Base: "/nowhere", Args: []string{"/bin/true"}},
		"/bin/nothing: no such file or directory":         {Base: "/", Args: []string{"/bin/nothing"}},
		"open /nowhere/either: no such file or directory": {Base: "/", Folders: []Folder{{From: "/nowhere/either", To: "/tmp/x"}}},
	} {
		c, err := Command(t.Context(), p)
		g.Expect(err).NotTo(gomega.HaveOccurred())
		said, err := c.CombinedOutput()
		g.Expect(err).To(gomega.HaveOccurred())
		g.Expect(c.ProcessState.ExitCode()).To(gomega.Equal(codeNotBegun))
		g.Expect(string(said)).To(gomega.ContainSubstring(want))
	}
}
