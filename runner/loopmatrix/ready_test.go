package main

import (
	"bytes"
	"testing"

	"github.com/onsi/gomega"
)

func TestAnnounce(t *testing.T) {
	g := gomega.NewWithT(t)
	yes, no := func() bool { return true }, func() bool { return false }
	for _, c := range []struct {
		quiet bool
		asks  func() bool
		lines int
	}{{false, yes, 1}, {true, yes, 0}, {false, no, 0}} {
		var b bytes.Buffer
		announceFirewall(&b, c.quiet, c.asks)
		g.Expect(bytes.Count(b.Bytes(), []byte("\n"))).To(gomega.Equal(c.lines))
	}
}

// TestStartable wants a program whose name Windows does not start to say so, with the exit code of
// a kit that can't do its work.
func TestStartable(t *testing.T) {
	g := gomega.NewWithT(t)
	for _, fine := range [][2]string{{"linux", "kit"}, {"darwin", "kit.d"}, {"windows", "kit.exe"}, {"windows", "KIT.EXE"}} {
		g.Expect(startable(fine[0], fine[1])).To(gomega.Succeed())
	}
	for _, program := range []string{"kit", "loopmatrix-1.2"} {
		err := startable("windows", program)
		g.Expect(err).To(gomega.MatchError(program + " can't start itself again, since Windows starts no program without .exe at the end of its name: rename it to " + program + ".exe"))
		g.Expect(codeOf(err)).To(gomega.Equal(exitKit))
	}
}
