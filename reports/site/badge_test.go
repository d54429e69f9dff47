package site

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// wellFormed reads a badge as XML and gives its texts by element.
func wellFormed(t *testing.T, name string, text []byte) map[string][]string {
	t.Helper()
	texts := map[string][]string{}
	var open []string
	for d := xml.NewDecoder(bytes.NewReader(text)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts
		}
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, text)
		}
		switch token := token.(type) {
		case xml.StartElement:
			open = append(open, token.Name.Local)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if s := strings.TrimSpace(string(token)); s != "" {
				in := open[len(open)-1]
				texts[in] = append(texts[in], s)
			}
		}
	}
}

func TestBadges(t *testing.T) {
	files := built(t, measured(t))
	badges := 0
	for name, text := range files {
		if path.Ext(name) != ".svg" {
			continue
		}
		badges++
		texts := wellFormed(t, name, text)
		if len(texts["title"]) != 1 || len(texts["text"]) != 2 {
			t.Error(name, texts)
		}
		if bytes.Contains(text, []byte("http")) && bytes.Count(text, []byte("http")) != bytes.Count(text, []byte(`xmlns="http://www.w3.org/2000/svg"`)) {
			t.Error(name, "asks for something elsewhere")
		}
	}
	if want := len(beside(nil).Claims) + len(measured(t)); badges != want {
		t.Errorf("%d badges, want %d", badges, want)
	}
}

func TestWhatABadgeSays(t *testing.T) {
	g := gomega.NewWithT(t)
	m := model.Matrix{Platforms: []model.Column{{Platform: model.Platform{ID: "a-1", Title: "A <1>"}}, {Platform: model.Platform{ID: "b-1", Title: "B"}}}}
	must, may := claim.Claim{ID: "x.must", Level: claim.Must}, claim.Claim{ID: "x.may", Level: claim.May}
	m.Claims = []claim.Claim{must, may}
	says := func(want badge) func(badge) {
		return func(is badge) { t.Helper(); g.Expect(is).To(gomega.Equal(want)) }
	}
	says(badge{"x.must", "unknown", silent})(claimBadge(m, must))
	says(badge{"loopback on B", "unknown", silent})(platformBadge(m, m.Platforms[1]))
	m.Cells = map[string]map[string]*model.Cell{
		"x.must": {"a-1": {Verdict: claim.Conforms, Behaviour: "yes"}},
		"x.may":  {"a-1": {Verdict: claim.Observed, Behaviour: "odd"}, "b-1": {Verdict: claim.NotRun}},
	}
	says(badge{"x.must", "conforms: 1 of 1 platforms", good})(claimBadge(m, must))
	says(badge{"x.may", "odd on 1 platform", neutral})(claimBadge(m, may))
	m.Cells["x.must"]["b-1"] = &model.Cell{Verdict: claim.Deviates, Behaviour: "no"}
	m.Cells["x.may"]["b-1"] = &model.Cell{Verdict: claim.Observed, Behaviour: "even"}
	says(badge{"x.must", "conforms: 1 of 2 platforms", bad})(claimBadge(m, must))
	says(badge{"x.may", "2 behaviours on 2 platforms", neutral})(claimBadge(m, may))
	says(badge{"loopback on A <1>", "conforms: 1 of 1 claims", good})(platformBadge(m, m.Platforms[0]))
	says(badge{"loopback on B", "conforms: 0 of 1 claims", bad})(platformBadge(m, m.Platforms[1]))

	b := &builder{}
	g.Expect(b.badge("x.svg", badge{`<a href="x">&` + strings.Repeat("ü", 100), "]]>", good})).To(gomega.Succeed())
	texts := wellFormed(t, "x.svg", b.files[0].Bytes)
	g.Expect(texts["title"]).To(gomega.Equal([]string{`<a href="x">&` + strings.Repeat("ü", 100) + ": ]]>"}))
	g.Expect(texts["text"]).To(gomega.Equal([]string{`<a href="x">&` + strings.Repeat("ü", 46) + "…", "]]>"}))
}
