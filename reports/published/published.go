// Package published holds the measured reports that the public table is made of, one file per platform. They are part
// of the program, so that a lone binary can show them.
package published

import (
	"embed"
	"io/fs"
	"path"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/claim"
)

//go:embed *
var files embed.FS

// Reports reads the published reports, in the order of their file names. All that are invalid are named at once.
func Reports(catalogue []claim.Entry) ([]model.Report, error) {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, err
	}
	var out []model.Report
	var all *multierror.Error
	for _, name := range names {
		r, err := read(name, catalogue)
		if err != nil {
			all = multierror.Append(all, err)
			continue
		}
		out = append(out, r)
	}
	return out, all.ErrorOrNil()
}

func read(name string, catalogue []claim.Entry) (model.Report, error) {
	f, err := files.Open(name)
	if err != nil {
		return model.Report{}, err
	}
	defer func() { _ = f.Close() }()
	return model.Decode(f, path.Join("reports/published", name), catalogue)
}
