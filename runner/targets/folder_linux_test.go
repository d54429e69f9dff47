package targets

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/onsi/gomega"
)

// asLeft is the variable that makes this program one that fills a folder and waits.
const asLeft = "LOOPMATRIX_TEST_LEFT"

// TestFolderOfTheKilled kills a process (SIGKILL) that has a folder. The next one that takes a
// folder removes it, and nothing else.
func TestFolderOfTheKilled(t *testing.T) {
	if os.Getenv(asLeft) != "" {
		_ = inFolder(os.Stderr, func(folder string) error {
			if err := os.WriteFile(filepath.Join(folder, "kit"), make([]byte, 1<<20), 0o600); err != nil {
				return err
			}
			_, _ = os.Stdout.WriteString("ready\n")
			_, err := io.Copy(io.Discard, os.Stdin)
			return err
		})
		return
	}
	g := gomega.NewWithT(t)
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	mine := []string{folderPrefix + "1x", folderPrefix + "sources", "loopmatrix-123"}
	for _, name := range mine {
		g.Expect(os.Mkdir(filepath.Join(temporary, name), 0o700)).To(gomega.Succeed())
	}
	g.Expect(os.Symlink(filepath.Join(temporary, mine[2]), filepath.Join(temporary, folderPrefix+"7"))).To(gomega.Succeed())
	start := func() (*exec.Cmd, io.Closer) {
		c := exec.Command(os.Args[0], "-test.run=^TestFolderOfTheKilled$")
		c.Env = append(os.Environ(), asLeft+"=1")
		in, err := c.StdinPipe()
		g.Expect(err).NotTo(gomega.HaveOccurred())
		out, err := c.StdoutPipe()
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(c.Start()).To(gomega.Succeed())
		ready := make([]byte, len("ready\n"))
		_, err = io.ReadFull(out, ready)
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(string(ready)).To(gomega.Equal("ready\n"))
		return c, in
	}
	folders := func() []string {
		found, err := filepath.Glob(filepath.Join(temporary, folderPrefix+"*", "kit"))
		g.Expect(err).NotTo(gomega.HaveOccurred())
		return found
	}
	killed, _ := start()
	alive, in := start()
	g.Expect(folders()).To(gomega.HaveLen(2))
	g.Expect(killed.Process.Kill()).To(gomega.Succeed())
	_ = killed.Wait()
	var log bytes.Buffer
	next := func() (found []string, err error) {
		err = inFolder(&log, func(string) error {
			found = folders()
			return nil
		})
		return found, err
	}
	g.Eventually(next).Should(gomega.HaveLen(1), "the processes of the killed end after it, and then its folder can go")
	g.Expect(next()).To(gomega.HaveLen(1), "that of the other is in use")
	g.Expect(in.Close()).To(gomega.Succeed())
	g.Expect(alive.Wait()).To(gomega.Succeed())
	g.Expect(log.String()).To(gomega.BeEmpty())
	left, err := os.ReadDir(temporary)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(left).To(gomega.HaveLen(len(mine) + 1))
}
