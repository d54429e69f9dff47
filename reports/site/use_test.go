package site

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// What a page shows, in words of the page's own language.
const (
	shownRows    = `[...document.querySelectorAll('#matrix tbody tr[data-level]')].filter(tr => tr.checkVisibility()).length`
	shownColumns = `[...document.querySelectorAll('#matrix tbody tr[data-level]:not([hidden])')[0].cells].filter(td => td.checkVisibility()).length`
	uncovered    = `(e => { const r = e.getBoundingClientRect(); return [r.left + 2, r.left + Math.min(r.width, 60)].every(x => [r.top + 2, r.bottom - 2].every(y => { const at = document.elementFromPoint(x, y); return at && (e.contains(at) || at.contains(e)) })) })`
	inView       = `(e => { const r = e.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight && r.left >= 0 && r.right <= innerWidth })`
)

// TestBrowser uses the site of forty platforms as a reader does.
func TestBrowser(t *testing.T) {
	unable.Long(t, "a browser opens every page")
	b := newBrowser(t)
	for _, c := range []struct {
		name string
		test func(*testing.T, browser)
	}{
		{"filters", filters}, {"fold", fold}, {"permalinks", permalinks}, {"evidence", evidenceOpens}, {"keyboard", keyboard},
		{"narrow and wide", widths}, {"dark and light", themes}, {"paper", paper}, {"without scripts", withoutScripts},
		{"from a folder", fromFolder}, {"quick", quick}, {"axe", axe},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, b) })
	}
}

// filters narrow the table, and what they are set to stands in the address.
func filters(t *testing.T, b browser) {
	p := b.open(t, "index.html")
	all, columns := ask[int](p, shownRows), ask[int](p, shownColumns)
	seen := map[string]int{"": all}
	for _, f := range []struct{ address, set string }{
		{"q=127.0.0.2", `f.q.value = '127.0.0.2'`},
		{"family=ipv6", `f.family.value = 'ipv6'`},
		{"level=MUST", `f.level.value = 'MUST'`},
		{"differ", `f.differ.checked = true`},
	} {
		p.holds("it is set", `(f => { f.reset(); return true })(document.getElementById('filters'))`)
		p.do(chromedp.WaitVisible(chromedp.CSS("#filters")))
		p.holds("it is set", `(f => { `+f.set+`; f.dispatchEvent(new Event('input', {bubbles: true})); return true })(document.getElementById('filters'))`)
		rows := ask[int](p, shownRows)
		if rows == 0 || rows >= all {
			t.Errorf("%s shows %d of %d rows", f.address, rows, all)
		}
		p.holds("the address holds it", fmt.Sprintf(`location.search === '?%s'`, f.address))
		p.holds("it tells how many", fmt.Sprintf(`document.getElementById('shown').textContent === '%d of %d claims'`, rows, all))
		p.do(chromedp.Reload())
		if again := ask[int](p, shownRows); again != rows {
			t.Errorf("%s shows %d rows, and %d when it is opened again", f.address, rows, again)
		}
		seen[f.address] = rows
	}
	p.do(chromedp.Navigate(b.site + "index.html?os=freebsd,linux"))
	if n := ask[int](p, shownColumns); n < 3 || n >= columns {
		t.Errorf("two systems have %d columns, all have %d", n, columns)
	}
	p.holds("the boxes are ticked", `document.querySelectorAll('[name=os]:checked').length === 2`)
	for _, nonsense := range []string{"family=%3Cscript%3E", "os=%00,x", "open=__proto__", "q=%E0%A4%A#%", "level=&level=&x"} {
		p.do(chromedp.Navigate(b.site + "index.html?" + nonsense))
		p.holds(nonsense+" leaves a table", `document.getElementById('matrix').checkVisibility() && document.documentElement.classList.contains('ready')`)
	}
	t.Log("rows:", seen)
}

// fold opens and closes the columns of a system.
func fold(t *testing.T, b browser) {
	p := b.open(t, "index.html")
	folded := ask[int](p, shownColumns)
	p.do(chromedp.Click(chromedp.CSS("#unfold")))
	open := ask[int](p, shownColumns)
	if open <= folded {
		t.Errorf("%d columns when folded, %d when not", folded, open)
	}
	p.holds("the address holds it", `location.search.startsWith('?open=')`)
	p.do(chromedp.Reload())
	if again := ask[int](p, shownColumns); again != open {
		t.Errorf("%d columns, and %d when it is opened again", open, again)
	}
	p.do(chromedp.Click(chromedp.CSS("#unfold")))
	if again := ask[int](p, shownColumns); again != folded {
		t.Errorf("folded again it has %d columns, before it had %d", again, folded)
	}
	p.holds("the address is plain again", `location.search === ''`)
}

// permalinks lead to a cell, whatever is folded or filtered.
func permalinks(t *testing.T, b browser) {
	const cell = `document.getElementById(decodeURIComponent(location.hash.slice(1))).closest('td')`
	for i, address := range []string{"", "?q=no-such-thing", "?family=ipv6&level=MAY", "?os=wine", "?differ"} {
		for _, width := range []int64{375, 800, 1600} {
			p := b.open(t, "index.html"+address+"#v4.block.bind/"+b.platforms[i*len(b.platforms)/5], chromedp.EmulateViewport(width, 800))
			p.holds(address+" shows the cell", cell+`.checkVisibility()`)
			p.holds(fmt.Sprintf("%s shows the whole answer, %d wide", address, width), uncovered+`(`+cell+`.querySelector('a'))`)
			p.holds(address+" has the focus there", cell+`.contains(document.activeElement)`)
		}
	}
	p := b.open(t, "index.html#v6.lo.only")
	p.holds("the row is in view", inView+`(document.getElementById('v6.lo.only').querySelector('th a'))`)
	for _, nonsense := range []string{"#%", "#%E0%A4%A", "#nothing/there", "#'\"><b>"} {
		p.do(chromedp.Navigate(b.site + "index.html?x" + nonsense))
		p.holds("it is shown", shownRows+` > 0`)
	}
}

// evidenceOpens goes from a cell to what stands behind it.
func evidenceOpens(t *testing.T, b browser) {
	platform := b.platforms[0]
	p := b.open(t, "index.html#v4.block.bind/"+platform)
	cell := fmt.Sprintf(`document.getElementById('v4.block.bind/%s').closest('td').querySelector('a')`, platform)
	p.do(chromedp.Click(chromedp.JSPath(cell)), chromedp.WaitVisible(chromedp.CSS(".evidence")))
	p.holds("it is the evidence of this platform", `location.pathname.endsWith('/claims/v4.block.bind.html') && document.querySelector('.evidence:target').id === '`+platform+`'`)
	p.holds("every transcript opens", `(all => { for (const s of all) s.click(); return all.length > 0 && all.every(s => s.parentElement.open) })([...document.querySelectorAll('.evidence:target summary')])`)
	p.holds("they show the calls", `[...document.querySelectorAll('.evidence:target pre')].some(pre => pre.checkVisibility() && /bind\(.*127\./.test(pre.textContent))`)
	p.holds("it says when and by which kit", `/\d{4}-\d\d-\d\d/.test(document.querySelector('.evidence:target .made').textContent)`)
	p.holds("it says how old that is", `document.querySelector('.evidence:target .made .age') !== null`)
}

// focused is what has the focus: its element, and what it says.
const focused = `(e => e.tagName.toLowerCase() + ' ' + (e.textContent || e.name || '').trim().slice(0, 40))(document.activeElement)`

// keyboard does without a mouse.
func keyboard(t *testing.T, b browser) {
	p := b.open(t, "index.html")
	p.do(chromedp.KeyEvent(kb.Tab))
	if first := ask[string](p, focused); first != "a Skip to the content" {
		t.Errorf("the first stop is %q", first)
	}
	p.holds("it is seen while it has the focus", inView+`(document.activeElement)`)
	p.do(chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Tab))
	p.holds("the next stop is in the content", `document.getElementById('main').contains(document.activeElement)`)

	p.do(chromedp.Focus(chromedp.CSS("[name=q]")), chromedp.KeyEvent("127.0.0.2"))
	p.holds("typing filters", shownRows+` < document.querySelectorAll('#matrix tr[data-level]').length`)
	p.do(chromedp.KeyEvent(kb.Enter))
	p.holds("Enter keeps the page", `location.search === '?q=127.0.0.2'`)
	p.do(chromedp.KeyEvent(kb.Escape))
	p.holds("Escape clears", `document.querySelector('[name=q]').value === '' && `+shownRows+` === document.querySelectorAll('#matrix tr[data-level]').length`)

	// From the filters on, every stop is a control in the order of the page, and has an outline.
	seen := map[string]bool{}
	for range 200 {
		p.do(chromedp.KeyEvent(kb.Tab))
		seen[ask[string](p, `document.activeElement.tagName + (document.activeElement.name || document.activeElement.id || '')`)] = true
		if ask[bool](p, `document.activeElement.closest('#matrix') !== null`) {
			break
		}
	}
	for _, stop := range []string{"SELECTfamily", "SELECTlevel", "INPUTdiffer", "INPUTos", "BUTTONunfold", "DIV"} {
		if !seen[stop] {
			t.Errorf("Tab does not stop at %s: %v", stop, seen)
		}
	}
	p.holds("the table was reached", `document.activeElement.closest('#matrix') !== null`)
	p.holds("the focus is seen", `getComputedStyle(document.activeElement).outlineStyle !== 'none' && parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 1`)

	p.do(chromedp.Focus(chromedp.CSS("#matrix thead button")), chromedp.KeyEvent(kb.Enter))
	p.holds("Enter unfolds a system", `document.querySelector('#matrix thead button').getAttribute('aria-expanded') === 'true' && location.search.startsWith('?open=')`)
	p.do(chromedp.KeyEvent(" "))
	p.holds("the space bar folds it", `document.querySelector('#matrix thead button').getAttribute('aria-expanded') === 'false' && location.search === ''`)

	p = b.open(t, "claims/v4.block.bind.html")
	p.do(chromedp.Focus(chromedp.CSS("details summary")), chromedp.KeyEvent(kb.Enter))
	p.holds("Enter opens a transcript", `document.querySelector('details').open`)
}

// pages are one page of each kind.
func (b browser) pages() []string {
	return []string{"index.html", "claims/v4.block.bind.html", "platforms/" + b.platforms[0] + ".html"}
}

// widths are those of a telephone and of a large screen: only what is made for it may scroll
// sideways.
func widths(t *testing.T, b browser) {
	for _, address := range b.pages() {
		for _, width := range []int64{375, 1600} {
			p := b.open(t, address, chromedp.EmulateViewport(width, 800))
			if got := ask[int64](p, `document.documentElement.scrollWidth`); got > width {
				t.Errorf("%s is %d wide on a screen of %d: %s", address, got, width, ask[string](p, wider))
			}
			p.holds("the title is in view", inView+`(document.querySelector('h1'))`)
			p.do(chromedp.Evaluate[chromedp.Void](`scrollTo(500, document.querySelector('table').getBoundingClientRect().top + scrollY)`))
			p.holds(address+" stays where it is", `scrollX === 0`)
		}
	}
	p := b.open(t, "index.html", chromedp.EmulateViewport(1600, 800))
	p.do(chromedp.Evaluate[chromedp.Void](`(e => { e.scrollIntoView(); e.scrollTop = 2000; e.scrollLeft = 500 })(document.querySelector('#table .scroll'))`))
	p.holds("the head of the table stays", `(r => r.top >= -1 && r.bottom > 10 && r.top < innerHeight)(document.querySelector('#matrix thead th').getBoundingClientRect())`)
	p.holds("the claims stay", `[...document.querySelectorAll('#matrix tbody th[scope=row]')].filter(th => th.checkVisibility()).every(th => th.getBoundingClientRect().left >= -1)`)
}

// wider names what sticks out on the right.
const wider = `[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !e.parentElement.closest('.scroll, pre')).slice(0, 3).map(e => e.outerHTML.slice(0, 100)).join(' ')`

// theme is the colour scheme that the reader's system asks for.
func theme(name string) chromedp.Action[chromedp.Void] {
	return command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}})
}

// brightness is that of the page behind the text, from 0 to 1.
const brightness = `(c => { const x = document.createElement('canvas').getContext('2d'); x.fillStyle = c; x.fillRect(0, 0, 1, 1); const d = x.getImageData(0, 0, 1, 1).data; return (0.2126 * d[0] + 0.7152 * d[1] + 0.0722 * d[2]) / 255 })`

func themes(t *testing.T, b browser) {
	for _, address := range b.pages() {
		for name, dark := range map[string]bool{"dark": true, "light": false} {
			p := b.open(t, address, theme(name))
			back := ask[float64](p, brightness+`(getComputedStyle(document.body).backgroundColor)`)
			text := ask[float64](p, brightness+`(getComputedStyle(document.body).color)`)
			if dark && (back > 0.2 || text < 0.7) || !dark && (back < 0.8 || text > 0.3) {
				t.Errorf("%s in %s: text of %.2f on %.2f", address, name, text, back)
			}
		}
	}
}

// paper has no controls, and shows dark text on white whatever the screen does.
func paper(t *testing.T, b browser) {
	for _, address := range b.pages() {
		p := b.open(t, address, theme("dark"))
		if pdf := run(p, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4))); len(pdf) < 10_000 || !strings.HasPrefix(string(pdf), "%PDF") {
			t.Errorf("%s on paper has %d bytes", address, len(pdf))
		}
		p.do(command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print",
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}}))
		p.holds(address+": no controls", `[...document.querySelectorAll('form, .skip, nav')].every(e => !e.checkVisibility() || e.getBoundingClientRect().bottom <= 0)`)
		p.holds(address+": dark text", brightness+`(getComputedStyle(document.body).color) < 0.3`)
	}
}

// withoutScripts everything can be read and followed; only filters and folding are missing.
func withoutScripts(t *testing.T, b browser) {
	for _, address := range b.pages() {
		p := b.open(t, address, command(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}))
		p.holds("no script ran", `!document.documentElement.classList.contains('js') && document.querySelector('.age') === null`)
		p.holds("no control that does nothing", `[...document.querySelectorAll('form, button, input, select')].every(e => !e.checkVisibility())`)
		p.holds("every row of every table is there", `[...document.querySelectorAll('tbody tr')].every(tr => tr.checkVisibility({visibilityProperty: true}))`)
	}
	p := b.open(t, "index.html", command(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}))
	p.holds("every cell is there", `[...document.querySelectorAll('#matrix td[id]')].every(td => td.checkVisibility())`)
	p.do(chromedp.Click(chromedp.CSS(`.card a`)), chromedp.WaitVisible(chromedp.CSS(".evidence")))
	p.holds("a transcript opens without them", `document.querySelector('details summary') !== null`)
}

// fromFolder opens the page as a file: what was built can be read without a server.
func fromFolder(t *testing.T, b browser) {
	dir := t.TempDir()
	for name, text := range b.files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b.site = "file://" + filepath.ToSlash(dir) + "/"
	p := b.open(t, "index.html?level=MUST")
	p.holds("the script and the style work", `document.documentElement.classList.contains('ready') && document.styleSheets.length > 0`)
	p.do(chromedp.Click(chromedp.CSS(`.card a`)), chromedp.WaitVisible(chromedp.CSS(".evidence")))
}

// quick tells how long the page takes to open, until its script is done. It judges nothing: the
// machine may be busy.
func quick(t *testing.T, b browser) {
	p := b.open(t, "index.html")
	millis := ask[float64](p, `new Promise(done => { const tell = () => { const n = performance.getEntriesByType('navigation')[0]; n.loadEventEnd ? done(n.loadEventEnd) : setTimeout(tell, 10) }; tell() })`)
	t.Logf("the page with 40 platforms opened in %.0f ms", millis)
}

// axe looks for what keeps people from using the pages, in both themes.
func axe(t *testing.T, b browser) {
	script, err := os.ReadFile("../../build/axe/axe.min.js")
	if err != nil {
		unable.Skip(t, fmt.Errorf("make axe: %w", err))
	}
	few := measured(t)[0].Platform.ID // forty platforms take axe minutes, and show it nothing else but maps
	for _, address := range []string{"few/index.html", "few/index.html?open=linux&differ", "few/claims/v4.block.bind.html", "few/platforms/" + few + ".html", "platforms/" + b.platforms[0] + ".html"} {
		for _, name := range []string{"light", "dark"} {
			p := b.open(t, address, theme(name))
			p.do(chromedp.Evaluate[chromedp.Void](string(script)))
			found := ask[string](p, `axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify({passes: r.passes.length,
				violations: r.violations.map(v => v.id + ' (' + v.impact + '): ' + v.help + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 150) + ' ' + n.failureSummary).join('; '))}))`)
			var result struct {
				Passes     int
				Violations []string
			}
			if err := json.Unmarshal([]byte(found), &result); err != nil {
				t.Fatal(err)
			}
			if result.Passes < 10 {
				t.Errorf("%s in %s: only %d checks passed, so axe hardly ran", address, name, result.Passes)
			}
			for _, v := range result.Violations {
				t.Errorf("%s in %s: %s", address, name, v)
			}
		}
	}
}
