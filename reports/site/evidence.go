package site

import (
	"fmt"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// evidence is what stands behind a cell.
type evidence struct {
	Platform model.Column
	model.Cell
	Reply render.Reply
	// Made is the platform when it was measured: a claim may be younger than the report's first
	// run.
	Made model.Column
	// Run and How are how it was measured; nil and empty if the report is not at hand.
	Run    *model.Run
	How    string
	Result model.Result
	// Frames are those that were seen on the link: what deviates from "nothing leaves" deviates by
	// them.
	Frames   []string
	Map      *picture // of the sweep that says the same of every address; nil if there is none
	Captures []capture
}

// capture is a file of evidence.
type capture struct {
	model.Evidence
	// Path is its address from the root; empty if it is not at hand.
	Path string
}

func (b *builder) evidence(c claim.Claim, p model.Column) evidence {
	e := evidence{Platform: p, Made: p, Cell: render.At(b.matrix, c.ID, p.ID), Map: b.picture(p.ID, informs(c.ID))}
	e.Reply = render.ReplyTo(c, e.Cell)
	r, given := b.reports[p.ID]
	if !given {
		return e
	}
	by := r.By(c.ID)
	e.Run, e.How, e.Result = &by.Run, by.How(), b.results[c.ID][p.ID]
	e.Made = model.Column{Platform: by.Platform, Measured: by.Run.Started.UTC(), Kit: by.Kit}
	e.Frames = frames(e.Result.Observations)
	for _, kept := range e.Result.Evidence {
		e.Captures = append(e.Captures, b.capture(p.ID, kept))
	}
	return e
}

// capture finds the file of a piece of evidence and adds it to the site.
func (b *builder) capture(platform string, kept model.Evidence) capture {
	bytes, given := b.captures[platform][kept.Name]
	if !given || !captureName.MatchString(kept.Name) || len(kept.Name) > 200 {
		return capture{Evidence: kept}
	}
	path := "captures/" + platform + "/" + kept.Name
	if !slices.ContainsFunc(b.files, func(f File) bool { return f.Path == path }) {
		b.add(path, bytes)
	}
	return capture{kept, path}
}

// frames lists what left for the link, of the observations that saw something there.
func frames(seen observation.Set) []string {
	var out []string
	for _, o := range seen {
		if o.Op != "wire" && o.Op != "answer" || o.Outcome == observation.Nothing {
			continue
		}
		for _, line := range o.Calls {
			if strings.HasPrefix(line, "out ") {
				out = append(out, line)
			}
		}
	}
	return out
}

// fewTargets is how many addresses of an observation are told before it is opened: a line of them.
const fewTargets = 3

// targets says where an observation was aimed at, in a line.
func targets(o observation.Observation) string {
	if n := len(o.Targets) - fewTargets; n > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(o.Targets[:fewTargets], ", "), n)
	}
	return strings.Join(o.Targets, ", ")
}

// many says whether an observation has more targets than its line tells.
func many(o observation.Observation) bool { return len(o.Targets) > fewTargets }

// probe names what an observation did: "send udp".
func probe(o observation.Observation) string {
	if o.Proto == "" {
		return o.Op
	}
	return o.Op + " " + o.Proto
}

// back says what came back, without the outcome: error, source and value.
func back(o observation.Observation) string {
	var out []string
	switch {
	case o.Errno != "" && o.Number != 0:
		out = append(out, fmt.Sprintf("%s (%d)", o.Errno, o.Number))
	case o.Errno != "":
		out = append(out, o.Errno)
	}
	if o.Source == observation.SameAsDestination {
		out = append(out, "source = destination")
	} else if o.Source != "" {
		out = append(out, "source "+o.Source)
	}
	if o.Value != "" {
		out = append(out, o.Value)
	}
	return strings.Join(out, ", ")
}
