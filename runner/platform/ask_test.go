package platform

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// TestARunSurvivesItsFacts lets each fact of this platform fail in each way, one at a time. The
// platform is valid all the same, the fact is named as unknown with the reason, and no other fact
// is.
func TestARunSurvivesItsFacts(t *testing.T) {
	unable.Long(t, "every fact hangs once until it is given up")
	var facts []string
	whole, _ := detect(netif.Kernel(), &findings{before: func(fact string) error {
		facts = append(facts, fact)
		return nil
	}})
	slices.Sort(facts)
	facts = slices.Compact(facts)
	if len(facts) < 8 {
		t.Fatalf("only %q were asked for", facts)
	}
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	for _, way := range []struct {
		name, want string
		fail       func() error
	}{
		{"error", "open: odd", func() error { return &fs.PathError{Op: "open", Path: "/home/somebody/x", Err: errors.New("odd")} }},
		{"panic", "panic: runtime error: index out of range", func() error {
			none := []byte{}
			_ = none[len(release)] // as x/sys does for an empty node of NetBSD's sysctl
			return nil
		}},
		{"hang", "it did not answer within", func() error { <-release; return nil }},
	} {
		for _, fact := range facts {
			t.Run(way.name+"/"+fact, func(t *testing.T) {
				g := gomega.NewWithT(t)
				f := &findings{before: func(asked string) error {
					if asked == fact {
						return way.fail()
					}
					return nil
				}}
				if way.name == "hang" {
					f.limit = 300 * time.Millisecond
				}
				p, err := detect(netif.Kernel(), f)
				g.Expect(err).To(gomega.HaveOccurred())
				g.Expect(model.ValidPlatformID(p.ID)).To(gomega.BeTrue(), p.ID)
				g.Expect([]string{p.Title, p.Family, p.Kernel, p.Environment, p.State.Filter, p.State.User}).NotTo(gomega.ContainElement(""))
				found := slices.ContainsFunc(p.State.Unknown, func(s string) bool { return strings.HasPrefix(s, fact+": "+way.want) })
				g.Expect(found).To(gomega.BeTrue(), "%q", p.State.Unknown)
				// A busy machine may lose others as well, and Wine that is not known as such is
				// asked what it does not have.
				if way.name == "hang" || fact == "Wine" && whole.Environment == wine {
					return
				}
				for _, s := range p.State.Unknown {
					g.Expect(strings.HasPrefix(s, fact+": ") || slices.Contains(whole.State.Unknown, s)).To(gomega.BeTrue(), s)
				}
			})
		}
	}
}

// TestNoFactIsReadUnasked reads the source for every system: what calls out of this program,
// directly or through other functions, does so within a call of ask. A new fact that is read in
// another way fails here, whatever system it is for.
func TestNoFactIsReadUnasked(t *testing.T) {
	if got := slices.Sorted(maps.Keys(unfenced(t, ".", "detect"))); len(got) > 0 {
		t.Errorf("outside ask: %s", strings.Join(got, "\n"))
	}
	// The test sees what it is there for.
	for name, source := range map[string]string{
		"direct":          `package p; import "os"; func detect() { os.ReadFile("x") }`,
		"through another": `package p; import "golang.org/x/sys/unix"; func detect() { other() }; func other() { unix.Sysctl("x") }`,
		"by a method":     `package p; func detect(network N) { network.Routes() }`,
		"beside ask":      `package p; import "os"; func detect() { ask(f, "x", func() { other() }); other() }; func other() { os.Stat("x") }`,
		"as a value":      `package p; import "os"; func detect() { other(os.Hostname) }`,
	} {
		if len(unfencedIn(t, map[string]any{"p.go": source}, "detect")) == 0 {
			t.Errorf("%s is not seen", name)
		}
	}
}

// outside are the packages that ask something of the system, and what in them asks nothing.
var outside = map[string][]string{
	"os":                                   {"IsNotExist", "ErrNotExist", "Geteuid"},
	"os/exec":                              nil,
	"github.com/google/nftables":           nil,
	"github.com/shirou/gopsutil/v4/host":   nil,
	"golang.org/x/sys/unix":                {"ByteSliceToString", "ErrnoName", "Utsname", "CapUserData"},
	"golang.org/x/sys/windows":             {"BytePtrToString", "AF_INET", "AF_INET6"},
	"golang.org/x/sys/windows/registry":    nil,
	"github.com/shirou/gopsutil/v4/common": nil,
}

func unfenced(t *testing.T, folder, from string) map[string]bool {
	t.Helper()
	names, err := fs.Glob(os.DirFS(folder), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]any{}
	for _, name := range names {
		if !strings.HasSuffix(name, "_test.go") {
			files[name] = nil
		}
	}
	return unfencedIn(t, files, from)
}

// unfencedIn gives the uses of the outside that can be reached from a function without going
// through ask.
func unfencedIn(t *testing.T, files map[string]any, from string) map[string]bool {
	t.Helper()
	uses, calls := map[string][]string{}, map[string][]string{} // by function
	for name, source := range files {
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		packages := map[string]string{"network": "network"}
		for _, i := range file.Imports {
			imported := strings.Trim(i.Path.Value, `"`)
			as := path.Base(imported)
			if i.Name != nil {
				as = i.Name.Name
			}
			packages[as] = imported
		}
		for _, d := range file.Decls {
			f, is := d.(*ast.FuncDecl)
			if !is || f.Name.Name == "ask" {
				continue
			}
			ast.Inspect(f.Body, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					if called, is := n.Fun.(*ast.Ident); is && called.Name == "ask" {
						return false // whatever is in there is fenced
					}
				case *ast.SelectorExpr:
					if of, is := n.X.(*ast.Ident); is && asks(packages[of.Name], n.Sel.Name) {
						uses[f.Name.Name] = append(uses[f.Name.Name], fmt.Sprintf("%s: %s.%s", set.Position(n.Pos()), of.Name, n.Sel.Name))
					}
					calls[f.Name.Name] = append(calls[f.Name.Name], n.Sel.Name) // perhaps a method
				case *ast.Ident:
					calls[f.Name.Name] = append(calls[f.Name.Name], n.Name)
				}
				return true
			})
		}
	}
	found, seen, next := map[string]bool{}, map[string]bool{}, []string{from}
	for len(next) > 0 {
		name := next[0]
		next = next[1:]
		if seen[name] {
			continue
		}
		seen[name] = true
		for _, use := range uses[name] {
			found[use] = true
		}
		next = append(next, calls[name]...)
	}
	return found
}

// asks reports whether a name of an imported package asks something of the system.
func asks(imported, name string) bool {
	if imported == "network" {
		return true
	}
	if strings.HasSuffix(imported, "/suites/kit/sock") {
		return name == "Kernel"
	}
	harmless, is := outside[imported]
	return is && !slices.Contains(harmless, name)
}
