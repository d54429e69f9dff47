package render

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

func TestTextGolden(t *testing.T) {
	golden(t, "matrix-80.txt", textOf(sample(), Terminal{Width: 80}))
	golden(t, "matrix-120.txt", textOf(sample(), Terminal{Width: 120}))
	golden(t, "matrix-120-colour.txt", textOf(sample(), Terminal{Width: 120, Colour: true}))
	golden(t, "matrix-80-ascii.txt", textOf(sample(), Terminal{ASCII: true}))
	golden(t, "platform-80.txt", textOf(sample(2), Terminal{Width: 80}))
	golden(t, "platform-120.txt", textOf(sample(5), Terminal{Width: 120}))
}

func TestMarkdownGolden(t *testing.T) { golden(t, "matrix.md", markdownOf(sample())) }

func TestCSVGolden(t *testing.T) {
	b, err := csvOf(sample(2, 5))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "matrix.csv", b)
}

func TestJSONGolden(t *testing.T) {
	b, err := jsonOf(sample(2, 5))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "matrix.json", b)
}

func TestReportGolden(t *testing.T) {
	golden(t, "report.junit.xml", JUnit(sampleReport(), sampleEntries()))
	golden(t, "report.tap", TAP(sampleReport(), sampleEntries()))
}

// TestOldMatrix renders a matrix as it was written once; the file stays for ever.
func TestOldMatrix(t *testing.T) {
	g := gomega.NewWithT(t)
	f, err := os.Open("testdata/matrix.json")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	defer func() { _ = f.Close() }()
	m, err := model.DecodeMatrix(f, f.Name())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(textOf(m, Terminal{})).To(gomega.Equal(textOf(sample(2, 5), Terminal{})))
}

func TestNobodyMeasured(t *testing.T) {
	g := gomega.NewWithT(t)
	m := sample()
	m.Platforms, m.Cells = nil, nil
	g.Expect(string(textOf(m, Terminal{}))).To(gomega.HavePrefix("No platform has been measured; every claim is unknown."))
	g.Expect(string(markdownOf(m))).To(gomega.HavePrefix("No platform has been measured; every claim is unknown."))
	b, err := csvOf(m)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(bytes.Count(b, []byte("\n"))).To(gomega.Equal(1), "the heading")
}

// TestUnknownIsVisible takes every cell away: a claim that nobody measured is neither yes nor no,
// in any rendering.
func TestUnknownIsVisible(t *testing.T) {
	g := gomega.NewWithT(t)
	m := sample(0, 4)
	m.Cells = nil
	for name, b := range map[string][]byte{"text": textOf(m, Terminal{Width: 100}), "markdown": markdownOf(m)} {
		g.Expect(bytes.Count(b, []byte("unknown"))).To(gomega.BeNumerically(">=", len(m.Claims)), name)
		for _, no := range []string{"✓ ", "✗ ", "– "} {
			before, _, _ := strings.Cut(string(b), "✓ conforms") // the legend
			g.Expect(before).NotTo(gomega.ContainSubstring(no), name)
		}
	}
	b, err := csvOf(m)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(bytes.Count(b, []byte(",unknown,"))).To(gomega.Equal(2 * len(m.Claims)))
}

func TestSameBytes(t *testing.T) {
	g := gomega.NewWithT(t)
	before, err := model.Encode(sample())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	m := sample()
	for range 5 {
		g.Expect(textOf(m, Terminal{Width: 100, Colour: true})).To(gomega.Equal(textOf(sample(), Terminal{Width: 100, Colour: true})))
		g.Expect(markdownOf(m)).To(gomega.Equal(markdownOf(sample())))
	}
	g.Expect(model.Encode(m)).To(gomega.Equal(before), "rendering changes nothing")
}

// TestTextFits renders in every width: no line is wider, but for the names of claims and ids of
// platforms, which are never broken.
func TestTextFits(t *testing.T) {
	escapes := regexp.MustCompile("\x1b\\[[0-9;]*m")
	for width := 60; width < 140; width += 5 {
		for _, m := range []model.Matrix{sample(), sample(2), sample(0, 5)} {
			plain := textOf(m, Terminal{Width: width})
			for line := range strings.Lines(string(plain)) {
				if n := len([]rune(strings.TrimRight(line, "\n"))); n > width {
					t.Errorf("%d columns on a terminal of %d: %s", n, width, line)
				}
				if strings.HasSuffix(line, " \n") {
					t.Errorf("blanks at the end of %q", line)
				}
			}
			coloured := escapes.ReplaceAll(textOf(m, Terminal{Width: width, Colour: true}), nil)
			if !bytes.Equal(coloured, plain) {
				t.Errorf("colours change more than colours at %d columns", width)
			}
		}
	}
}

func TestASCII(t *testing.T) {
	g := gomega.NewWithT(t)
	m := sample()
	m.Platforms[0].Title = "Gerät, Linux"
	b := textOf(m, Terminal{ASCII: true})
	g.Expect(bytes.ContainsFunc(b, func(r rune) bool { return r > '~' })).To(gomega.BeFalse())
	g.Expect(string(b)).To(gomega.ContainSubstring("Ger?t, Linux"))
}

func TestColumnLetters(t *testing.T) {
	g := gomega.NewWithT(t)
	g.Expect([]string{letter(0), letter(25), letter(26), letter(51), letter(52), letter(701), letter(702)}).
		To(gomega.Equal([]string{"A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"}))
}

func TestManyPlatformsAgree(t *testing.T) {
	g := gomega.NewWithT(t)
	m := sample(0)
	for i := range 40 {
		p := m.Platforms[0]
		p.ID, p.Title = fmt.Sprintf("linux-%d-vm-amd64", i), fmt.Sprintf("Linux %d, VM", i)
		m.Platforms = append(m.Platforms, p)
		for _, row := range m.Cells {
			row[p.ID] = row["linux-6.12-debian-13-vm-amd64"]
		}
	}
	v := newView(m)
	g.Expect(v.columns).To(gomega.HaveLen(1))
	g.Expect(v.columns[0].title()).To(gomega.Equal("Debian 13, Linux 6.12, VM, and 40 more"))
	m.Cells["if.lo.mtu"]["linux-7-vm-amd64"] = &model.Cell{Verdict: claim.Observed, Behaviour: "1500"}
	g.Expect(newView(m).columns).To(gomega.HaveLen(2))
}

func TestClaimsGolden(t *testing.T) {
	all := sampleClaims()
	all[1].Source.Note = "section 3 suggests the opposite: ordinarily only 127.0.0.1/32 is implemented"
	all[2].Source.References = append(all[2].Source.References, claim.Reference{Document: "a | b"})
	all = append(all, claim.Claim{ID: "exempt.draft", Family: claim.Offhost, Level: claim.None, Exempt: "an expired draft"})
	golden(t, "claims.txt", ClaimsText(all, 120))
	golden(t, "claims-80.txt", ClaimsText(all, 80))
	golden(t, "claim.txt", ClaimText(all[1], "nowhere"))
	all[1].Fault = "lo-down"
	g := gomega.NewWithT(t)
	g.Expect(string(ClaimText(all[1], "in a private host"))).To(gomega.ContainSubstring("\nfault       lo-down, in a private host\n"))
	golden(t, "claims.md", ClaimsMarkdown(all))
}

func TestFolkloreAndOddFamilies(t *testing.T) {
	g := gomega.NewWithT(t)
	g.Expect(source(claim.Claim{})).To(gomega.Equal("folklore"))
	g.Expect(cite(claim.Claim{})).To(gomega.Equal("folklore"))
	g.Expect(cite(claim.Claim{Source: claim.Source{References: []claim.Reference{{Document: "RFC", URL: "javascript:x"}}}})).To(gomega.Equal("RFC"))
	for _, f := range claim.Families() {
		g.Expect(family{name: f}.title()).NotTo(gomega.BeEmpty(), string(f))
	}
	g.Expect(family{name: "other"}.title()).To(gomega.BeEmpty())
	m := sample(0, 3)
	m.Claims[0].Headline, m.Cells["v4.icmp.replysrc"]["linux-6.12-debian-13-vm-amd64"] = true, &model.Cell{Verdict: claim.NotRun, Detail: "icmp echo: EPERM (1)"}
	m.Cells["v4.icmp.replysrc"]["freebsd-15.0-vm-amd64"] = &model.Cell{Verdict: claim.NotRun, Detail: "icmp echo: EPERM (1)"}
	g.Expect(string(textOf(m, Terminal{}))).To(gomega.ContainSubstring("– icmp echo: EPERM (1): 1 claim on every platform"))
	for i := range m.Claims {
		m.Claims[i].Headline = false
	}
	for _, b := range [][]byte{textOf(m, Terminal{}), markdownOf(m)} {
		g.Expect(string(b)).NotTo(gomega.ContainSubstring("What people ask"))
	}
}

func TestPlatformsOfOneTitleAreToldApart(t *testing.T) {
	g := gomega.NewWithT(t)
	m := sample(0, 3)
	m.Platforms[1].Title = m.Platforms[0].Title
	for _, b := range [][]byte{textOf(m, Terminal{Width: 200}), markdownOf(m)} {
		g.Expect(string(b)).To(gomega.ContainSubstring("Debian 13, Linux 6.12, VM (freebsd-15.0-vm-amd64)"))
		g.Expect(string(b)).To(gomega.ContainSubstring("every platform"))
	}
}
