package site

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"strings"
	"sync"
	"time"

	"github.com/loopmatrix/loopmatrix/reports/hilbert"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

//go:embed templates assets
var embedded embed.FS

// templates are parsed once, by whoever writes the first page: the kit starts itself a hundred
// times in a run, and to parse them would be a sixth of each start.
var templates = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(functions()).ParseFS(embedded, "templates/*.html"))
})

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

// answered is an answer and the page that its evidence stands on; empty if it is the same page.
type answered struct {
	render.Answer
	Page string
}

func functions() template.FuncMap {
	return template.FuncMap{
		"answered":    func(a render.Answer, page string) answered { return answered{a, page} },
		"answers":     answers,
		"back":        back,
		"both":        both,
		"cite":        render.Cite,
		"class":       class,
		"known":       render.Alike,
		"proof":       render.Proof,
		"systemName":  func(family string) string { return render.SystemOf(family).Name },
		"versions":    render.Versions,
		"day":         func(t time.Time) string { return t.UTC().Format(time.DateOnly) },
		"explain":     explain,
		"familyTitle": render.FamilyTitle,
		"https":       func(s string) bool { return strings.HasPrefix(s, "https://") },
		"inRow":       func(claim string, c cell) inRow { return inRow{claim, c} },
		"judged":      judged,
		"key":         hilbert.Key,
		"list":        func(s []string) string { return strings.Join(s, ", ") },
		"many":        many,
		"mark":        render.Mark,
		"privilege":   privilege,
		"probe":       probe,
		"rests":       rests,
		"says":        render.Says,
		"short":       func(commit string) string { return commit[:min(len(commit), 12)] },
		"sweep":       render.SweepWords,
		"listeners":   render.CapacityWords,
		"stamp":       func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"targets":     targets,
		"verdicts":    render.Verdicts,
		"word":        word,
		"yes":         yes,
	}
}

// rests says what a claim rests on that no sentence stands behind.
func rests(c claim.Claim) string {
	if len(c.Source.References) == 0 || c.Level == claim.Folk {
		return "folklore"
	}
	return "other documents:"
}

// class is the letter by which the style sheet knows a verdict; there are thousands of cells.
func class(v claim.Verdict) string {
	switch v {
	case claim.Conforms:
		return "c"
	case claim.Deviates:
		return "d"
	case claim.Observed:
		return "o"
	case claim.NotRun:
		return "n"
	case claim.Inconclusive:
		return "i"
	case claim.Withdrawn:
		return "w"
	default:
		return "u"
	}
}

// answers says whether a verdict comes with a behaviour.
func answers(v claim.Verdict) bool {
	return v == claim.Conforms || v == claim.Deviates || v == claim.Observed
}

// judged is the verdict on a behaviour of a claim that is judged.
func judged(conforms bool) claim.Verdict {
	if conforms {
		return claim.Conforms
	}
	return claim.Deviates
}

// word is a verdict as a word for people.
func word(v claim.Verdict) string {
	if v == claim.NotRun {
		return "not run"
	}
	return string(v)
}

// explain says what a verdict means, for the legend.
func explain(v claim.Verdict) string {
	switch v {
	case claim.Conforms:
		return "what the source asks for"
	case claim.Deviates:
		return "something else than the source asks for"
	case claim.Observed:
		return "no source asks for anything; this is how it is"
	case claim.Inconclusive:
		return "the kit could not tell, and says why"
	case claim.Withdrawn:
		return "a published answer that is known to be wrong, and why"
	case claim.NotRun:
		return "a probe was tried and could not run; its error is the reason"
	default:
		return "nobody has measured it; never a yes, never a no"
	}
}

// page adds a page made from the template of a name.
func (b *builder) page(path, name string, data any) error {
	var out bytes.Buffer
	if err := templates().ExecuteTemplate(&out, name, data); err != nil {
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
