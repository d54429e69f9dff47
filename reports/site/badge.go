package site

import (
	"bytes"
	"fmt"
	"html/template"
	"sync"
	"unicode/utf8"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// badges adds a badge for every claim and every platform.
func (b *builder) badges() error {
	for _, c := range b.matrix.Claims {
		if err := b.badge("badges/claims/"+c.ID+".svg", claimBadge(b.matrix, c)); err != nil {
			return err
		}
	}
	for _, p := range b.matrix.Platforms {
		if err := b.badge("badges/platforms/"+p.ID+".svg", platformBadge(b.matrix, p)); err != nil {
			return err
		}
	}
	return nil
}

// badge is two words side by side: what it is about, and what was found.
type badge struct {
	Label, Value string
	Fill         string
}

// The colours say no more than the words. White text on them has a contrast of at least 4.5 to 1
// (WCAG 2.2, 1.4.3).
const (
	good    = "#1b7032"
	bad     = "#b3261e"
	neutral = "#1f5fa8"
	silent  = "#5a5f66"
)

// claimBadge says on how many platforms a claim holds; of one with nothing to conform to, what they
// show.
func claimBadge(m model.Matrix, c claim.Claim) badge {
	counts, shown := map[claim.Verdict]int{}, map[string]bool{}
	for _, p := range m.Platforms {
		cell := render.At(m, c.ID, p.ID)
		counts[cell.Verdict]++
		if cell.Behaviour != "" {
			shown[cell.Behaviour] = true
		}
	}
	out := badge{Label: c.ID}
	switch seen := counts[claim.Observed]; {
	case len(shown) == 0:
		out.Value, out.Fill = "unknown", silent
	case c.Level.Judged():
		out.judge(counts, "platforms")
	case len(shown) == 1:
		for word := range shown {
			out.Value, out.Fill = fmt.Sprintf("%s on %s", word, number(seen, "platform")), neutral
		}
	default:
		out.Value, out.Fill = fmt.Sprintf("%s on %s", number(len(shown), "behaviour"), number(seen, "platform")), neutral
	}
	return out
}

// platformBadge says how many of the claims with something to conform to a platform conforms to.
func platformBadge(m model.Matrix, p model.Column) badge {
	counts := map[claim.Verdict]int{}
	for _, c := range m.Claims {
		counts[render.At(m, c.ID, p.ID).Verdict]++
	}
	out := badge{Label: "loopback on " + p.Title}
	if counts[claim.Conforms]+counts[claim.Deviates] == 0 {
		out.Value, out.Fill = "unknown", silent
		return out
	}
	out.judge(counts, "claims")
	return out
}

// judge counts what conforms of what could be judged.
func (b *badge) judge(counts map[claim.Verdict]int, of string) {
	judged := counts[claim.Conforms] + counts[claim.Deviates]
	b.Value, b.Fill = fmt.Sprintf("conforms: %d of %d %s", counts[claim.Conforms], judged, of), good
	if counts[claim.Deviates] > 0 {
		b.Fill = bad
	}
}

func number(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}

// longestPart is how many characters of a part a badge shows. All of it stands in the title.
const longestPart = 60

// The sizes of a badge, in the pixels of SVG: what READMEs place beside each other is 20 high.
const (
	badgeHeight = 20
	padding     = 6
	baseline    = 14
)

// svg is parsed by whoever makes the first badge, as templates are.
var svg = sync.OnceValue(func() *template.Template { return template.Must(template.New("badge").Parse(badgeFile)) })

// badgeFile is a badge as a file. It asks for no font that is not there: each text is told how long
// to be, so that it fits whichever one it gets. The title is what a screen reader says.
const badgeFile = `<svg xmlns="http://www.w3.org/2000/svg" width="{{.Width}}" height="{{.Height}}" role="img" aria-labelledby="title">
<title id="title">{{.Title}}</title>
<rect width="{{.Width}}" height="{{.Height}}" rx="3" fill="#3d4248"/>
<path d="M{{.Middle}} 0h{{.Straight}}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-{{.Straight}}z" fill="{{.Fill}}"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" aria-hidden="true">
{{- range .Texts}}
<text x="{{.X}}" y="{{.Y}}" textLength="{{.Length}}" lengthAdjust="spacingAndGlyphs">{{.Text}}</text>
{{- end}}
</g>
</svg>
`

// part is a text in its place.
type part struct {
	X, Y, Length int
	Text         string
}

func (b *builder) badge(path string, of badge) error {
	label, value := cut(of.Label), cut(of.Value)
	middle := width(label) + 2*padding
	right := width(value) + 2*padding
	var out bytes.Buffer
	err := svg().Execute(&out, map[string]any{
		"Title": of.Label + ": " + of.Value, "Fill": of.Fill,
		"Width": middle + right, "Height": badgeHeight, "Middle": middle, "Straight": right - 3,
		"Texts": []part{{padding, baseline, width(label), label}, {middle + padding, baseline, width(value), value}},
	})
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	b.add(path, out.Bytes())
	return nil
}

func cut(s string) string {
	if utf8.RuneCountInString(s) <= longestPart {
		return s
	}
	return string([]rune(s)[:longestPart-1]) + "…"
}

// width is about how wide a text is at a size of 11 pixels, in tenths of a pixel rounded up to
// pixels. The classes are those of proportional faces without serifs; what is wider than Latin
// letters counts as a full square.
func width(s string) int {
	tenths := 0
	for _, r := range s {
		switch {
		case r > 0x2e7f:
			tenths += 110
		case r == 'm' || r == 'w' || r == 'M' || r == 'W' || r == '%' || r == '…':
			tenths += 100
		case r >= 'A' && r <= 'Z' || r > '~':
			tenths += 78
		case r == 'f' || r == 'i' || r == 'j' || r == 'l' || r == 'r' || r == 't' || r == ' ' || r == '.' || r == ',' || r == ':' || r == '-' || r == '(' || r == ')':
			tenths += 42
		default:
			tenths += 68
		}
	}
	return (tenths + 9) / 10
}
