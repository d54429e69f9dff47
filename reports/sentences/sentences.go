// Package sentences is what the RFCs about loopback ask, sentence by sentence, with the claims that
// test each, or the reason why none does.
package sentences

import (
	"embed"
	"fmt"
	"path"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

//go:embed *.json
var files embed.FS

// All returns all sentences, by document in the order of the file names. All problems are named at
// once. Each file holds one document, whose number it has.
func All(catalogue []claim.Entry) (model.Sentences, error) {
	out := model.Sentences{Schema: model.SentencesSchema}
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
		s, err := model.DecodeSentences(text, path.Join("reports/sentences", n.Name()), catalogue)
		if err != nil {
			all = multierror.Append(all, err)
			continue
		}
		for _, d := range s.Documents {
			if File(d) != n.Name() {
				all = multierror.Append(all, fmt.Errorf("reports/sentences/%s: it holds RFC %d, which belongs to %s", n.Name(), d.RFC, File(d)))
			}
		}
		out.Documents = append(out.Documents, s.Documents...)
	}
	return out, all.ErrorOrNil()
}

// File returns the name of the file of a document.
func File(d model.Document) string { return fmt.Sprintf("rfc%d.json", d.RFC) }
