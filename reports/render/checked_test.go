package render

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

func sampleChecked() []model.Checked {
	r := model.Report{Kit: model.Kit{Version: "v1.0.0"}, Platform: model.Platform{ID: "linux-6.12-vm-amd64", Title: "Linux 6.12, VM"},
		Run: model.Run{Started: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}}
	problem := func(path, text string) model.Problem { return model.Problem{File: "r.json", Path: path, Text: text} }
	return []model.Checked{
		{File: "linux-6.12-vm-amd64.json", Report: r},
		{File: "r.json", Report: r, Unfit: []model.Problem{problem("", "a published report is named after its platform; rename it to linux-6.12-vm-amd64.json"),
			problem("results[3]", "it is not what the kit wrote of v4.block.bind")}},
		{File: "missing.json", Wrong: []model.Problem{problem("", "there is no such file")}},
	}
}

func TestCheckedGolden(t *testing.T) { golden(t, "checked.md", CheckedMarkdown(sampleChecked())) }

// TestHostileChecked puts hostile texts where strangers can, the name of the file included.
func TestHostileChecked(t *testing.T) {
	g := gomega.NewWithT(t)
	const evil = "\x1b[2J\u202e<script>alert(1)</script> | a\n# b ![x](http://e.example/) @nobody `c`"
	hostile := sampleChecked()
	hostile[1].File, hostile[1].Report.Kit.Version, hostile[1].Report.Platform.Title = evil, evil, evil
	hostile[1].Unfit[1] = model.Problem{File: evil, Path: evil, Text: evil}
	b := CheckedMarkdown(hostile)
	g.Expect(bytes.Count(b, []byte("\n"))).To(gomega.Equal(bytes.Count(CheckedMarkdown(sampleChecked()), []byte("\n"))))
	for _, s := range []string{"\x1b", "\u202e", "<script", "![", "http://", "@nobody", " `c"} {
		g.Expect(string(b)).NotTo(gomega.ContainSubstring(s))
	}
	for i := range 200 {
		hostile[2].Wrong = append(hostile[2].Wrong, model.Problem{Text: fmt.Sprint("problem number ", i)})
	}
	g.Expect(string(CheckedMarkdown(hostile))).To(gomega.And(gomega.ContainSubstring("and 101 problems more"), gomega.Not(gomega.ContainSubstring("number 150"))))
}
