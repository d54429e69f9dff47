package render_test

import (
	"bytes"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// entry is what is documented about a headline for a system.
func entry(id, system, behaviour, since, until string) model.Documented {
	return model.Documented{Claim: id, System: system, Since: since, Until: until, Behaviour: behaviour, Note: "So it is.", Confidence: "medium", Read: "2026-11-30",
		Citations: []model.Citation{{Kind: "public-report", Title: "a report", URL: "https://example.net/report", Version: "one of them"},
			{Kind: "source", Title: "the source", URL: "https://example.net/a|b", Version: "another", Checked: true}}}
}

// known is a matrix of one FreeBSD, and what is documented beside it.
func known(t *testing.T) model.Matrix {
	t.Helper()
	const bind, connect = "v4.block.bind", "v4.block.delivery.tcp"
	m := model.Matrix{Cells: map[string]map[string]*model.Cell{bind: {"freebsd-12.1-amd64": {Verdict: claim.Observed, Behaviour: "only-127.0.0.1"}}},
		Platforms: []model.Column{{Platform: model.Platform{ID: "freebsd-12.1-amd64", Family: "freebsd", Title: "FreeBSD 12.1", Version: "12.1-RELEASE"}}}}
	for _, id := range []string{bind, connect} {
		found, err := claim.Select(id, claim.Catalogue())
		gomega.NewWithT(t).Expect(err).NotTo(gomega.HaveOccurred())
		m.Claims = append(m.Claims, found[0].Claim)
	}
	disputed, other := entry(bind, "windows", "whole-block", "10.0.22000", ""), entry(bind, "windows", "only-127.0.0.1", "10.0.26100", "")
	disputed.Disputed, other.Disputed = "a run", "a run"
	alias := entry(bind, "macos", "whole-block", "10.5", "15.5")
	alias.Condition = "an alias is there"
	return m.With(model.Documentation{Entries: []model.Documented{
		entry(bind, "macos", "only-127.0.0.1", "10.5", "15.5"), entry(connect, "macos", "only-127.0.0.1", "", "15.5"), alias, disputed, other,
		entry(bind, "freebsd", "only-127.0.0.1", "10.4", "14"), entry(bind, "freebsd", "whole-block", "15", ""), entry(connect, "illumos", "partial", "", ""),
	}, Unanswered: []model.Unanswered{{Claim: connect, System: "windows", Reason: "Nobody wrote it down."}}})
}

// TestDocumentedIsShown looks for marks, versions and proofs in every rendering for people.
func TestDocumentedIsShown(t *testing.T) {
	g := gomega.NewWithT(t)
	m := known(t)
	table := string(render.HeadlineTable(m))
	g.Expect(table).To(gomega.ContainSubstring("| · No (measured on 12.1)<br>≈ Yes (documented: [FreeBSD 15 and later](<https://example.net/a%7Cb>), confidence medium) |"))
	g.Expect(table).To(gomega.ContainSubstring("≈ No (documented: [macOS 10.5 to 15.5](<https://example.net/a%7Cb>), confidence medium)"))
	g.Expect(table).To(gomega.ContainSubstring("confidence medium, disputed)"))
	g.Expect(table).To(gomega.ContainSubstring("- Windows: Nobody wrote it down. (v4.block.delivery.tcp)"))
	g.Expect(table).To(gomega.ContainSubstring("≈ documented, and not measured"))

	var markdown, text, plain bytes.Buffer
	render.Markdown(&markdown, m)
	g.Expect(markdown.String()).To(gomega.And(gomega.ContainSubstring("- ≈ **only-127.0.0.1**: "), gomega.ContainSubstring("| macOS, documented |"),
		gomega.ContainSubstring("≈ [only-127.0.0.1](<https://example.net/a%7Cb>), macOS 10.5 to 15.5")))
	render.Text(&text, m, render.Terminal{Width: 200})
	g.Expect(text.String()).To(gomega.And(gomega.ContainSubstring("  ≈ only-127.0.0.1: "), gomega.ContainSubstring("documented: macOS 10.5 to 15.5, confidence medium")))
	render.Text(&plain, m, render.Terminal{Width: 200, ASCII: true})
	g.Expect(plain.String()).To(gomega.ContainSubstring("  ~ only-127.0.0.1: "))

	answers := string(render.AnswersText(m, m.Claims[0], render.Terminal{Width: 200}))
	g.Expect(answers).To(gomega.And(gomega.ContainSubstring("≈ macos: whole-block, documented: macOS 10.5 to 15.5"), gomega.ContainSubstring("if an alias is there"), gomega.ContainSubstring("https://example.net/a|b")))
	g.Expect(render.AnswersTo(m, m.Claims[0]).Documented).To(gomega.HaveLen(5), "all that the measured column does not replace")
}

func TestVersionsForPeople(t *testing.T) {
	g := gomega.NewWithT(t)
	for want, e := range map[string]model.Documented{
		"macOS 10.5 to 15.5":                entry("x", "macos", "", "10.5", "15.5"),
		"macOS 15.5":                        entry("x", "macos", "", "15.5", "15.5"),
		"macOS up to 15.5":                  entry("x", "macos", "", "", "15.5"),
		"OpenBSD 6.1 and later":             entry("x", "openbsd", "", "6.1", ""),
		"one of them":                       entry("x", "illumos", "", "", ""),
		"Windows 7 to 11":                   entry("x", "windows", "", "6.1", "10.0.26100"),
		"Windows 10 (10.0.18945) and later": entry("x", "windows", "", "10.0.18945", ""),
		"Windows Server 2022":               entry("x", "windows", "", "10.0.20348", "10.0.20348"),
		"Windows 4.0 and later":             entry("x", "windows", "", "4.0", ""),
	} {
		g.Expect(render.Versions(e)).To(gomega.Equal(want))
	}
	g.Expect(render.Versions(model.Documented{System: "macos"})).To(gomega.Equal("macOS"))
}

// TestMacSentence answers from documents, from a measurement, and not at all.
func TestMacSentence(t *testing.T) {
	g := gomega.NewWithT(t)
	m := known(t)
	g.Expect(render.Mac(m, render.Link)).To(gomega.HavePrefix("Not without an alias: binding it gives EADDRNOTAVAIL"))
	m.Documented.Entries = m.Documented.Entries[:1]
	g.Expect(render.Mac(m, render.Link)).To(gomega.HavePrefix("No: 127.0.0.1 is the only one that can be bound (documented: [macOS 10.5 to 15.5]"))
	m.Platforms = append(m.Platforms, model.Column{Platform: model.Platform{ID: "macos-26-arm64", Family: "macos", Version: "26.1"}})
	m.Cells["v4.block.bind"]["macos-26-arm64"] = &model.Cell{Verdict: claim.Observed, Behaviour: "whole-block"}
	g.Expect(render.Mac(m, render.Link)).To(gomega.HavePrefix("Yes: any address of 127.0.0.0/8 can be bound (measured)."))
	g.Expect(render.Mac(model.Matrix{}, render.Link)).To(gomega.BeEmpty())
}

// TestAccount counts what a measured column confirms and contradicts.
func TestAccount(t *testing.T) {
	g := gomega.NewWithT(t)
	m := known(t)
	a := render.Held(m)
	g.Expect(a.All).To(gomega.Equal(render.Tally{Right: 1, Total: 1}))
	g.Expect(render.Disputes(m)).To(gomega.HaveLen(2))
	m.Cells["v4.block.bind"]["freebsd-12.1-amd64"].Behaviour = "partial"
	var b bytes.Buffer
	render.AccountMarkdown(&b, m, render.Held(m))
	g.Expect(b.String()).To(gomega.And(gomega.ContainSubstring("Right: 0 of 1."), gomega.ContainSubstring("| source | 0 | 1 |"), gomega.ContainSubstring("says only-127.0.0.1, and FreeBSD 12.1 shows partial"),
		gomega.ContainSubstring("says whole-block; a run decides")))
	b.Reset()
	render.AccountMarkdown(&b, model.Matrix{}, render.Account{})
	g.Expect(b.String()).To(gomega.Equal("No measured column is of a version that an entry is about.\n"))
}

// TestWithdrawnIsSaid shows a withdrawn answer with its mark, and explains the mark only then.
func TestWithdrawnIsSaid(t *testing.T) {
	g := gomega.NewWithT(t)
	m := known(t)
	var b bytes.Buffer
	render.Text(&b, m, render.Terminal{Width: 200})
	g.Expect(b.String()).NotTo(gomega.ContainSubstring("withdrawn"))
	m.Cells["v4.block.bind"]["freebsd-12.1-amd64"] = &model.Cell{Verdict: claim.Withdrawn, Detail: "it said yes: it is no"}
	for _, ascii := range []bool{false, true} {
		b.Reset()
		render.Text(&b, m, render.Terminal{Width: 200, ASCII: ascii})
		g.Expect(b.String()).To(gomega.And(gomega.ContainSubstring(map[bool]string{false: "⊘ ", true: "0 "}[ascii]+"withdrawn: known to be wrong"), gomega.ContainSubstring("it said yes: it is no")))
	}
	g.Expect(render.ReplyTo(m.Claims[0], *m.Cells["v4.block.bind"]["freebsd-12.1-amd64"]).String()).To(gomega.Equal("Withdrawn: it said yes: it is no"))
}

// TestTwoReasonsAreOneAnswer wants "not run" once in the cell of a system, whatever kept its
// platforms from an answer.
func TestTwoReasonsAreOneAnswer(t *testing.T) {
	g := gomega.NewWithT(t)
	const id = "v4.block.delivery.tcp"
	found, err := claim.Select(id, claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	m := model.Matrix{Claims: []claim.Claim{found[0].Claim}, Cells: map[string]map[string]*model.Cell{id: {}}}
	for _, user := range []string{"user", "root"} {
		m.Platforms = append(m.Platforms, model.Column{Platform: model.Platform{ID: "freebsd-12.1-" + user, Family: "freebsd", Title: "FreeBSD 12.1"}})
		m.Cells[id]["freebsd-12.1-"+user] = &model.Cell{Verdict: claim.NotRun, Detail: "kept from " + user}
	}
	g.Expect(string(render.HeadlineTable(m))).To(gomega.ContainSubstring("| – Not run |"))
}
