package session

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/combine"
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/runner/submission"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// Outcome is what was measured.
type Outcome struct {
	Report model.Report
	// Capture is the file beside the report with what crossed the cables: a section of each part of
	// a claim. It is empty if nothing was captured.
	Capture []byte
	// Interrupted says that the run ended early; what was measured until then is in the report.
	Interrupted bool
}

// CaptureName returns the name of the capture beside a report.
func CaptureName(r model.Report) string { return r.Platform.ID + ".pcapng" }

// attach makes one file of the captures of claims, and names their sections beside the results.
func (o *Outcome) attach(captures map[string][]claim.Capture) {
	for i := range o.Report.Results {
		r := &o.Report.Results[i]
		if len(captures[r.Claim]) == 0 {
			continue
		}
		var parts []string
		for _, c := range captures[r.Claim] {
			o.Capture = append(o.Capture, c.Bytes...)
			parts = append(parts, c.Part)
		}
		r.Evidence = []model.Evidence{{Kind: "pcap", Name: CaptureName(o.Report), Section: r.Claim + ": ",
			Note: "what crossed the cable: " + strings.Join(parts, "; ")}}
	}
	o.Rename(CaptureName(o.Report), CaptureName(o.Report))
}

// Rename writes another name for the capture of this name into the report, and the hash of the file
// as it is now.
func (o *Outcome) Rename(from, to string) {
	if len(o.Capture) == 0 {
		return
	}
	sum := sha256.Sum256(o.Capture)
	o.Report.Results = slices.Clone(o.Report.Results)
	for i := range o.Report.Results {
		r := &o.Report.Results[i]
		r.Evidence = slices.Clone(r.Evidence)
		for j := range r.Evidence {
			if e := &r.Evidence[j]; e.Name == from {
				e.Name, e.SHA256 = to, hex.EncodeToString(sum[:])
			}
		}
	}
}

// detach takes a capture apart again, by claim, and the names of its sections out of the report.
func (o *Outcome) detach() (map[string][]claim.Capture, error) {
	sections, err := wire.Sections(o.Capture)
	if err != nil {
		return nil, err
	}
	captures := map[string][]claim.Capture{}
	for _, s := range sections {
		id, part, _ := strings.Cut(s.Comment, ": ")
		captures[id] = append(captures[id], claim.Capture{Part: part, Bytes: s.Bytes})
	}
	for i := range o.Report.Results {
		o.Report.Results[i].Evidence = nil
	}
	o.Capture = nil
	return captures, nil
}

// capturedBefore reads the capture beside a report, which what is captured now is added to. One
// file for each claim, as older kits wrote them, stays as it is.
func capturedBefore(r model.Report) ([]byte, error) {
	name := CaptureName(r)
	for _, result := range r.Results {
		for _, e := range result.Evidence {
			if e.Name != name {
				continue
			}
			b, err := model.ReadFile(filepath.Join(filepath.Dir(r.File), name), submission.MaxCapture)
			if err != nil {
				return nil, fmt.Errorf("%w; what is captured now is added to it", err)
			}
			if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != e.SHA256 {
				return nil, fmt.Errorf("%s: beside it, %s is not the file that it names, and what is captured now is added to that", r.File, name)
			}
			return b, nil
		}
	}
	return nil, nil
}

// completed returns the report that was to be completed, with what was measured of the claims that
// it lacks, and its capture with the sections of that.
func (p Plan) completed(fresh Outcome) (Outcome, error) {
	if p.incomplete == nil {
		return fresh, nil
	}
	id := fresh.Report.Platform.ID
	r, has := p.incomplete.Of(id, true) // a single report of another platform is refused below
	if !has {
		return fresh, usage("--complete: %s has no report of %s, which was measured now; measure that one whole", p.Complete, id)
	}
	whole, err := combine.Complete(r, fresh.Report, claim.Catalogue())
	if err != nil {
		return fresh, usage("--complete: %w", err)
	}
	out := Outcome{Report: whole, Interrupted: fresh.Interrupted}
	if len(fresh.Capture) > 0 {
		out.Capture = slices.Concat(p.captures[id], fresh.Capture)
		out.Rename(CaptureName(whole), CaptureName(whole))
	}
	return out, nil
}

// resume adds to an interrupted report what was measured since: what it has stays, as long as it is
// the same platform.
func resume(old, fresh model.Report) (model.Report, error) {
	if old.Platform.ID != fresh.Platform.ID {
		return fresh, usage("--resume: that report is of %s, and this is %s; go on where it was begun", old.Platform.ID, fresh.Platform.ID)
	}
	measured := map[string]model.Result{}
	for _, r := range old.Results {
		if r.Reason != model.Interrupted {
			measured[r.Claim] = r
		}
	}
	for i, r := range fresh.Results { // the older kit may have fewer claims, so places differ
		if has, is := measured[r.Claim]; is {
			fresh.Results[i] = has
		}
	}
	fresh.Run.ID, fresh.Run.Started, fresh.Run.Seed, fresh.Run.Repeat = old.Run.ID, old.Run.Started, old.Run.Seed, old.Run.Repeat
	fresh.Run.DurationMillis += old.Run.DurationMillis
	fresh.Sweeps = addSweeps(slices.Clone(old.Sweeps), fresh.Sweeps)
	fresh.Capacity = old.Capacity // unless it is asked for again
	return fresh, nil
}

// Encode returns the file of a report to which nothing is added any more: its digest is made now.
func Encode(r model.Report) ([]byte, error) {
	r, err := r.Sealed()
	if err != nil {
		return nil, err
	}
	return model.Encode(r)
}

// decode reads a report that another process wrote.
func decode(b []byte, from string) (model.Report, error) {
	r, err := model.Decode(bytes.NewReader(b), from, claim.Catalogue())
	if err == nil {
		err = intact(r)
	}
	return r, err
}
