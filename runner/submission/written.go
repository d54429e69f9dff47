package submission

import (
	"encoding/json"
	"fmt"
	"path/filepath"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/sentences"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// written checks a file that people write and no kit: what is documented, errata, and sentences of
// RFCs. It reports whether the file is one.
func written(path string, catalogue []claim.Entry) (model.Checked, bool) {
	text, err := model.ReadFile(path, model.MaxBytes)
	if err != nil {
		return model.Checked{}, false // reading it as a report says so
	}
	var head map[string]json.RawMessage
	switch {
	case json.Unmarshal(text, &head) != nil || head["results"] != nil:
		return model.Checked{}, false
	case head["errata"] != nil:
		e, err := model.DecodeErrata(text, path, catalogue)
		return model.Checked{File: path, Wrong: model.Problems(path, err), Holds: fmt.Sprintf("%d errata", len(e.Errata))}, true
	case head["documents"] != nil:
		s, err := model.DecodeSentences(text, path, catalogue)
		c := model.Checked{File: path, Wrong: model.Problems(path, err)}
		n := 0
		for i, d := range s.Documents {
			n += len(d.Sentences)
			if own := sentences.File(d); own != filepath.Base(path) {
				c.Wrong = append(c.Wrong, model.Problem{File: path, Path: fmt.Sprintf("documents[%d].rfc", i), Text: fmt.Sprintf("RFC %d has a file of its own: %s", d.RFC, own)})
			}
		}
		c.Holds = fmt.Sprintf("%d sentences", n)
		return c, true
	case head["entries"] == nil:
		return model.Checked{}, false
	}
	d, err := model.DecodeDocumentation(text, path, catalogue)
	c := model.Checked{File: path, Wrong: model.Problems(path, err), Holds: fmt.Sprintf("%d documented entries", len(d.Entries))}
	for i, e := range d.Entries {
		if e.System+".json" != filepath.Base(path) {
			c.Wrong = append(c.Wrong, model.Problem{File: path, Path: "entries", Text: fmt.Sprintf("entries[%d] is on %s, which has a file of its own: %[2]s.json", i, e.System)})
			break
		}
	}
	return c, true
}
