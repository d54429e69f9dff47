package notes

import (
	"testing"

	"github.com/onsi/gomega"
)

func TestParse(t *testing.T) {
	g := gomega.NewWithT(t)
	const one = "---\nplatforms: [\"linux-*\"]\nshows: [leaves]\nlook:\n  - {op: send, proto: udp}\n---\nWhat\nit is.\n"
	first := Note{Claim: "v4.x", Platforms: []string{"linux-*"}, Shows: []string{"leaves"}, Look: []Look{{Op: "send", Proto: "udp"}}, Text: "What it is."}
	second := first
	second.Claim = "v4.x"
	g.Expect(parse("v4.x", one+"\n"+one)).To(gomega.Equal([]Note{first, second}))
	for file, problem := range map[string]string{
		"":                                       "each note is a front matter",
		"What it is.\n" + one:                    "each note is a front matter",
		"---\nplatforms: [x]\n":                  "each note is a front matter",
		"---\nshow: [x]\n---\ntext":              "note 1: ",
		"---\nplatforms: [x]\nshows: [y]\n---\n": "the paragraph are wanted",
		"---\nplatforms: [x]\n---\ntext":         "shows and",
		"---\nplatforms: [\"[\"]\nshows: [y]\n---\ntext": "syntax error in pattern",
		one + "---\nplatforms: x: y\n---\ntext":          "note 2: ",
	} {
		_, err := parse("v4.x", file)
		g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring(problem)), file)
	}
}
