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
