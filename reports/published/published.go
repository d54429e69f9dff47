// Package published holds the measured reports that the public table is made of, one file per platform, and the captures
// that they name as evidence. The reports are part of the program, so that a lone binary can show them.
package published

import (
	"archive/zip"
	"bytes"
	_ "embed" // puts the files into the program
	"fmt"
	"io/fs"
	"path"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/claim"
)

//go:generate go test . -run TestArchive -update

// archive holds the reports of this folder: eighteen take a twentieth of their size, which the program could not spare.
//
//go:embed reports.zip
var archive []byte

// Reports reads the published reports, in the order of their file names. All that are invalid are named at once.
func Reports(catalogue []claim.Entry) ([]model.Report, error) {
	files, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, fmt.Errorf("reports.zip: %w", err)
	}
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, err
	}
	var out []model.Report
	var all *multierror.Error
	for _, name := range names {
		r, err := read(files, name, catalogue)
		if err != nil {
			all = multierror.Append(all, err)
			continue
		}
		out = append(out, r)
	}
	return out, all.ErrorOrNil()
}

func read(files fs.FS, name string, catalogue []claim.Entry) (model.Report, error) {
	f, err := files.Open(name)
	if err != nil {
		return model.Report{}, err
	}
	defer func() { _ = f.Close() }()
	return model.Decode(f, path.Join("reports/published", name), catalogue)
}
