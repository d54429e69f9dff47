package platforms

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// token is one that the server below takes, and nothing may repeat.
const token = "ghs_0123456789"

// private serves the origin of a tree by http to whom shows the token, as a private repository
// does, and makes that address its remote.
func private(t *testing.T, tr tree) string {
	t.Helper()
	folder := strings.TrimSpace(tr.must("git --exec-path"))
	backend := filepath.Join(folder, "git-http-backend")
	_, err := os.Stat(backend)
	unable.Skip(t, err)
	git := &cgi.Handler{Path: backend, Env: []string{"GIT_PROJECT_ROOT=" + filepath.Dir(tr.folder), "GIT_HTTP_EXPORT_ALL=1", "REMOTE_USER=x"}}
	want := "basic " + base64.StdEncoding.EncodeToString([]byte("x-access-token:"+token))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != want {
			w.Header().Set("WWW-Authenticate", `Basic realm="private"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		git.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	tr.must("git remote set-url origin " + server.URL + "/origin.git")
	return "export GITHUB_SERVER_URL=" + server.URL + " GITHUB_TOKEN=" + token + ";"
}

// TestPrivateOrigin publishes to a private repository, and checks what a pull request there brings.
func TestPrivateOrigin(t *testing.T) {
	tr := newTree(t)
	tr.must("git checkout --quiet -b theirs; echo good >reports/published/c.json")
	tr.commit()
	tr.must("git push --quiet origin theirs:refs/pull/7/head; git checkout --quiet main")
	tr.write("build/measured/report-a/a.json", "first a")
	credentials := private(t, tr)
	submission := "PULL=7 .github/scripts/submission"

	said := ""
	for range 2 { // the first time there is no branch yet
		said += tr.must(credentials + "export GIT_TRACE=1 GIT_TRACE_CURL=1;" + combineThem + "&&" + publishIt + "&&" + submission)
		tr.must("echo second >build/measured/report-a/a.json")
	}
	tr.g.Expect(tr.must("git --git-dir=../origin.git show data:measured/a.json")).To(gomega.Equal("second\n"))
	secrets := gomega.Or(gomega.ContainSubstring(token), gomega.ContainSubstring(base64.StdEncoding.EncodeToString([]byte("x-access-token:"+token))))
	tr.g.Expect(said).NotTo(secrets, "the log has the token")
	tr.g.Expect(tr.must("cat .git/config")).NotTo(secrets)
	tr.g.Expect(tr.must("git config --list")).NotTo(gomega.ContainSubstring("extraheader"))

	for _, script := range []string{combineThem, publishIt, submission} {
		for _, who := range []string{"", "GITHUB_TOKEN=ghs_another "} {
			out, code := tr.sh(credentials + "unset GITHUB_TOKEN; export " + who + "; " + script)
			tr.g.Expect(code).NotTo(gomega.Equal(0), out)
			tr.g.Expect(out).To(gomega.ContainSubstring("origin gave nothing; if it is private, GITHUB_TOKEN"), script)
		}
	}
	// Another server is shown nothing.
	out, code := tr.sh(credentials + "export GITHUB_SERVER_URL=https://example.org; .github/scripts/previous build/previous")
	tr.g.Expect(code).NotTo(gomega.Equal(0), out)
}

// TestNoPager publishes from a terminal, on which git would show its log page by page.
func TestNoPager(t *testing.T) {
	_, err := exec.LookPath("script")
	unable.Skip(t, err)
	tr := newTree(t)
	tr.write("build/measured/report-a/a.json", "first a")
	tr.must(combineThem)
	tr.must("GIT_PAGER='touch paged;cat' TERM=xterm script --quiet --return --command '" + publishIt + "' /dev/null")
	tr.g.Expect(filepath.Join(tr.folder, "paged")).NotTo(gomega.BeAnExistingFile())
}

// TestAPI answers as GitHub's API does.
func TestAPI(t *testing.T) {
	for _, program := range []string{"curl", "jq"} {
		_, err := exec.LookPath(program)
		unable.Skip(t, err)
	}
	tr := newTree(t)
	var status int
	var body, asked string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.String()
		if r.Header.Get("Authorization") != "Bearer "+token {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body)
	}))
	defer server.Close()
	api := "export GITHUB_API_URL=" + server.URL + " GITHUB_REPOSITORY=a/b GITHUB_TOKEN=" + token + "; .github/scripts/"
	for _, c := range []struct {
		name, script string
		status       int
		body         string
		code         int
		says, asks   string
	}{
		{"pages by a workflow", "pages", 200, `{"build_type": "workflow"}`, 0, "", "/repos/a/b/pages"},
		{"pages of a branch", "pages", 200, `{"build_type": "legacy"}`, 1, `Source: "GitHub Actions"`, "/repos/a/b/pages"},
		{"no pages", "pages", 404, `{"message": "Not Found"}`, 1, `Source: "GitHub Actions"`, "/repos/a/b/pages"},
		{"no permission", "pages", 403, `{}`, 1, "pages: write", "/repos/a/b/pages"},
		{"no API", "pages", 200, `<html>`, 1, "parse error", "/repos/a/b/pages"},
		{"a run", "newest conformance.yml main", 200, `{"workflow_runs": [{"id": 123, "status": "in_progress"}]}`, 0, "run=123\n", "/repos/a/b/actions/workflows/conformance.yml/runs?branch=main&per_page=1"},
		{"a branch with signs", "newest conformance.yml 'a&b/c'", 200, `{"workflow_runs": [{"id": 5}]}`, 0, "run=5\n", "/repos/a/b/actions/workflows/conformance.yml/runs?branch=a%26b%2Fc&per_page=1"},
		{"no run", "newest conformance.yml main", 200, `{"workflow_runs": []}`, 1, "has never run on the branch main", ""},
		{"no workflow", "newest conformance.yml main", 404, `{}`, 22, "404", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			status, body = c.status, c.body
			out, code := tr.sh(api + c.script)
			g.Expect(code).To(gomega.Equal(c.code), out)
			g.Expect(out).To(gomega.ContainSubstring(c.says))
			g.Expect(asked).To(gomega.ContainSubstring(c.asks))
			g.Expect(out).NotTo(gomega.ContainSubstring(token))
		})
	}
	out, code := tr.sh("unset GITHUB_TOKEN; GITHUB_REPOSITORY=a/b .github/scripts/pages")
	tr.g.Expect(code).To(gomega.Equal(1), out)
	tr.g.Expect(out).To(gomega.ContainSubstring("a token for it"))
}

// TestSummaryOfNothing makes sure that a table which was not made is said to be none, once.
func TestSummaryOfNothing(t *testing.T) {
	tr := newTree(t)
	makefile, err := os.ReadFile("../../Makefile")
	tr.g.Expect(err).NotTo(gomega.HaveOccurred())
	tr.write("Makefile", string(makefile))
	tr.g.Expect(tr.must("make --no-print-directory summary")).To(gomega.Equal("There is no table: nothing was combined.\n"))
	tr.write("build/public/summary.md", "## What changed\n")
	tr.g.Expect(tr.must("make --no-print-directory summary")).To(gomega.Equal("## What changed\n"))
}

// TestMeasureTells makes sure that a kit which leaves nothing behind is a failure, as one is that
// could not do its work.
func TestMeasureTells(t *testing.T) {
	tr := newTree(t)
	for _, c := range []struct {
		name, kit string
		code      int
		says      string
	}{
		{"good", `[ $1 = check ] || echo good >measured/a.json`, 0, ""},
		{"deviates", `[ $1 = check ] || { echo good >measured/a.json; exit 1; }`, 0, ""},
		{"refused", `[ $1 = check ] && exit 2 || echo good >measured/a.json`, 2, ""},
		{"failed, and left a report", `[ $1 = check ] || { echo good >measured/a.json; exit 3; }`, 3, ""},
		{"nothing came", `exit 0`, 3, "left no report in measured"},
	} {
		tr.write("kit", "#!/bin/sh\n"+c.kit+"\n")
		out, code := tr.sh("rm -rf measured; sh .github/scripts/measure ./kit measured")
		tr.g.Expect(code).To(gomega.Equal(c.code), "%s\n%s", c.name, out)
		tr.g.Expect(out).To(gomega.ContainSubstring(c.says), c.name)
	}
}
