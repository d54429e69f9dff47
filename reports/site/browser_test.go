package site

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// chromium finds the browser under the names that it has.
func chromium() (string, error) {
	var all error
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		found, err := exec.LookPath(name)
		if err == nil {
			return found, nil
		}
		all = errors.Join(all, err)
	}
	return "", all
}

// browser is Chromium with the site of forty platforms, which is served on loopback.
type browser struct {
	context.Context
	site  string            // the address that the site is served at
	files map[string][]byte // those of the measured reports alone stand under few/
	// platforms are the ids of those in the table.
	platforms []string
}

func newBrowser(t *testing.T) browser {
	t.Helper()
	found, err := chromium()
	unable.Skip(t, err)
	reports := forty(t)
	files := built(t, reports)
	for name, text := range built(t, measured(t)) {
		files["few/"+name] = text
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, there := files[strings.TrimPrefix(r.URL.Path, "/")]
		if !there {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", map[string]string{".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript",
			".svg": "image/svg+xml", ".png": "image/png", ".json": "application/json"}[path.Ext(r.URL.Path)])
		_, _ = w.Write(text) // a browser that no longer wants it is no fault of the page
	}))
	t.Cleanup(server.Close)
	allocator, stop := chromedp.NewExecAllocator(t.Context(), chromedp.ExecPath(found), chromedp.Headless, chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-extensions", true), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"), chromedp.WSURLReadTimeout(time.Minute))
	t.Cleanup(stop)
	first, done := chromedp.NewContext(allocator)
	t.Cleanup(done)
	unable.Skip(t, chromedp.Do(first)) // starts it
	b := browser{Context: first, site: server.URL + "/", files: files}
	for _, r := range reports {
		b.platforms = append(b.platforms, r.Platform.ID)
	}
	return b
}

// tab is a page that is open, and what went wrong in it.
type tab struct {
	context.Context
	*testing.T
	browser browser
	mutex   sync.Mutex
	wrong   []string
	asked   int
}

// patience is how long a step may take: a busy machine opens the page in a few seconds.
const patience = time.Minute

// open opens a page of the site in a tab of its own. When the test ends, nothing may have gone
// wrong in it, and nothing may have been asked of any other host.
func (b browser) open(t *testing.T, address string, before ...chromedp.Action[chromedp.Void]) *tab {
	t.Helper()
	ctx, done := chromedp.NewContext(b.Context)
	p := &tab{Context: ctx, T: t, browser: b}
	if err := chromedp.Listen(ctx, p.listen); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.mutex.Lock()
		defer p.mutex.Unlock()
		for _, w := range p.wrong {
			t.Error(w)
		}
		if p.asked == 0 {
			t.Error("no request of the page was seen, so nobody listened")
		}
		done()
	})
	p.do(command(network.Enable, network.EnableParams{}), command(runtime.Enable, cdp.Empty{}), command(log.Enable, cdp.Empty{}))
	p.do(before...)
	p.do(chromedp.Navigate(b.site + address))
	return p
}

func (p *tab) listen(event any) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		p.wrong = append(p.wrong, fmt.Sprintf("the script failed: %s %s:%d", e.ExceptionDetails.Text, e.ExceptionDetails.URL, e.ExceptionDetails.LineNumber+1))
	case *runtime.EventConsoleAPICalled:
		p.wrong = append(p.wrong, fmt.Sprintf("the script wrote to the console: %s", e.Type))
	case *log.EventEntryAdded:
		p.wrong = append(p.wrong, fmt.Sprintf("the browser complains: %s %s", e.Entry.Text, e.Entry.URL))
	case *network.EventRequestWillBeSent:
		p.asked++
		if !strings.HasPrefix(e.Request.URL, p.browser.site) && !strings.HasPrefix(e.Request.URL, "data:") {
			p.wrong = append(p.wrong, "the page asked for "+e.Request.URL)
		}
	case *network.EventResponseReceived:
		if e.Response.Status >= http.StatusBadRequest {
			p.wrong = append(p.wrong, fmt.Sprintf("%s: %d", e.Response.URL, e.Response.Status))
		}
	}
}

// command is a command of the DevTools protocol as a step.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	})
}

// do takes steps in the page.
func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	run(p, chromedp.Steps(steps...))
}

// run takes a step in the page that gives something.
func run[T any](p *tab, step chromedp.Action[T]) T {
	p.Helper()
	ctx, stop := context.WithTimeout(p.Context, patience)
	defer stop()
	value, err := chromedp.Run(ctx, step)
	if err != nil {
		p.Fatal(err)
	}
	return value
}

// ask evaluates an expression in the page; a promise is waited for.
func ask[T any](p *tab, expression string) T {
	p.Helper()
	return run(p, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// holds wants an expression to be true in the page.
func (p *tab) holds(why, expression string) {
	p.Helper()
	if !ask[bool](p, expression) {
		p.Errorf("%s: %s is not true", why, expression)
	}
}
