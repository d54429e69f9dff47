package site

import (
	"strings"
	"testing"

	"github.com/onsi/gomega"
	"golang.org/x/net/html"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// find gives the elements of a page that have an attribute with a value; "" stands for any.
func find(root *html.Node, element, key, value string) (out []*html.Node) {
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || element != "" && n.Data != element {
			continue
		}
		if got, has := attribute(n, key); key == "" || has && (value == "" || got == value) {
			out = append(out, n)
		}
	}
	return out
}

// text is what a reader sees of an element, with single blanks.
func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// TestHeadlinesComeFirst reads the answers as a visitor does: before the table, in words, with the
// systems that give them.
func TestHeadlinesComeFirst(t *testing.T) {
	g := gomega.NewWithT(t)
	index := built(t, measured(t))["index.html"]
	root := document(t, "index.html", index)
	g.Expect(strings.Index(string(index), `id="answers"`)).To(gomega.BeNumerically("<", strings.Index(string(index), `id="table"`)))
	asked := 0
	for _, e := range claim.Catalogue() {
		if !e.Headline {
			continue
		}
		asked++
		card := find(root, "article", "id", e.ID+":answer")
		g.Expect(len(card)).To(gomega.Equal(1), e.ID)
		g.Expect(text(card[0])).To(gomega.ContainSubstring(e.Question))
	}
	g.Expect(asked).To(gomega.BeNumerically(">=", 12))
	g.Expect(text(find(root, "article", "id", "v4.block.bind:answer")[0])).To(gomega.Equal(
		"Can I bind 127.0.0.2 without any set-up? Yes : any address of 127.0.0.0/8 can be bound. · observed Linux gVisor Wine"))
	g.Expect(text(find(root, "article", "id", "src.select.127.0.0.2:answer")[0])).To(gomega.ContainSubstring("127.0.0.1 : though the client speaks to another address. · observed Linux Wine"))
}

// TestTheTableIsATable is for those who hear it: heads with a scope, a caption, and as many cells
// in each row as heads.
func TestTheTableIsATable(t *testing.T) {
	g := gomega.NewWithT(t)
	root := document(t, "index.html", built(t, measured(t))["index.html"])
	matrix := find(root, "table", "id", "matrix")[0]
	g.Expect(len(find(matrix, "caption", "", ""))).To(gomega.Equal(1))
	for _, th := range find(matrix, "th", "", "") {
		_, scoped := attribute(th, "scope")
		g.Expect(scoped).To(gomega.BeTrue(), text(th))
	}
	heads := len(find(matrix, "th", "scope", "col")) - 1 // of the claims
	rows := find(matrix, "tr", "data-level", "")
	g.Expect(len(rows)).To(gomega.Equal(len(claim.Catalogue())))
	for _, tr := range rows {
		g.Expect(len(find(tr, "th", "scope", "row"))).To(gomega.Equal(1))
		cells := find(tr, "td", "", "")
		g.Expect(len(cells)).To(gomega.Equal(heads), text(tr))
		class, _ := attribute(cells[heads-1], "class")
		g.Expect(class).To(gomega.Equal("u"), "what is wanted is unknown, claim by claim")
	}
	for _, td := range find(matrix, "td", "class", "u") {
		href, _ := attribute(find(td, "a", "href", "")[0], "href")
		g.Expect(href).To(gomega.Equal("#contribute"), "an unknown cell says how to measure it")
	}
}

// TestPlatformsThatAgree share a column, and each keeps its anchors.
func TestPlatformsThatAgree(t *testing.T) {
	g := gomega.NewWithT(t)
	one := measured(t)[4]
	two, other := one, one
	two.Platform.ID, two.Platform.Title = one.Platform.ID+"-two", one.Platform.Title
	other.Platform.ID, other.Platform.Family = "linux-9-vm-amd64", "linux"
	m := beside([]model.Report{one, two, other})
	b := newBuilder(m, nil, Options{})
	g.Expect(b.systems).To(gomega.HaveLen(2), "systems stand apart even if they agree")
	g.Expect(b.systems[1].Columns).To(gomega.HaveLen(1))
	g.Expect(b.systems[1].Columns[0].Platforms).To(gomega.HaveLen(2))
	g.Expect(b.systems[1].Columns[0].Platforms[1].Title).To(gomega.HaveSuffix("("+two.Platform.ID+")"), "one title, two platforms")
	files := built(t, []model.Report{one, two, other})
	ids := idsOf(t, "index.html", document(t, "index.html", files["index.html"]))
	for _, p := range m.Platforms {
		g.Expect(ids).To(gomega.HaveKey("v4.block.bind/" + p.ID))
	}
	g.Expect(string(files["matrix.json"])).NotTo(gomega.ContainSubstring(one.Platform.Title+" ("), "the data have the titles of the reports")
}

// sample is a matrix of one claim on one platform with its report, and what is evidence there.
func sample(seen observation.Set, kept ...model.Evidence) (model.Matrix, []model.Report) {
	c := claim.Claim{ID: "v4.a.b", Family: claim.Block, Level: claim.Must, Question: "Does it?", Sentence: "It does.",
		Behaviours: []claim.Behaviour{{Word: "leaves", Means: "a packet was seen on the link"}}}
	p := model.Platform{ID: "linux-1-vm-amd64", Title: "Linux 1", Family: "linux"}
	r := model.Result{Claim: c.ID, Finding: claim.Finding{Verdict: claim.Deviates, Behaviour: "leaves", Reason: "udp"}, Observations: seen, Evidence: kept,
		Runs: model.Runs{N: 5, Same: 4, Also: []model.Alternative{{Verdict: claim.Inconclusive, Times: 1}}}}
	m := model.Matrix{Claims: []claim.Claim{c}, Platforms: []model.Column{{Platform: p}},
		Cells: map[string]map[string]*model.Cell{c.ID: {p.ID: {Verdict: r.Verdict, Behaviour: r.Behaviour, Detail: r.Reason, Unstable: "4 of 5"}}}}
	return m, []model.Report{{Platform: p, Run: model.Run{Repeat: 5, Target: "kernel", How: "QEMU 7"}, Results: []model.Result{r}}}
}

func TestEvidence(t *testing.T) {
	g := gomega.NewWithT(t)
	m, reports := sample(observation.Set{
		{Op: "send", Proto: "udp", Variant: "default route", Targets: []string{"127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"}, Outcome: observation.OK, Count: 4, Calls: []string{"sendto(s1) = 16"}},
		{Op: "wire", Proto: "udp", Outcome: observation.OK, Count: 1, Calls: []string{"out udp 127.0.0.1 > 198.51.100.2", "in arp reply"}},
		{Op: "wire", Proto: "tcp", Outcome: observation.Nothing, Count: 1, Calls: []string{"out marker"}},
	}, model.Evidence{Kind: "pcap", Name: "v4.a.b.pcapng", Note: "what crossed"}, model.Evidence{Kind: "pcap", Name: "lost.pcapng"}, model.Evidence{Kind: "text", Name: "../../x.html"})
	captures := map[string]map[string][]byte{"linux-1-vm-amd64": {"v4.a.b.pcapng": []byte("frames"), "../../x.html": []byte("no")}}
	files, err := Build(m, reports, Options{Captures: captures})
	g.Expect(err).NotTo(gomega.HaveOccurred())
	paths := map[string]string{}
	for _, f := range files {
		paths[f.Path] = string(f.Bytes)
	}
	g.Expect(paths).To(gomega.HaveKeyWithValue("captures/linux-1-vm-amd64/v4.a.b.pcapng", "frames"))
	for path := range paths {
		g.Expect(path).NotTo(gomega.ContainSubstring(".."))
	}
	root := document(t, "claim", []byte(paths["claims/v4.a.b.html"]))
	article := find(root, "article", "id", "linux-1-vm-amd64")[0]
	g.Expect(len(find(article, "a", "download", ""))).To(gomega.Equal(1), "the one that is at hand")
	read := text(article)
	for _, want := range []string{"✗ deviates leaves in 4 of 5 runs", "a packet was seen on the link. udp", "Other runs gave: inconclusive (1).",
		"Frames seen on the link: out udp 127.0.0.1 > 198.51.100.2 send udp", "default route to 127.0.0.1, 127.0.0.2, 127.0.0.3 and 1 more: ok 4 ×",
		"sendto(s1) = 16", "pcap: v4.a.b.pcapng what crossed", "pcap: lost.pcapng", "in QEMU 7, 5 runs"} {
		g.Expect(read).To(gomega.ContainSubstring(want))
	}
}

// TestWithoutReports shows the cells, and that there is no more.
func TestWithoutReports(t *testing.T) {
	g := gomega.NewWithT(t)
	m, _ := sample(nil)
	files, err := Build(m, nil, Options{})
	g.Expect(err).NotTo(gomega.HaveOccurred())
	for _, f := range files {
		if f.Path == "claims/v4.a.b.html" {
			g.Expect(string(f.Bytes)).To(gomega.ContainSubstring("not at hand"))
		}
	}
}

// TestNothingMeasured is the page before the first report.
func TestNothingMeasured(t *testing.T) {
	g := gomega.NewWithT(t)
	files := built(t, nil)
	g.Expect(text(document(t, "index.html", files["index.html"]))).To(gomega.ContainSubstring("Not measured yet: Windows, FreeBSD."))
}

// TestUnsafe names everything that could leave the folder or a page, at once.
func TestUnsafe(t *testing.T) {
	g := gomega.NewWithT(t)
	m, _ := sample(nil)
	bad := m.Claims[0]
	bad.ID = "../a"
	m.Claims = append(m.Claims, bad)
	m.Platforms = append(m.Platforms, model.Column{Platform: model.Platform{ID: "con"}})
	m.Cells["v4.a.b"]["linux-1-vm-amd64"] = &model.Cell{Verdict: `"><script>`}
	_, err := Build(m, nil, Options{})
	for _, want := range []string{"../a", "con", "script"} {
		g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring(want)))
	}
}

// TestLongNames keeps a report from filling the head of the table, which is always in view.
func TestLongNames(t *testing.T) {
	g := gomega.NewWithT(t)
	m, _ := sample(nil)
	m.Platforms[0].Title, m.Platforms[0].Family = strings.Repeat("é", 999), strings.Repeat("x", 999)
	b := newBuilder(m, nil, Options{})
	g.Expect([]rune(b.shown.Platforms[0].Title)).To(gomega.HaveLen(maxTitle))
	g.Expect(len(b.systems[0].Name)).To(gomega.BeNumerically("<", 40))
	g.Expect(b.systems[0].Family).To(gomega.HaveLen(999), "it is still the word of the report")
	g.Expect([]rune(b.matrix.Platforms[0].Title)).To(gomega.HaveLen(999))
}

// TestLegendHasEveryVerdict keeps a new verdict from having no colour and no words.
func TestLegendHasEveryVerdict(t *testing.T) {
	g := gomega.NewWithT(t)
	classes := map[string]bool{}
	for _, v := range render.Verdicts() {
		classes[class(v)] = true
	}
	g.Expect(classes).To(gomega.HaveLen(len(claim.Verdicts()) + 1))
	root := document(t, "index.html", built(t, nil)["index.html"])
	g.Expect(len(find(find(root, "ul", "class", "legend")[0], "li", "", ""))).To(gomega.Equal(len(classes)))
}

// TestFolded tells what was seen before what could not run.
func TestFolded(t *testing.T) {
	g := gomega.NewWithT(t)
	m, _ := sample(nil)
	m.Platforms, m.Cells["v4.a.b"] = nil, map[string]*model.Cell{}
	cells := []model.Cell{{Verdict: claim.NotRun, Detail: "EPERM"}, {Verdict: claim.NotRun, Detail: "EPERM"}, {Verdict: claim.Deviates, Behaviour: "leaves"}}
	for i, id := range []string{"linux-1", "linux-2", "linux-3"} {
		m.Platforms = append(m.Platforms, model.Column{Platform: model.Platform{ID: id, Title: id, Family: "linux"}})
		m.Cells["v4.a.b"][id] = &cells[i]
	}
	b := newBuilder(m, nil, Options{})
	cell := b.folded(m.Claims[0], b.systems[0])
	g.Expect(cell.Class).To(gomega.Equal("d"))
	g.Expect(cell.Answers).To(gomega.Equal([]tally{{claim.Deviates, "leaves", 1}, {claim.NotRun, "not run", 2}}))

	m.Cells["v4.a.b"]["linux-1"] = &model.Cell{Verdict: claim.Conforms, Behaviour: "stays"}
	cell = newBuilder(m, nil, Options{}).folded(m.Claims[0], b.systems[0])
	g.Expect(cell.Class).To(gomega.Equal("x"), "two that differ have no colour in common")
}
