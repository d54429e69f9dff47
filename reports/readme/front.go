package readme

import (
	"bytes"
	"errors"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// The lines of README.md between which the headlines stand. GitHub shows neither.
const (
	begins = "<!-- headlines: written by `go generate ./reports/readme` from reports/published -->\n"
	ends   = "<!-- end of the headlines -->\n"
)

var errMarks = errors.New("README.md has not the two lines, each once, between which the headlines belong")

// Front is README.md with the headlines of the published reports in their place.
func Front(readme []byte, reports []model.Report, catalogue []claim.Entry) ([]byte, error) {
	m, err := Matrix(reports, catalogue)
	if err != nil {
		return nil, err
	}
	before, rest, found := bytes.Cut(readme, []byte(begins))
	_, after, ended := bytes.Cut(rest, []byte(ends))
	if !found || !ended || bytes.Contains(after, []byte(begins)) || bytes.Contains(after, []byte(ends)) {
		return nil, errMarks
	}
	return bytes.Join([][]byte{before, []byte(begins), []byte("\n"), mac(m), []byte("\n"), render.HeadlineTable(m), []byte("\n"), []byte(ends), after}, nil), nil
}

// mac answers what most people come with.
func mac(m model.Matrix) []byte {
	const asked = "**Does `127.0.0.2` work on a Mac?** "
	answer := render.Mac(m, render.Link)
	if answer == "" {
		answer = "Nobody has measured a Mac for this table yet, and nothing is documented: a question mark is neither a yes nor a no.\n" +
			"[Two commands](#measure-your-machine) on one settle it."
	}
	return []byte(asked + answer + "\n")
}
