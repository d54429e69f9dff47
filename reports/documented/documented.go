// Package documented is what is known of systems that this kit has not measured: what their
// sources, their makers, public tests and public reports say. It is shown as what it is, never
// counted, and replaced by the first measurement.
package documented

import (
	"embed"
	"fmt"
	"path"
	"slices"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

//go:embed *.json
var files embed.FS

// All returns what is documented, by system in the order of the file names. All problems are named
// at once. Each file holds one system, whose name it has.
func All(catalogue []claim.Entry) (model.Documentation, error) {
	out := model.Documentation{Schema: model.DocumentedSchema}
	all := &multierror.Error{ErrorFormat: model.Lines}
	names, err := files.ReadDir(".")
	if err != nil {
		return out, err
	}
	for _, n := range names {
		text, err := files.ReadFile(n.Name())
		if err != nil {
			return out, err
		}
		d, err := model.DecodeDocumentation(text, path.Join("reports/documented", n.Name()), catalogue)
		if err != nil {
			all = multierror.Append(all, err)
			continue
		}
		for _, system := range systems(d) {
			if system+".json" != n.Name() {
				all = multierror.Append(all, fmt.Errorf("reports/documented/%s: it holds an entry on %s, which belongs to %[2]s.json", n.Name(), system))
			}
		}
		out.Entries = append(out.Entries, d.Entries...)
		out.Unanswered = append(out.Unanswered, d.Unanswered...)
	}
	return out, all.ErrorOrNil()
}

func systems(d model.Documentation) []string {
	var out []string
	for _, e := range d.Entries {
		out = append(out, e.System)
	}
	for _, u := range d.Unanswered {
		out = append(out, u.System)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
