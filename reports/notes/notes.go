// Package notes explains cells of the published table that surprise: what in a system makes it
// answer as it does. The notes on a claim stand in one file, ID.md. Each has a front matter, which
// says for which platforms and behaviours it holds and which observations show it, so that a test
// can say when it no longer does.
package notes

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

//go:embed *.md
var files embed.FS

// Note explains what some platforms show for a claim.
type Note struct {
	// Claim is the id of the claim.
	Claim string `yaml:"-"`
	// Platforms are patterns of platform ids (path.Match).
	Platforms []string
	// Shows are the behaviours that it explains. No platform of its own shows another.
	Shows []string
	// Look are the observations in a report that show it best.
	Look []Look
	// Text is a paragraph of plain text.
	Text string `yaml:"-"`
}

// Look selects observations by the fields that are not empty.
type Look struct {
	Op, Proto, Variant, Target string
}

// All returns the notes in the order of the catalogue, those on one claim in the order of its file.
func All() ([]Note, error) {
	entries, err := files.ReadDir(".")
	if err != nil {
		return nil, err
	}
	var out []Note
	for _, e := range entries {
		raw, err := files.ReadFile(e.Name())
		if err != nil {
			return nil, err
		}
		of, err := parse(strings.TrimSuffix(e.Name(), ".md"), strings.ReplaceAll(string(raw), "\r\n", "\n"))
		if err != nil {
			return nil, fmt.Errorf("reports/notes/%s: %w", e.Name(), err)
		}
		out = append(out, of...)
	}
	place := func(n Note) int {
		return slices.IndexFunc(claim.Golden(), func(g claim.GoldenID) bool { return g.ID == n.Claim })
	}
	slices.SortStableFunc(out, func(a, b Note) int { return place(a) - place(b) })
	return out, nil
}

// fence is the line before and after a front matter.
const fence = "---\n"

// parse reads the notes of one file: front matter and paragraph, in turns.
func parse(id, file string) ([]Note, error) {
	pieces := strings.Split("\n"+file, "\n"+fence)
	if len(pieces) < 3 || len(pieces)%2 == 0 || strings.TrimSpace(pieces[0]) != "" {
		return nil, fmt.Errorf("each note is a front matter between two lines ---, and a paragraph")
	}
	var out []Note
	for i := 1; i < len(pieces); i += 2 {
		n := Note{Claim: id, Text: strings.Join(strings.Fields(pieces[i+1]), " ")}
		if err := yaml.Load([]byte(pieces[i]), &n, yaml.WithKnownFields()); err != nil {
			return nil, fmt.Errorf("note %d: %w", i/2+1, err)
		}
		for _, pattern := range n.Platforms {
			if _, err := path.Match(pattern, ""); err != nil {
				return nil, fmt.Errorf("note %d: platforms: %q: %w", i/2+1, pattern, err)
			}
		}
		if len(n.Platforms) == 0 || len(n.Shows) == 0 || n.Text == "" {
			return nil, fmt.Errorf("note %d: platforms, shows and the paragraph are wanted", i/2+1)
		}
		out = append(out, n)
	}
	return out, nil
}

// About reports whether a note is about a platform.
func (n Note) About(platform string) bool {
	return slices.ContainsFunc(n.Platforms, func(pattern string) bool {
		is, err := path.Match(pattern, platform)
		return err == nil && is
	})
}

// Explains reports whether a note explains a behaviour of a platform.
func (n Note) Explains(claim, platform, behaviour string) bool {
	return n.Claim == claim && slices.Contains(n.Shows, behaviour) && n.About(platform)
}

// In returns the first observation that is meant, and whether there is one.
func (l Look) In(all observation.Set) (observation.Observation, bool) {
	return all.Where(func(o observation.Observation) bool {
		return (l.Op == "" || o.Op == l.Op) && (l.Proto == "" || o.Proto == l.Proto) && (l.Variant == "" || o.Variant == l.Variant) &&
			(l.Target == "" || slices.Contains(o.Targets, l.Target))
	}).First()
}
