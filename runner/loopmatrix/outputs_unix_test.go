//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/onsi/gomega"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// powerless runs a command as a user who is bound by the modes of files.
func powerless(t *testing.T, args ...string) ran {
	t.Helper()
	c := prepared(args...)
	c.SysProcAttr = ordinary(t)
	return end(t, c)
}

func TestReadOnly(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "r.json")
	g.Expect(os.WriteFile(path, []byte("good"), 0o600)).To(gomega.Succeed())
	g.Expect(os.Chmod(dir, 0o500)).To(gomega.Succeed())
	before := state(t, dir)
	for _, args := range [][]string{{"run", "--out", path}, {"run", "--tap", path}, {"run", "--out", dir}, {"run", "--pcap", dir}, {"matrix", "--out", path}} {
		r := powerless(t, args...)
		g.Expect(r.code).To(gomega.Equal(exitUsage), "%q: %s", args, r.stderr)
		g.Expect(r.stderr).To(gomega.HavePrefix("loopmatrix: " + args[1] + ": " + dir))
		g.Expect(r.stderr).To(gomega.HaveSuffix("it can't be written: permission denied\n"))
	}
	g.Expect(state(t, dir)).To(gomega.Equal(before))
}

// TestFullDisk fails in the middle of writing, by the limit for the size of a file (setrlimit(2),
// RLIMIT_FSIZE).
func TestFullDisk(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "r.json")
	g.Expect(os.WriteFile(path, []byte("good"), 0o600)).To(gomega.Succeed())
	before := state(t, dir)
	c := prepared("run", "--quiet", "--claims", "none", "--out", path)
	limited := exec.Command("/bin/sh", append([]string{"-c", `ulimit -f 1; exec "$@"`, "sh"}, c.Args...)...)
	limited.Env = c.Env
	r := end(t, limited)
	g.Expect(r.code).To(gomega.Equal(exitKit))
	g.Expect(r.stderr).To(gomega.Equal("loopmatrix: --out: " + path + ": it can't be written: " + syscall.EFBIG.Error() + "\n"))
	g.Expect(state(t, dir)).To(gomega.Equal(before), "the old file stays, and nothing beside it")
}

// TestDevices writes into what is no regular file, and leaves it there.
func TestDevices(t *testing.T) {
	g := gomega.NewWithT(t)
	fifo := filepath.Join(t.TempDir(), "fifo")
	g.Expect(unix.Mkfifo(fifo, 0o600)).To(gomega.Succeed())
	both, err := os.OpenFile(fifo, os.O_RDWR, 0) // so that neither end waits for the other
	g.Expect(err).NotTo(gomega.HaveOccurred())
	defer func() { _ = both.Close() }()
	g.Expect(loopmatrix(t, "run", "--quiet", "--claims", "none", "--tap", fifo).code).To(gomega.Equal(exitFine))
	head := make([]byte, len("TAP version 14"))
	_, err = both.Read(head)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(string(head)).To(gomega.Equal("TAP version 14"))
	info, err := os.Stat(fifo)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(info.Mode().Type()).To(gomega.Equal(os.ModeNamedPipe))

	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	unable.Skip(t, err)
	defer func() { _ = full.Close() }()
	for _, args := range [][]string{{"claims"}, {"run", "--quiet", "--claims", "none"}, {"run", "--quiet", "--claims", "none", "--out", "-"}} {
		c := prepared(args...)
		c.Stdout = full
		r := end(t, c)
		g.Expect(r.code).To(gomega.Equal(exitKit), "%q", args)
		g.Expect(r.stderr).To(gomega.Equal("loopmatrix: standard output: no space left on device\n"))
	}
}

// TestNobodyReads writes to a pipe that nobody reads any more: like every command in a pipeline,
// this one ends in silence.
func TestNobodyReads(t *testing.T) {
	g := gomega.NewWithT(t)
	for _, args := range [][]string{{"claims"}, {"run", "--quiet", "--claims", "none"}, {"run", "--quiet", "--claims", "none", "--out", "-"}} {
		r, w, err := os.Pipe()
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(r.Close()).To(gomega.Succeed())
		c := prepared(args...)
		c.Stdout = w
		complaints := new(complaint)
		c.Stderr = complaints
		g.Expect(c.Run()).NotTo(gomega.Succeed())
		g.Expect(w.Close()).To(gomega.Succeed())
		g.Expect(string(*complaints)).To(gomega.BeEmpty())
		status, _ := c.ProcessState.Sys().(syscall.WaitStatus)
		g.Expect(status.Signal()).To(gomega.Equal(syscall.SIGPIPE), "%q: %v", args, c.ProcessState)
	}
}

// complaint is what a command writes to standard error.
type complaint []byte

func (c *complaint) Write(b []byte) (int, error) {
	*c = append(*c, b...)
	return len(b), nil
}

// TestUnreadable gives a report that its reader may not read.
func TestUnreadable(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := reports(t, "linux-6.12-amd64")
	path := filepath.Join(dir, "linux-6.12-amd64.json")
	g.Expect(os.Chmod(path, 0)).To(gomega.Succeed())
	for _, c := range []struct {
		stdout string
		args   []string
	}{{path + ": not a valid report; 1 problem\n", []string{"check", path}}, {"", []string{"matrix", path}}, {"", []string{"matrix", dir}}} {
		r := powerless(t, c.args...)
		g.Expect(r).To(gomega.Equal(ran{exitUsage, c.stdout,
			"loopmatrix: " + path + ": it may not be read (permission denied); change its permissions, or who runs this\n"}), "%q", c.args)
	}
	g.Expect(os.Chmod(path, 0o600)).To(gomega.Succeed())
	g.Expect(os.Chmod(dir, 0o300)).To(gomega.Succeed())
	defer func() { _ = os.Chmod(dir, 0o700) }() // so that it can be removed
	r := powerless(t, "matrix", dir)
	g.Expect(r).To(gomega.Equal(ran{exitUsage, "", "loopmatrix: " + dir + ": the folder can't be read: permission denied\n"}))
}

// TestSiteOpensNoDevice has files beside a report, under the names of its captures, which never end
// or block.
func TestSiteOpensNoDevice(t *testing.T) {
	unable.Long(t, "it builds the page")
	g := gomega.NewWithT(t)
	dir := reports(t, "linux-6.12-amd64")
	path := filepath.Join(dir, "linux-6.12-amd64.json")
	r := read(t, path)
	g.Expect(unix.Mkfifo(filepath.Join(dir, "fifo.pcapng"), 0o600)).To(gomega.Succeed())
	g.Expect(os.Symlink("/dev/zero", filepath.Join(dir, "zero.pcapng"))).To(gomega.Succeed())
	g.Expect(os.WriteFile(filepath.Join(dir, "sparse.pcapng"), nil, 0o600)).To(gomega.Succeed())
	g.Expect(os.Truncate(filepath.Join(dir, "sparse.pcapng"), 6<<30)).To(gomega.Succeed())
	for _, name := range []string{"fifo.pcapng", "zero.pcapng", "sparse.pcapng"} {
		r.Results[0].Evidence = append(r.Results[0].Evidence, model.Evidence{Kind: "pcap", Name: name, SHA256: strings.Repeat("0", 64)})
	}
	r.Digest = nil
	g.Expect(model.Write(path, r)).To(gomega.Succeed())
	out := filepath.Join(t.TempDir(), "site")
	shown := loopmatrix(t, "matrix", "--format", "html", "--out", out, dir)
	g.Expect(shown.code).To(gomega.Equal(exitFine), shown.stderr)
	g.Expect(filepath.Join(out, "captures")).NotTo(gomega.BeADirectory())
	g.Expect(loopmatrix(t, "check", path).code).To(gomega.Equal(exitUsage))
}
