package main

import (
	"testing"

	"github.com/onsi/gomega"
)

func TestLook(t *testing.T) {
	g := gomega.NewWithT(t)
	env := func(pairs ...string) func(string) string {
		return func(name string) string {
			for i := 0; i < len(pairs); i += 2 {
				if pairs[i] == name {
					return pairs[i+1]
				}
			}
			return ""
		}
	}
	g.Expect(colourful(env("TERM", "xterm-256color"))).To(gomega.BeTrue())
	g.Expect(colourful(env("TERM", "dumb"))).To(gomega.BeFalse())
	g.Expect(colourful(env("TERM", "xterm", "NO_COLOR", "1"))).To(gomega.BeFalse())
	g.Expect(colourful(env("NO_COLOR", ""))).To(gomega.BeTrue(), "an empty one does not count")
	for locale, want := range map[string]bool{"": false, "C": true, "POSIX": true, "C.UTF-8": false, "en_GB.utf8": false,
		"de_DE": false, "de_DE.ISO-8859-15": true, "ja_JP.eucJP": true} {
		g.Expect(asciiOnly(env("LANG", locale))).To(gomega.Equal(want), locale)
	}
	g.Expect(asciiOnly(env("LC_ALL", "C.UTF-8", "LANG", "C"))).To(gomega.BeFalse(), "LC_ALL comes first")
	g.Expect(asciiOnly(env("LC_CTYPE", "C", "LANG", "C.UTF-8"))).To(gomega.BeTrue())
}

func TestMisread(t *testing.T) {
	for _, c := range []struct {
		name, lang string
		page       uint32
		want       bool
	}{
		{"not Windows, or no console", "", 0, false},
		{"a console of an American Windows", "", 437, true},
		{"a console of a German Windows", "", 850, true},
		{"a console that was set to UTF-8", "", 65001, false},
		{"Git's bash", "en_US.UTF-8", 437, false},
	} {
		env := func(name string) string { return map[string]string{"LANG": c.lang}[name] }
		gomega.NewWithT(t).Expect(misread(env, c.page)).To(gomega.Equal(c.want), c.name)
	}
}

// TestPlain runs where standard output is no terminal.
func TestPlain(t *testing.T) {
	g := gomega.NewWithT(t)
	c := prepared("run", "--quiet", "--claims", "none")
	c.Env = append(c.Env, "LC_ALL=C", "TERM=xterm")
	r := end(t, c)
	g.Expect(r.stdout).To(gomega.MatchRegexp(`^[\n -~]+$`))
	g.Expect(r.stdout).To(gomega.ContainSubstring("- not run here"))
}
