package targets

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/onsi/gomega"
)

// TestGreeting writes what login scripts and hostile machines may write, whole and byte by byte.
func TestGreeting(t *testing.T) {
	const line = "loopmatrix-is-here Linux x86_64 is /tmp/x"
	said := strings.TrimPrefix(line, "loopmatrix-is-here ")
	for name, c := range map[string]struct {
		writes, found string
		refused       bool
	}{
		"the line alone":             {line + "\n", said, false},
		"as Windows ends it":         {line + "\r\n", said, false},
		"after a banner":             {"Welcome!\n\n" + line + "\n", said, false},
		"twice":                      {line + "\n" + line + "2\n", said, false},
		"not at the begin of a line": {"$ " + line + "\n", "", false},
		"not whole yet":              {line, "", false},
		"after a long line":          {strings.Repeat("x", 2*maxLine) + "\n" + line + "\n", said, false},
		"too long":                   {line + strings.Repeat("x", maxLine) + "\n", "", false},
		"a line without end":         {strings.Repeat("x", maxGreeting+1), "", true},
		"lines without end":          {strings.Repeat("Welcome!\n", maxGreeting/9+1), "", true},
		"the line before all that":   {line + "\n" + strings.Repeat("x", 2*maxGreeting), said, false},
		"the line after all that":    {strings.Repeat("x", 2*maxGreeting) + "\n" + line + "\n", "", true},
	} {
		for _, size := range []int{1, 4096, len(c.writes)} {
			g := gomega.NewWithT(t)
			told := &greeting{found: make(chan string, 1), refused: make(chan error, 1)}
			_, err := io.CopyBuffer(struct{ io.Writer }{told}, struct{ io.Reader }{bytes.NewReader([]byte(c.writes))}, make([]byte, size))
			g.Expect(err != nil).To(gomega.Equal(c.refused), "%s: %v", name, err)
			g.Expect(told.refused).To(gomega.HaveLen(map[bool]int{true: 1}[c.refused]), name)
			g.Expect(cap(told.line)).To(gomega.BeNumerically("<", 4*maxLine), name)
			if c.refused {
				g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring("1024 KiB")))
			}
			if c.found == "" {
				g.Expect(told.found).To(gomega.BeEmpty(), name)
			} else {
				g.Expect(told.found).To(gomega.Receive(gomega.Equal(c.found)), name)
			}
		}
	}
}
