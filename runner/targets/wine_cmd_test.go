package targets

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// saidToCmd gives lines to Wine's cmd, as OpenSSH does on Windows, and what each made it write and
// its exit code.
func saidToCmd(t *testing.T, lines []string) []string {
	t.Helper()
	g := gomega.NewWithT(t)
	w := aWine(t)
	unable.Skip(t, w.Missing(t.Context()))
	folder := temporary(t)
	shell, kit := filepath.Join(folder, "winshell.exe"), filepath.Join(folder, "there", "kit.exe")
	build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", shell, "./testdata/winshell")
	build.Env = append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	g.Expect(os.Mkdir(filepath.Dir(kit), 0o755)).To(gomega.Succeed())
	g.Expect(os.Link(shell, kit)).To(gomega.Succeed())
	b, err := json.Marshal(lines)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(os.WriteFile(filepath.Join(folder, "lines.json"), b, 0o644)).To(gomega.Succeed())
	at, err := w.place()
	g.Expect(err).NotTo(gomega.HaveOccurred())
	o := order(t, Kits{})
	_, prefix, err := w.prepare(t.Context(), o, at)
	unable.Skip(t, err) // not every user may make an enclosure within the private host of this test
	p, err := at.process(t.Context(), o, Root, prefix, folder, []string{`Z:\tmp\kit\winshell.exe`})
	g.Expect(err).NotTo(gomega.HaveOccurred())
	said, err := p.output()
	g.Expect(err).NotTo(gomega.HaveOccurred())
	return strings.SplitAfter(strings.ReplaceAll(string(said), "\r", ""), "\n")
}

// TestCmdReadsWords has Wine's cmd read what a target says to a Windows over ssh: the kit gets each
// word as it was meant.
func TestCmdReadsWords(t *testing.T) {
	g := gomega.NewWithT(t)
	var lines, want []string
	for _, words := range [][]string{
		kitArguments(Order{Flags: []string{"--seed", "7", "--claims", "v4.block.*,must"}}, "--exit-on-stdin-eof", "--out", `there\stream`),
		{"run", "a,b", "v4.*", "a;b", "a'b", "a!b", "", "two words", "(a)", "a=b", "C:\\a b\\c", "~", "#", "@x", "[a-z]?", "{a}"},
	} {
		line, err := quotedForWindows(append([]string{`there\kit.exe`}, words...))
		g.Expect(err).NotTo(gomega.HaveOccurred())
		got, err := json.Marshal(words)
		g.Expect(err).NotTo(gomega.HaveOccurred())
		lines, want = append(lines, line), append(want, string(got)+"\n", "exit 0\n")
	}
	g.Expect(saidToCmd(t, lines)).To(gomega.Equal(append(want, "")))
}

// TestCmdReadsCommands has Wine's cmd do what a target does beside the run.
func TestCmdReadsCommands(t *testing.T) {
	g := gomega.NewWithT(t)
	got := saidToCmd(t, []string{windowsGreeting, makeOnWindows("made"), "cmd /c cd made", removeOnWindows("made"), "cmd /c cd made", windowsElevated})
	g.Expect(presents.FindStringSubmatch(got[0])).To(gomega.Equal([]string{"loopmatrix-is-on Windows_NT AMD64", "AMD64"}))
	g.Expect(got[1:5]).To(gomega.Equal([]string{"exit 0\n", "exit 0\n", "exit 0\n", "exit 0\n"}), "it is made, there, and removed")
	g.Expect(got[5:]).To(gomega.Equal([]string{"exit 1\n", "exit 0\n", ""}), "it is gone; and net says nothing, who is an administrator to Wine")
}
