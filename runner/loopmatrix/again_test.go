package main

import (
	"testing"

	"github.com/onsi/gomega"
)

// TestNamed wants a program whose name Windows does not start to say so, with the exit code of a kit that can't do its work.
func TestNamed(t *testing.T) {
	g := gomega.NewWithT(t)
	for _, fine := range [][2]string{{"linux", "kit"}, {"darwin", "kit.d"}, {"windows", "kit.exe"}, {"windows", "KIT.EXE"}} {
		g.Expect(named(fine[0], fine[1])).To(gomega.Succeed())
	}
	for _, program := range []string{"kit", "loopmatrix-1.2"} {
		err := named("windows", program)
		g.Expect(err).To(gomega.MatchError(program + " can't start itself again, since Windows starts no program without .exe at the end of its name: rename it to " + program + ".exe"))
		g.Expect(codeOf(err)).To(gomega.Equal(exitKit))
	}
}
