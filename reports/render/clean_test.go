package render

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

func TestCleanText(t *testing.T) {
	for in, want := range map[string]string{
		"plain text, naïve ✓ 日本":             "plain text, naïve ✓ 日本",
		"two\r\nlines\tand\v\fmore\u2028end": "two lines and more end",
		"\x1b[31mred\x1b[0m":                 "red",
		"\x1b[2J\x1b[1;1Hgone":               "gone",
		"\x1b]0;title\aafter":                "after",
		"\x1b]8;;https://x\x1b\\link":        "link",
		"\x1bP1$r\x1b\\after":                "after",
		"\x1b]never ends":                    "",
		"\x1b[31":                            "",
		"\x1bcreset":                         "reset",
		"end\x1b":                            "end",
		"\u009b31m8-bit":                     "8-bit",
		"\u009dtitle\u009cafter":             "after",
		"a\x00b\x07c\x08d\x7fe\u0085f":       "abcde f",
		"\u202eevil\u2066\u2069\u200f":       "evil",
		"zero\u200bwidth\ufeff\u00ad":        "zerowidth",
		"tag\U000e0041\U000e007f":            "tag",
		"private\ue000":                      "private",
		"broken\xff\xfeutf8":                 "brokenutf8",
		"  many   blanks\u00a0 ":             "many blanks",
		strings.Repeat("x", 2000):            strings.Repeat("x", maxText-1) + "…",
	} {
		gomega.NewWithT(t).Expect(cleanText(in)).To(gomega.Equal(want), "%q", in)
	}
}

// evil is a text with everything that must not come through, in every format.
const evil = "\x1b[31m\u202e\x07=cmd|'/C calc'!A0\r\n</td><script>alert(1)</script> |`*_[x](javascript:1) # TODO \\ ]]> @team https://evil.example www.evil.example\x00"

// fill sets every string that can be reached from a value.
func fill(v reflect.Value, s string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(s)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), s)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), s)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), s)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, s)
		fill(value, s)
		v.SetMapIndex(key, value)
	}
}

// harmful says whether a text still holds something that acts on a terminal. Lines may end.
func harmful(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return r != '\n' && r != '\r' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r))
	})
}

// TestCleanReachesEveryText fails when somebody adds a field that Clean forgets. Cells are found by
// their ids, so the keys stay as they are; the model refuses ids that are not clean.
func TestCleanReachesEveryText(t *testing.T) {
	g := gomega.NewWithT(t)
	var m model.Matrix
	fill(reflect.ValueOf(&m).Elem(), evil)
	before := m.Platforms[0].State.Lo.Name
	c := Clean(m)
	g.Expect(m.Platforms[0].State.Lo.Name).To(gomega.Equal(before), "the matrix that was given stays as it is")
	c.Cells = map[string]map[string]*model.Cell{"id": {"id": c.Cells[evil][evil]}}
	b, err := json.Marshal(c)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(string(b)).NotTo(gomega.MatchRegexp(`\\u00[01]|\\r|\\n|\\t`))
	g.Expect(harmful(string(b))).To(gomega.BeFalse())
	g.Expect(strings.Count(string(b), "calc")).To(gomega.BeNumerically(">", 40), "texts are cleaned, not dropped")
}

// hostile is a matrix and a report whose every text is evil; only ids and words that the model
// checks are left alone.
func hostile() (model.Matrix, model.Report) {
	m, r := sample(0, 5), sampleReport()
	for i := range m.Platforms {
		id := m.Platforms[i].ID
		fill(reflect.ValueOf(&m.Platforms[i].Platform).Elem(), evil)
		m.Platforms[i].ID, m.Platforms[i].Kit.Version = id, evil
	}
	for _, row := range m.Cells {
		for id, c := range row {
			c.Behaviour, c.Detail, c.Unstable = evil, evil, evil
			row[id] = c
		}
	}
	for i := range m.Claims {
		m.Claims[i].Question, m.Claims[i].Sentence = evil, evil
		fill(reflect.ValueOf(&m.Claims[i].Source).Elem(), evil)
	}
	r.Kit.Version, r.Platform.Title = evil, evil
	for i := range r.Results {
		r.Results[i].Reason = evil
		if r.Results[i].Behaviour != "" {
			r.Results[i].Behaviour = evil
		}
	}
	return m, r
}

func TestNothingEvilComesThrough(t *testing.T) {
	g := gomega.NewWithT(t)
	m, r := hostile()
	sheet, err := csvOf(m)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	data, err := jsonOf(m)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	for name, b := range map[string][]byte{"text": textOf(m, Terminal{Width: 80}), "markdown": markdownOf(m), "csv": sheet, "json": data,
		"junit": JUnit(r, sampleEntries()), "tap": TAP(r, sampleEntries())} {
		g.Expect(harmful(string(b))).To(gomega.BeFalse(), name)
	}
	md := regexp.MustCompile(`\\[^ ]`).ReplaceAllString(string(markdownOf(m)), "") // what is escaped is harmless
	for _, active := range []string{"<script", "</td", "](javascript", "https://evil", "www.evil", "@team", "`", "# TODO"} {
		g.Expect(md).NotTo(gomega.ContainSubstring(active))
	}
	for line := range strings.Lines(md) { // no cell ends its row early
		if strings.HasPrefix(line, "| v4.") {
			g.Expect(strings.Count(line, "|")).To(gomega.Equal(4), line)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(string(sheet))).ReadAll()
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(rows).To(gomega.HaveLen(1 + 2*len(m.Claims)))
	for _, row := range rows {
		for _, cell := range row {
			g.Expect(cell).NotTo(gomega.HavePrefix("="))
		}
	}
}

func TestJUnitIsXML(t *testing.T) {
	g := gomega.NewWithT(t)
	_, r := hostile()
	d := xml.NewDecoder(strings.NewReader(string(JUnit(r, sampleEntries()))))
	cases := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		g.Expect(err).NotTo(gomega.HaveOccurred())
		if start, is := token.(xml.StartElement); is && start.Name.Local == "testcase" {
			cases++
		}
	}
	g.Expect(cases).To(gomega.Equal(len(r.Results)))
}

func TestTAPHasOneDirective(t *testing.T) {
	g := gomega.NewWithT(t)
	_, r := hostile()
	for line := range strings.Lines(string(TAP(r, sampleEntries()))) {
		if strings.HasPrefix(line, "ok") || strings.HasPrefix(line, "not ok") {
			g.Expect(strings.Count(strings.ReplaceAll(line, `\#`, ""), "#")).To(gomega.BeNumerically("<=", 1), line)
		}
	}
}

func TestFormulas(t *testing.T) {
	g := gomega.NewWithT(t)
	for in, want := range map[string]string{"": "", "EINVAL": "EINVAL", "=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM": "'@SUM", "＝1": "'＝1", "a=b": "a=b"} {
		g.Expect(harmless(in)).To(gomega.Equal(want))
	}
}

func TestResultsOutsideTheCatalogueAreLeftOut(t *testing.T) {
	g := gomega.NewWithT(t)
	r := sampleReport()
	r.Results = append(r.Results, model.Result{Claim: "gone", Finding: claim.Finding{Verdict: claim.Deviates}})
	g.Expect(string(TAP(r, sampleEntries()))).NotTo(gomega.ContainSubstring("gone"))
	g.Expect(string(TAP(r, []claim.Entry{}))).To(gomega.HavePrefix("TAP version 14\n1..0\n"))
}
