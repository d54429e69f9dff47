package site

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/observe"
)

// harmless stands where the twin of a hostile report has a text. Every hostile one begins like it, so that none is empty.
const harmless = "harmless"

// hostile are texts that mean something to a browser, a terminal, a spreadsheet, a Markdown renderer, or a reader of test
// results.
func hostile() map[string]string {
	return map[string]string{
		"markup":           `harmless"><img src=x onerror=alert(1)><b>`,
		"script":           `harmless</title></code></pre></script><script>alert(1)</script>`,
		"comment":          `harmless<!-- --!><!DOCTYPE x><![CDATA[`,
		"end of CDATA":     `harmless]]>&x;&#60;b>`,
		"quotes":           "harmless'\"`' onmouseover='alert(1)",
		"template":         `harmless{{.}}${x}<%= x %>`,
		"address":          `harmless javascript:alert(1) https://evil.example www.evil.example`,
		"right to left":    "harmless \u202e\u2066gnp\u2069 \u200f\u061c\ufeff\u200b",
		"escape sequences": "harmless\x1b[2J\x1b]0;title\x07\x1b]8;;https://evil.example\x1b\\link\u009b31m\x08\x7f",
		"lines":            "harmless\r\n\n# heading\r- list\u2028\u2029\v\f\x85 | x | y |\n1..5\nnot ok 9",
		"Markdown":         "harmless | a | b | [link](https://evil.example) ![x](x) **b** _i_ `c` ~~s~~ <details> \\| @someone #1 $x$ [^1]",
		"fence":            "harmless\n```\n~~~\n---\n<!-- end -->",
		"TAP":              "harmless # SKIP not # TODO\nBail out!\n1..0",
		"no UTF-8":         "harmless\xff\xfe\xc0\xaf",
		"combining":        "harmless" + strings.Repeat("\u0300\u0489", 500),
		"1 MB":             "harmless " + strings.Repeat("long ", 200_000),
		"1 MB in a word":   "harmless" + strings.Repeat("x", 1_000_000),
		"emptied":          "harmless\x00\x01",
	}
}

// formulas are texts that a spreadsheet computes. They are apart, since they begin with what makes them that.
func formulas() []string {
	return []string{`=cmd|' /C calc'!A0`, `+1+1`, `-1+1`, `@SUM(1)`, "\t=1", "\r=1", ` =1`, "\u202e=1", `＝1`}
}

// small is a report with a result of each verdict, with everything that a report can have.
func small(tb testing.TB) model.Report {
	tb.Helper()
	r := measured(tb)[3]
	var results []model.Result
	for _, v := range observe.Verdicts() {
		i := slices.IndexFunc(r.Results, func(r model.Result) bool { return r.Verdict == v })
		if i < 0 {
			continue
		}
		result := r.Results[i]
		if len(result.Observations) > 2 {
			result.Observations = result.Observations[:2]
		}
		result.Evidence = []model.Evidence{{Kind: "pcap", Name: "x.pcapng", Note: harmless, SHA256: strings.Repeat("0", 64)}}
		results = append(results, result)
	}
	r.Results, r.Digest = results, nil
	r.Run.How, r.Run.Target = harmless, "kernel"
	r.Platform.State.Unknown = []string{harmless}
	r.Sweeps = nil
	r.Capacity = listening()
	return r
}

// place is where a text stands in a report: the way there.
type place struct {
	name string
	set  func(r *model.Report, text string)
}

// places lists every text of a report by reflection, so that no field that comes later is forgotten. Of a list, each
// element counts; of a map, its keys do as well.
func places(r model.Report) (out []place) {
	var walk func(name string, v reflect.Value, from func(*model.Report) reflect.Value)
	walk = func(name string, v reflect.Value, from func(*model.Report) reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			out = append(out, place{name, func(r *model.Report, text string) { from(r).SetString(text) }})
		case reflect.Struct:
			for i := range v.NumField() {
				if f := v.Type().Field(i); f.IsExported() && f.Tag.Get("json") != "-" {
					walk(name+"."+f.Name, v.Field(i), func(r *model.Report) reflect.Value { return from(r).Field(i) })
				}
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(fmt.Sprintf("%s[%d]", name, i), v.Index(i), func(r *model.Report) reflect.Value { return from(r).Index(i) })
			}
		case reflect.Pointer:
			if !v.IsNil() {
				walk(name, v.Elem(), func(r *model.Report) reflect.Value { return from(r).Elem() })
			}
		case reflect.Map:
			set := func(key, value func(text string) string) func(*model.Report, string) {
				return func(r *model.Report, text string) {
					from(r).Set(reflect.MakeMap(v.Type()))
					from(r).SetMapIndex(reflect.ValueOf(key(text)), reflect.ValueOf(value(text)))
				}
			}
			same, plain := func(text string) string { return text }, func(string) string { return harmless }
			out = append(out, place{name + " key and value", set(same, same)}, place{name + " value", set(plain, same)})
		}
	}
	walk("", reflect.ValueOf(r), func(r *model.Report) reflect.Value { return reflect.ValueOf(r).Elem() })
	return out
}

// base is the file of a report that texts are put into.
type base []byte

func newBase(tb testing.TB) base {
	tb.Helper()
	file, err := model.Encode(small(tb))
	if err != nil {
		tb.Fatal(err)
	}
	return file
}

// with is a report with a text at some places, as it would be read from a file; the error says why it is refused.
func (b base) with(tb testing.TB, text string, at ...place) (model.Report, error) {
	tb.Helper()
	r, err := model.Decode(bytes.NewReader(b), "base.json", claim.Catalogue())
	if err != nil {
		tb.Fatal(err)
	}
	for _, p := range at {
		p.set(&r, text)
	}
	file, err := model.Encode(r)
	if err != nil {
		tb.Fatal(err)
	}
	return model.Decode(bytes.NewReader(file), "hostile.json", claim.Catalogue())
}

// takers are the places where a text leaves the report valid.
func (b base) takers(tb testing.TB, text string) (out []place) {
	tb.Helper()
	r, err := model.Decode(bytes.NewReader(b), "base.json", claim.Catalogue())
	if err != nil {
		tb.Fatal(err)
	}
	for _, p := range places(r) {
		if _, err := b.with(tb, text, p); err == nil {
			out = append(out, p)
		}
	}
	return out
}

// rendered is a report in every form, by the name of the file.
func rendered(tb testing.TB, r model.Report) map[string][]byte {
	tb.Helper()
	m := beside([]model.Report{r})
	m.Claims = slices.DeleteFunc(m.Claims, func(c claim.Claim) bool { return len(m.Cells[c.ID]) == 0 })
	m.Wanted = nil
	files, err := Build(m, []model.Report{r}, Options{})
	if err != nil {
		tb.Fatal(err)
	}
	out := map[string][]byte{"matrix.md": render.Markdown(m), "details.md": render.Details(m), "headlines.md": render.HeadlineTable(m),
		"plain.txt": render.Text(m, render.Terminal{}), "colour.txt": render.Text(m, render.Terminal{Colour: true}),
		"junit.xml": render.JUnit(r, claim.Catalogue()), "report.tap": render.TAP(r, claim.Catalogue())}
	table, err := render.CSV(m)
	if err != nil {
		tb.Fatal(err)
	}
	out["matrix.csv"] = table
	for _, f := range files {
		out[f.Path] = f.Bytes
	}
	return out
}

// structure is what of a file must not depend on a text in it.
func structure(tb testing.TB, name string, text []byte) (out []string) {
	tb.Helper()
	switch path.Ext(name) {
	case ".html":
		return tokens(tb, name, text)
	case ".svg", ".xml":
		return elements(tb, name, text)
	case ".md":
		return skeleton(string(text))
	case ".csv":
		records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil {
			tb.Error(name, err)
		}
		for _, r := range records {
			out = append(out, fmt.Sprint(len(r)))
		}
	case ".tap":
		for line := range strings.Lines(string(text)) {
			word, _, _ := strings.Cut(strings.TrimRight(line, "\n"), "harmless")
			out = append(out, word)
		}
	case ".json":
		var v any
		if err := json.Unmarshal(text, &v); err != nil {
			tb.Error(name, err)
		}
		out = append(out, fmt.Sprint(shape(v)))
	}
	return out
}

// tokens are the elements of a page with their attributes; what the text attributes say is left out.
func tokens(tb testing.TB, name string, text []byte) (out []string) {
	tb.Helper()
	for z := html.NewTokenizer(bytes.NewReader(text)); ; {
		switch z.Next() {
		case html.ErrorToken:
			if !errors.Is(z.Err(), io.EOF) {
				tb.Error(name, z.Err())
			}
			return out
		case html.TextToken:
		default:
			t := z.Token()
			for i := range t.Attr {
				if slices.Contains([]string{"content", "title", "alt", "aria-label"}, t.Attr[i].Key) {
					t.Attr[i].Val = ""
				}
			}
			out = append(out, t.String())
		}
	}
}

func elements(tb testing.TB, name string, text []byte) (out []string) {
	tb.Helper()
	for d := xml.NewDecoder(bytes.NewReader(text)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			tb.Error(name, err)
			return out
		}
		switch e := token.(type) {
		case xml.StartElement:
			out = append(out, e.Name.Local)
		case xml.EndElement:
			out = append(out, "/"+e.Name.Local)
		}
	}
}

// literal is what Markdown takes for nothing but text: an escaped sign, or a reference to a character.
var literal = regexp.MustCompile(`\\[!-/:-@\[-` + "`" + `{-~]|&#?[a-z0-9]+;`)

// skeleton is the signs of each line of Markdown that can have a meaning, the beginnings of lines, and what GitHub makes
// links of by itself.
func skeleton(text string) (out []string) {
	for line := range strings.Lines(text) {
		line = literal.ReplaceAllString(line, "")
		signs := strings.Map(func(r rune) rune {
			if strings.ContainsRune("|*_`[]<>#~!$@", r) {
				return r
			}
			return -1
		}, line)
		start, _, _ := strings.Cut(line, "harmless")
		out = append(out, fmt.Sprintf("%s %.3s %d", signs, start, strings.Count(line, "://")+strings.Count(line, "www.")))
	}
	return out
}

// shape is a JSON value with every text left out but the names of fields.
func shape(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			if strings.HasPrefix(k, harmless) {
				k = harmless
			}
			out[k] = shape(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = shape(v[i])
		}
		return out
	case string:
		return ""
	default:
		return v
	}
}

// acts says what in a file could act on whoever looks at it: a control character or a mark that turns the direction.
func acts(name string, text []byte) string {
	s := string(text)
	if name == "colour.txt" {
		s = regexp.MustCompile(`\x1b\[[0-9;]*m`).ReplaceAllString(s, "") // our own: colours and no more
	}
	for i, r := range s {
		switch {
		case r == '\n', r == '\r' && path.Ext(name) == ".csv":
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == '\u2028', r == '\u2029', r == unicode.ReplacementChar:
			return fmt.Sprintf("%q at %q", r, s[max(0, i-40):min(len(s), i+40)])
		}
	}
	return ""
}

// TestHostileReports puts each hostile text at every place of a report where the report is still valid, and compares every
// form of it with that of its harmless twin: nothing changes but the text of cells.
func TestHostileReports(t *testing.T) {
	b := newBase(t)
	all := len(places(small(t)))
	if all < 60 {
		t.Fatalf("only %d texts were found in a report", all)
	}
	for name, text := range hostile() {
		t.Run(name, func(t *testing.T) {
			taken := b.takers(t, text)
			t.Logf("%d places take it, %d refuse it", len(taken), all-len(taken))
			if len(taken) == 0 || len(taken) == all {
				t.Error("a name takes it, or an id doesn't refuse it: it is the wrong test")
			}
			most := model.MaxBytes / 2 / len(text) // else the file is refused as a whole
			for some := range slices.Chunk(taken, min(most, len(taken))) {
				b.compare(t, text, some)
			}
		})
	}
}

func (b base) compare(t *testing.T, text string, at []place) {
	t.Helper()
	bad, err := b.with(t, text, at...)
	if err != nil {
		t.Fatal(err)
	}
	twin, err := b.with(t, harmless, at...)
	if err != nil {
		t.Fatal(err)
	}
	is, want := rendered(t, bad), rendered(t, twin)
	for name, b := range want {
		if found := acts(name, is[name]); found != "" {
			t.Errorf("%s: %s", name, found)
		}
		if len(is[name]) > len(b)+10_000*len(at) { // a text is cut at a thousand characters, and may stand there twice
			t.Errorf("%s has %d bytes, its twin %d", name, len(is[name]), len(b))
		}
		x, y := structure(t, name, is[name]), structure(t, name, b)
		if !slices.Equal(x, y) {
			i := 0
			for i < len(x) && i < len(y) && x[i] == y[i] {
				i++
			}
			t.Errorf("%s has another structure than its twin, from item %d of %d and %d on: %.300q is %.300q", name, i, len(x), len(y), x[i:min(i+1, len(x))], y[i:min(i+1, len(y))])
		}
	}
	if len(is) != len(want) {
		t.Errorf("it has %d files, its twin %d", len(is), len(want))
	}
}

// TestFormulas wants no cell of the CSV to be computed.
func TestFormulas(t *testing.T) {
	b := newBase(t)
	for _, text := range formulas() {
		taken := b.takers(t, text)
		bad, err := b.with(t, text, taken...)
		if err != nil || len(taken) == 0 {
			t.Fatal(len(taken), err)
		}
		records, err := csv.NewReader(bytes.NewReader(rendered(t, bad)["matrix.csv"])).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		quoted := 0
		for _, r := range records {
			for _, cell := range r {
				if strings.HasPrefix(cell, "'") {
					quoted++
				}
				if cell != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(cell)[0]) {
					t.Errorf("%q gives the cell %q", text, cell)
				}
			}
		}
		if quoted == 0 {
			t.Errorf("%q reached no cell", text)
		}
	}
}
