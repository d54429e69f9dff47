package cause

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/published"
	_ "github.com/loopmatrix/loopmatrix/suites"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

func ids(found []Found) (out []string) {
	for _, f := range found {
		out = append(out, f.ID)
	}
	return out
}

// TestPublished looks for causes in the published reports: those of kernels as they are have none,
// but for the systems that have no second address.
func TestPublished(t *testing.T) {
	g := gomega.NewWithT(t)
	reports, err := published.Reports(claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	for _, r := range reports {
		var want []string
		if r.Platform.Family == "freebsd" || r.Platform.Family == "netbsd" {
			want = []string{"one-address"}
		}
		found := Find(Facts{Report: r, Hosts: HostsNames})
		g.Expect(ids(found)).To(gomega.Equal(want), "%s: %+v", r.Platform.ID, found)
		for _, f := range found {
			g.Expect(f.Remedy).To(gomega.HavePrefix("ifconfig lo0 alias 127."), r.Platform.ID)
			g.Expect(f.Tried).To(gomega.BeFalse())
		}
	}
}

// TestSigns reads what no private host shows.
func TestSigns(t *testing.T) {
	result := func(id, behaviour string) model.Report {
		return model.Report{Platform: model.Platform{Family: linux}, Results: []model.Result{{Claim: id, Finding: claim.Finding{Verdict: claim.Observed, Behaviour: behaviour}}}}
	}
	for name, at := range map[string]struct {
		facts Facts
		want  string
	}{
		"sandbox":          {Facts{Report: result("sandbox.loopback", "barred")}, "sandbox"},
		"free":             {Facts{Report: result("sandbox.loopback", "free")}, ""},
		"hosts unreadable": {Facts{Report: result("name.localhost.v4", "none"), Hosts: HostsUnreadable}, "hosts-unreadable"},
		"hosts absent":     {Facts{Report: result("name.localhost.v4", "timeout"), Hosts: HostsAbsent}, "hosts-absent"},
		"hosts absent, and a name server that knows": {Facts{Report: result("name.localhost.v4", "127.0.0.1"), Hosts: HostsAbsent}, ""},
	} {
		gomega.NewWithT(t).Expect(strings.Join(ids(Find(at.facts)), " ")).To(gomega.Equal(at.want), name)
	}
}

func TestReadHosts(t *testing.T) {
	g := gomega.NewWithT(t)
	path := filepath.Join(t.TempDir(), "hosts")
	g.Expect(ReadHosts(path)).To(gomega.Equal(HostsAbsent))
	for text, want := range map[string]Hosts{
		"":                                   HostsSilent,
		"127.0.0.1 localhost\n":              HostsNames,
		"# 127.0.0.1 localhost\n":            HostsSilent,
		"127.0.0.1\thost localhost # x":      HostsNames,
		"127.0.0.1 localhost.localdomain\n":  HostsSilent,
		"localhost 127.0.0.1\n":              HostsSilent,
		"fe80::1%lo0 localhost\r\n::1 ip6\n": HostsNames,
	} {
		g.Expect(os.WriteFile(path, []byte(text), 0o600)).To(gomega.Succeed())
		g.Expect(ReadHosts(path)).To(gomega.Equal(want), "%q", text)
	}
	g.Expect(ReadHosts(filepath.Dir(path))).To(gomega.Equal(HostsUnreadable), "a folder")
	g.Expect(HostsFile()).NotTo(gomega.BeEmpty())
}

// TestCausesAreWhole makes sure that each cause says what it must.
func TestCausesAreWhole(t *testing.T) {
	g := gomega.NewWithT(t)
	var known []string
	for _, c := range All() {
		known = append(known, c.ID)
	}
	claims := map[string]bool{}
	for _, e := range claim.Catalogue() {
		claims[e.ID] = true
	}
	for i, c := range All() {
		g.Expect(slices.Index(known, c.ID)).To(gomega.Equal(i), "%s is there twice", c.ID)
		g.Expect(c.Says).To(gomega.HaveSuffix("."), c.ID)
		g.Expect(c.Signs).NotTo(gomega.BeEmpty(), c.ID)
		g.Expect((c.Breaks == "") != (c.Untried == "")).To(gomega.BeTrue(), "%s says how it is made, or why it can't be", c.ID)
		g.Expect(c.Breaks == "" || c.Remedy[linux] != "").To(gomega.BeTrue(), "%s has a remedy to try", c.ID)
		for _, id := range c.Brings {
			g.Expect(slices.Index(known, id)).To(gomega.BeNumerically(">", i), "%s brings %s, which stands behind it", c.ID, id)
		}
		for _, s := range c.Signs {
			for _, word := range strings.Fields(s.Says) {
				if id := strings.TrimSuffix(word, ":"); id != word && strings.Contains(id, ".") {
					g.Expect(claims[id]).To(gomega.BeTrue(), "%s: there is no claim %s", c.ID, id)
				}
			}
		}
	}
}

var update = flag.Bool("update", false, "write causes.md anew")

// TestTable makes sure that causes.md is up to date.
func TestTable(t *testing.T) {
	g := gomega.NewWithT(t)
	if *update {
		g.Expect(os.WriteFile("causes.md", []byte(table()), 0o600)).To(gomega.Succeed())
	}
	b, err := os.ReadFile("causes.md")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(string(b)).To(gomega.Equal(table()), "go generate ./runner/cause writes it anew")
}

// table lists the causes: what points to each, what mends it, and how that was tried.
func table() string {
	var b strings.Builder
	b.WriteString("# Causes\n\nWritten by `go generate ./runner/cause`; a test proves that it is up to date.\n\n" +
		"`loopmatrix why` names these, the likeliest first. Each that can be made in a private host of Linux is made in one by\n" +
		"`TestCauses`, which sees it named first, runs the remedy there, and sees it no more.\n\n" +
		"| cause | what it is | what points to it | what mends it on Linux | how it is made |\n| --- | --- | --- | --- | --- |\n")
	cell := func(text string) string { return strings.ReplaceAll(text, "|", "\\|") }
	code := func(text string) string {
		if text == "" {
			return ""
		}
		return "`" + cell(text) + "`"
	}
	for _, c := range All() {
		var signs []string
		for _, s := range c.Signs {
			signs = append(signs, s.Says)
		}
		made := code(c.Breaks)
		if made == "" {
			made = "not tried: " + c.Untried
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", c.ID, c.Says, cell(strings.Join(signs, "; or ")), code(c.Remedy[linux]), made)
	}
	return b.String()
}
