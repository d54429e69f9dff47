package main

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/runner/targets"
)

// TestTargetsThatCanBeMeasured asks this machine. What it has is its own matter, but every kind is
// told, and a tick stands for nothing but what lacks nothing.
func TestTargetsThatCanBeMeasured(t *testing.T) {
	g := gomega.NewWithT(t)
	r := loopmatrix(t, "targets")
	g.Expect(r.code).To(gomega.Equal(exitFine), r.stderr)
	for _, k := range targets.Kinds() {
		g.Expect(r.stdout).To(gomega.ContainSubstring(k.Form + "\n  " + k.Does + "\n"))
	}
	g.Expect(r.stdout).To(gomega.ContainSubstring("  ✓ local\n"))
	t.Setenv("PATH", t.TempDir())
	r = loopmatrix(t, "targets")
	g.Expect(r.stdout).To(gomega.ContainSubstring("  ✗ ssh:USER@HOST: "))
	g.Expect(r.stdout).To(gomega.MatchRegexp(`(?m)^  ✗ vagrant:debian-13: .*"vagrant".*; .*"ssh"`))
	g.Expect(r.stdout).NotTo(gomega.ContainSubstring("✓ vagrant"))
}

func TestShowKind(t *testing.T) {
	lacks := errors.New("there is no moon")
	for name, c := range map[string]struct {
		kind targets.Kind
		want string
	}{
		"to be named": {targets.Kind{}, "  ? none is at hand; it has to be named\n"},
		"none found":  {targets.Kind{Found: func() []string { return nil }, Missing: func(context.Context) error { return lacks }}, "  ✗ F: there is no moon\n"},
		"found":       {targets.Kind{Found: func() []string { return []string{"local", "runsc:/nowhere"} }}, "  ✓ local\n  ✗ runsc:/nowhere: "},
		"surveyed": {targets.Kind{Found: func() []string { return []string{"a", "b"} },
			Survey: func(context.Context) map[string]error { return map[string]error{"b": lacks} }}, "  ✓ a\n  ✗ b: there is no moon\n"},
	} {
		t.Run(name, func(t *testing.T) {
			c.kind.Form, c.kind.Does = "F", "does"
			var b bytes.Buffer
			showKind(t.Context(), &b, c.kind)
			gomega.NewWithT(t).Expect(b.String()).To(gomega.HavePrefix("F\n  does\n" + c.want))
		})
	}
}
