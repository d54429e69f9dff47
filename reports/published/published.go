// Package published holds the measured reports that the public table is made of, one file per
// platform, and the captures that they name as evidence. The reports are part of the program, so
// that a lone binary can show them.
package published

import (
	"archive/tar"
	"bytes"
	_ "embed" // puts the files into the program
	"errors"
	"fmt"
	"io"
	"path"

	"github.com/hashicorp/go-multierror"
	"github.com/therootcompany/xz"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

//go:generate go test . -run TestArchive -update

// archive holds the reports of this folder, in the order of their names. They have much in common:
// eighteen take a fortieth of their size, and the program has no more to spare.
//
//go:embed reports.tar.xz
var archive []byte

// Reports reads the published reports, in the order of their file names. All that are invalid are
// named at once.
func Reports(catalogue []claim.Entry) ([]model.Report, error) {
	var out []model.Report
	var all *multierror.Error
	err := unpack(func(name string, content io.Reader) error {
		r, err := model.Decode(content, path.Join("reports/published", name), catalogue)
		if err != nil {
			all = multierror.Append(all, err)
			return nil
		}
		out = append(out, r)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reports.tar.xz: %w", err)
	}
	return out, all.ErrorOrNil()
}

// unpack gives every file of the archive, in order.
func unpack(take func(name string, content io.Reader) error) error {
	plain, err := xz.NewReader(bytes.NewReader(archive), xz.DefaultDictMax)
	if err != nil {
		return err
	}
	for files := tar.NewReader(plain); ; {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := take(header.Name, files); err != nil {
			return err
		}
	}
}
