package platforms

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/onsi/gomega"
	"go.yaml.in/yaml/v4"
)

// formID is what an id of a field may be made of.
var formID = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// form is an issue form as GitHub takes it; it shows none that has another field.
type form struct {
	Name        string   `yaml:"name"`
	Description string   `yaml:"description"`
	Labels      []string `yaml:"labels"`
	Body        []struct {
		Type       string `yaml:"type"`
		ID         string `yaml:"id"`
		Attributes struct {
			Label       string `yaml:"label"`
			Description string `yaml:"description"`
			Placeholder string `yaml:"placeholder"`
			Value       string `yaml:"value"`
			Options     []any  `yaml:"options"`
		} `yaml:"attributes"`
		Validations struct {
			Required bool `yaml:"required"`
		} `yaml:"validations"`
	} `yaml:"body"`
}

// strict parses YAML and refuses fields that the value does not have.
func strict(t *testing.T, b []byte, into any) {
	t.Helper()
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		t.Fatal(err)
	}
}

// TestForms makes sure that GitHub takes the issue forms, and that they ask for what an answer
// needs.
func TestForms(t *testing.T) {
	paths, err := filepath.Glob("../../.github/ISSUE_TEMPLATE/*.yml")
	if err != nil {
		t.Fatal(err)
	}
	required := map[string]string{}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".yml")
		if name == "config" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			b, err := os.ReadFile(path)
			g.Expect(err).NotTo(gomega.HaveOccurred())
			var f form
			strict(t, b, &f)
			g.Expect(f.Name).NotTo(gomega.BeEmpty())
			g.Expect(f.Description).NotTo(gomega.BeEmpty())
			ids, labels := map[string]bool{}, map[string]bool{}
			for _, e := range f.Body {
				a := e.Attributes
				if e.Type == "markdown" {
					g.Expect(a.Value).NotTo(gomega.BeEmpty())
					g.Expect(e.ID + a.Label).To(gomega.BeEmpty())
					continue
				}
				g.Expect(e.Type).To(gomega.BeElementOf("input", "textarea", "dropdown", "checkboxes"))
				g.Expect(formID.MatchString(e.ID)).To(gomega.BeTrue(), e.ID)
				g.Expect(a.Label).NotTo(gomega.BeEmpty(), e.ID)
				g.Expect(ids[e.ID] || labels[a.Label]).To(gomega.BeFalse(), "%s: another has this id or label", e.ID)
				ids[e.ID], labels[a.Label] = true, true
				g.Expect(len(a.Options) > 0).To(gomega.Equal(e.Type == "dropdown" || e.Type == "checkboxes"), e.ID)
				if e.Validations.Required {
					required[name] += e.ID + " "
				}
			}
			g.Expect(ids).NotTo(gomega.BeEmpty(), "it asks nothing")
		})
	}
	gomega.NewWithT(t).Expect(required).To(gomega.Equal(map[string]string{"verdict": "claim source why report ", "column": "platform measured "}))
}

// TestFirstPage makes sure that whoever opens an issue is led to the policy about security, and
// that there is one.
func TestFirstPage(t *testing.T) {
	g := gomega.NewWithT(t)
	b, err := os.ReadFile("../../.github/ISSUE_TEMPLATE/config.yml")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	var config struct {
		Blank bool `yaml:"blank_issues_enabled"`
		Links []struct {
			Name  string `yaml:"name"`
			URL   string `yaml:"url"`
			About string `yaml:"about"`
		} `yaml:"contact_links"`
	}
	strict(t, b, &config)
	g.Expect(config.Links).To(gomega.HaveLen(1))
	g.Expect(config.Links[0].URL).To(gomega.HaveSuffix("/security/policy"))
	policy, err := os.ReadFile("../../SECURITY.md")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	for _, heading := range []string{"What counts", "How to report", "Findings about other people's software"} {
		g.Expect(string(policy)).To(gomega.ContainSubstring("\n## " + heading + "\n"))
	}
}
