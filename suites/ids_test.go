package suites_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"testing"

	"github.com/onsi/gomega"

	_ "github.com/loopmatrix/loopmatrix/suites"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// TestIDsArePermanent compares what the families declare with ids.txt: nothing is missing, nothing
// is there that is not listed, and no family or level has changed.
func TestIDsArePermanent(t *testing.T) {
	g := gomega.NewWithT(t)
	var declared []claim.GoldenID
	for _, e := range claim.Catalogue() {
		declared = append(declared, claim.GoldenID{ID: e.ID, Family: e.Family, Level: e.Level})
	}
	for _, id := range claim.Golden() {
		g.Expect(slices.Contains(declared, id)).To(gomega.BeTrue(), "%v is listed and not declared so", id)
	}
	for _, id := range declared {
		g.Expect(slices.Contains(claim.Golden(), id)).To(gomega.BeTrue(), "%v is declared and not listed so; add a line to ids.txt", id)
	}
	for i, id := range claim.Golden() {
		g.Expect(slices.Index(claim.Golden(), id)).To(gomega.Equal(i), "%v is listed twice", id)
	}
}

// TestEveryFamilyTestsItsRules proves that the folder of every claim has a TestMain which demands a
// table of each rule there.
func TestEveryFamilyTestsItsRules(t *testing.T) {
	checked := map[string]bool{}
	for _, e := range claim.Catalogue() {
		family := path.Base(path.Dir(e.File))
		if checked[family] {
			continue
		}
		checked[family] = true
		tests, err := filepath.Glob(filepath.Join(family, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(tests, demandsTables) {
			t.Errorf("suites/%s declares %s, and no test there has: func TestMain(m *testing.M) { os.Exit(claimtest.Run(m)) }", family, e.ID)
		}
	}
}

// demandsTables reports whether TestMain of a file calls claimtest.Run.
func demandsTables(file string) bool {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		return false
	}
	found := false
	for _, d := range parsed.Decls {
		f, is := d.(*ast.FuncDecl)
		if !is || f.Name.Name != "TestMain" {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if s, is := n.(*ast.SelectorExpr); is && s.Sel.Name == "Run" {
				x, named := s.X.(*ast.Ident)
				found = found || named && x.Name == "claimtest"
			}
			return true
		})
	}
	return found
}

func TestHeadlines(t *testing.T) {
	g := gomega.NewWithT(t)
	n := 0
	for _, e := range claim.Catalogue() {
		if e.Headline {
			n++
		}
	}
	g.Expect(n).To(gomega.BeNumerically("~", 12, 4), "a page of questions and answers")
}
