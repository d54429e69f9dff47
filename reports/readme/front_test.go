package readme

import (
	"os"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

const front = "../../README.md"

// TestReadmeFront proves that the headlines in README.md are those of the published reports.
func TestReadmeFront(t *testing.T) {
	g := gomega.NewWithT(t)
	is, err := os.ReadFile(front)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	is = []byte(strings.ReplaceAll(string(is), "\r\n", "\n")) // as a checkout on Windows may have it
	want, err := Front(is, reports(t), claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	if *update {
		g.Expect(model.WriteFile(front, want)).To(gomega.Succeed())
		return
	}
	if string(is) != string(want) {
		t.Error("README.md is out of date: go generate ./reports/readme")
	}
}

func TestFront(t *testing.T) {
	g := gomega.NewWithT(t)
	out, err := Front([]byte("before\n"+begins+"| question | what is no longer so |\n"+ends+"after\n"), nil, claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(string(out)).To(gomega.And(gomega.HavePrefix("before\n"+begins+"\n**Does "), gomega.HaveSuffix("\n"+ends+"after\n"),
		gomega.ContainSubstring("Can I bind 127.0.0.2"), gomega.Not(gomega.ContainSubstring("no longer"))))
	again, err := Front(out, nil, claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(string(again)).To(gomega.Equal(string(out)))
	for _, broken := range []string{"", begins, ends, ends + begins, begins + ends + ends, begins + ends + begins + ends} {
		_, err := Front([]byte(broken), nil, claim.Catalogue())
		g.Expect(err).To(gomega.MatchError(errMarks), broken)
	}
}

func TestMac(t *testing.T) {
	g := gomega.NewWithT(t)
	catalogue := claim.Catalogue()
	m, err := Matrix(nil, catalogue)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(string(mac(m))).To(gomega.ContainSubstring("Mac?** Not without an alias: binding it gives EADDRNOTAVAIL"))
	without := m
	without.Documented = model.Documentation{}
	g.Expect(string(mac(without))).To(gomega.ContainSubstring("Nobody has measured a Mac"))
	m.Platforms = []model.Column{{Platform: model.Platform{ID: "linux-1-amd64", Family: "linux"}}, {Platform: model.Platform{ID: "macos-26.1-arm64", Family: "macos"}}}
	m.Cells = map[string]map[string]*model.Cell{"v4.block.bind": {
		"linux-1-amd64":    {Verdict: claim.Observed, Behaviour: "whole-block"},
		"macos-26.1-arm64": {Verdict: claim.Observed, Behaviour: "only-127.0.0.1"},
	}}
	g.Expect(string(mac(m))).To(gomega.HaveSuffix("Mac?** No: 127.0.0.1 is the only one that can be bound (measured).\n"))
}
