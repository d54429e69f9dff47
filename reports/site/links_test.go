package site

import (
	"bytes"
	"net/url"
	"path"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// document is a page as a browser would take it.
func document(t *testing.T, name string, text []byte) *html.Node {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		t.Fatal(name, err)
	}
	return root
}

// attribute is the value of an attribute of an element, and whether it has it.
func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// idsOf lists what an address can point to in a page. Nothing may be there twice.
func idsOf(t *testing.T, name string, root *html.Node) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	for n := range root.Descendants() {
		id, has := attribute(n, "id")
		switch {
		case !has:
		case id == "" || ids[id]:
			t.Errorf("%s: the id %q is there twice, or empty", name, id)
		default:
			ids[id] = true
		}
	}
	return ids
}

// TestForty takes the site of forty platforms, which is as large as it is made for, through what
// must hold of its files.
func TestForty(t *testing.T) {
	unable.Long(t, "it builds the page of forty reports")
	reports := forty(t)
	files := built(t, reports)
	t.Run("links", func(t *testing.T) { links(t, files) })
	t.Run("anchors", func(t *testing.T) { anchors(t, files, beside(reports)) })
	t.Run("size", func(t *testing.T) { size(t, files) })
}

// links follows every link of the site: to a file that is there, to an anchor that is there, or to
// a document elsewhere that a reader may choose to open. Nothing else that a page names makes a
// browser ask another host.
func links(t *testing.T, files map[string][]byte) {
	t.Helper()
	pages, ids := map[string]*html.Node{}, map[string]map[string]bool{}
	for name, text := range files {
		if path.Ext(name) == ".html" {
			pages[name] = document(t, name, text)
			ids[name] = idsOf(t, name, pages[name])
		}
	}
	inside, targets := 0, 0
	for name, root := range pages {
		for n := range root.Descendants() {
			for _, key := range []string{"href", "src", "action", "srcset", "data", "poster", "formaction", "ping", "background", "xlink:href"} {
				value, has := attribute(n, key)
				if !has || n.Data == "link" && value == "data:," { // a picture of nothing, so that no favicon is asked for
					continue
				}
				to, err := url.Parse(value)
				switch {
				case err != nil:
					t.Errorf("%s: %q is no address: %v", name, value, err)
				case to.Scheme != "" || to.Host != "":
					if n.Data != "a" || to.Scheme != "https" {
						t.Errorf("%s: <%s %s=%q> leaves the site", name, n.Data, key, value)
					}
				default:
					inside++
					file := name
					if to.Path != "" {
						file = path.Join(path.Dir(name), to.Path)
					}
					if files[file] == nil {
						t.Errorf("%s: there is no %s (%q)", name, file, value)
					} else if to.Fragment != "" {
						targets++
						if !ids[file][to.Fragment] {
							t.Errorf("%s: there is no #%s in %s", name, to.Fragment, file)
						}
					}
				}
			}
			if _, has := attribute(n, "style"); has || n.Data == "style" || n.Data == "iframe" || n.Data == "base" {
				t.Errorf("%s: <%s> is not what the policy of the page allows", name, n.Data)
			}
		}
	}
	if inside < 10_000 || targets < 5_000 {
		t.Errorf("only %d links with %d anchors were found", inside, targets)
	}
	t.Logf("%d links and %d anchors in %d pages", inside, targets, len(pages))
	for name, text := range files {
		if strings.HasSuffix(name, ".css") && (bytes.Contains(text, []byte("url(")) || bytes.Contains(text, []byte("@import"))) {
			t.Errorf("%s names another file", name)
		}
	}
}

// anchors wants the addresses that others link to: of every cell, every claim and every platform.
func anchors(t *testing.T, files map[string][]byte, m model.Matrix) {
	t.Helper()
	index := idsOf(t, "index.html", document(t, "index.html", files["index.html"]))
	for _, c := range m.Claims {
		page := "claims/" + c.ID + ".html"
		if files[page] == nil || files["claims/"+c.ID+".json"] == nil || files["badges/claims/"+c.ID+".svg"] == nil {
			t.Fatalf("%s has no page, no JSON or no badge", c.ID)
		}
		evidence := idsOf(t, page, document(t, page, files[page]))
		if !index[c.ID] {
			t.Errorf("index.html#%s is missing", c.ID)
		}
		for _, p := range m.Platforms {
			if !index[c.ID+"/"+p.ID] {
				t.Errorf("index.html#%s/%s is missing", c.ID, p.ID)
			}
			if !evidence[p.ID] {
				t.Errorf("%s#%s is missing", page, p.ID)
			}
		}
	}
	for _, p := range m.Platforms {
		if !index[p.ID] || files["platforms/"+p.ID+".html"] == nil || files["platforms/"+p.ID+".json"] == nil || files["badges/platforms/"+p.ID+".svg"] == nil {
			t.Errorf("%s has no anchor, no page, no JSON or no badge", p.ID)
		}
	}
}

// maxPage is the size of the largest index that opens quickly over a slow line, with what it needs
// to be shown.
const maxPage = 1_500_000

func size(t *testing.T, files map[string][]byte) {
	t.Helper()
	size := len(files["index.html"]) + len(files["site.css"]) + len(files["site.js"])
	if size > maxPage {
		t.Errorf("the page with 40 platforms has %d bytes, more than %d", size, maxPage)
	}
	t.Logf("the page with 40 platforms and all claims has %d bytes", size)
}

// TestSameBytes wants no order of a map in the site.
func TestSameBytes(t *testing.T) {
	reports := measured(t)
	first := built(t, reports)
	for i, j := 0, len(reports)-1; i < j; i, j = i+1, j-1 {
		reports[i], reports[j] = reports[j], reports[i]
	}
	m := beside(measured(t))
	again, err := Build(m, reports, Options{Sentences: askedOf(t)})
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range again {
		if !bytes.Equal(first[f.Path], f.Bytes) {
			t.Errorf("%s differs", f.Path)
		}
		if i > 0 && again[i-1].Path >= f.Path {
			t.Errorf("%s does not come before %s", again[i-1].Path, f.Path)
		}
	}
}

// BenchmarkBuild makes the site of 40 platforms with all claims.
func BenchmarkBuild(b *testing.B) {
	reports := forty(b)
	m := beside(reports)
	for b.Loop() {
		if _, err := Build(m, reports, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
