package site

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// harmless stands where the twin of a hostile report has a text. Every hostile one begins like it,
// so that none is empty.
const harmless = "harmless"

// hostile are texts that mean something to a browser, a terminal, a spreadsheet, a Markdown
// renderer, or a reader of test results.
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

// formulas are texts that a spreadsheet computes. They are apart, since they begin with what makes
// them that.
func formulas() []string {
	return []string{`=cmd|' /C calc'!A0`, `+1+1`, `-1+1`, `@SUM(1)`, "\t=1", "\r=1", ` =1`, "\u202e=1", `＝1`}
}

// TestHostileReports puts each hostile text at every place of a report where the report is still
// valid, and compares every form of it with that of its harmless twin: nothing changes but the text
// of cells.
func TestHostileReports(t *testing.T) {
	if testing.Short() {
		t.Skip("it is the same on every system, and minutes under Wine")
	}
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
