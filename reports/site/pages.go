package site

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"strings"
	"time"

	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/observe"
)

//go:embed templates assets
var embedded embed.FS

// templates are parsed once, when the program starts, and never changed.
var templates = template.Must(template.New("").Funcs(functions()).ParseFS(embedded, "templates/*.html"))

// page is what every page has.
type page struct {
	// Root leads from the page to the index: "" or "../".
	Root string
	// Title is that of the window, without the name of the project.
	Title string
	// About is a sentence for search engines and for those who are shown a link to the page.
	About string
	// Data and Badge are the addresses of the page's JSON and badge; empty if it has none.
	Data, Badge string
}

func functions() template.FuncMap {
	return template.FuncMap{
		"class": class, "mark": render.Mark, "legend": render.Legend, "says": render.Says, "cite": render.Cite, "reply": render.ReplyTo,
		"familyTitle": render.FamilyTitle, "word": word, "verdicts": render.Verdicts,
		"day":     func(t time.Time) string { return t.UTC().Format("2006-01-02") },
		"stamp":   func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"list":    func(s []string) string { return strings.Join(s, ", ") },
		"targets": targets, "many": many, "probe": probe, "back": back, "yes": yes, "both": both, "privilege": privilege, "thousands": thousands,
		"inRow": func(claim string, c cell) inRow { return inRow{claim, c} },
		"judged": func(conforms bool) observe.Verdict {
			return map[bool]observe.Verdict{true: observe.Conforms, false: observe.Deviates}[conforms]
		},
		"https": func(s string) bool { return strings.HasPrefix(s, "https://") },
	}
}

// class is the letter by which the style sheet knows a verdict; there are thousands of cells.
func class(v observe.Verdict) string {
	switch v {
	case observe.Conforms:
		return "c"
	case observe.Deviates:
		return "d"
	case observe.Observed:
		return "o"
	case observe.NotRun:
		return "n"
	case observe.Inconclusive:
		return "i"
	default:
		return "u"
	}
}

// word is a verdict as a word for people.
func word(v observe.Verdict) string {
	if v == observe.NotRun {
		return "not run"
	}
	return string(v)
}

// page adds a page made from the template of a name.
func (b *builder) page(path, name string, data any) error {
	var out bytes.Buffer
	if err := templates.ExecuteTemplate(&out, name, data); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	b.add(path, out.Bytes())
	return nil
}

// assets adds the style sheet and the script.
func (b *builder) assets() error {
	for _, name := range []string{"site.css", "site.js"} {
		bytes, err := embedded.ReadFile("assets/" + name)
		if err != nil {
			return err
		}
		b.add(name, bytes)
	}
	return nil
}
