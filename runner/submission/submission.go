// Package submission checks whether a report can be published: whether it is a valid report, and
// whether it is whole, unedited, rightly named, of a known kit, and free of what should not be
// public. It is the same for the person who measured and for the one who merges.
package submission

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/loopmatrix/loopmatrix/reports/combine"
	"github.com/loopmatrix/loopmatrix/reports/errata"
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/runner/platform"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// MaxCapture is the size of the largest capture that is published, in bytes. That of a run has
// about 200 KiB, and grows whenever claims are added to a report; with twenty times as much, the
// repository stays quick to clone.
const MaxCapture = 4 << 20

// Check reads a file and returns everything that keeps it from being published.
func Check(path string, catalogue []claim.Entry) model.Checked {
	if c, is := written(path, catalogue); is {
		return c
	}
	r, err := model.Read(path, catalogue)
	c := model.Checked{File: path, Report: r, Wrong: model.Problems(path, err)}
	if r.File == "" {
		return c // it could not be read as a report, so nothing else can be said
	}
	known, err := errata.All()
	c.Wrong = append(c.Wrong, model.Problems(path, err)...)
	c.Unfit = slices.DeleteFunc(model.Problems(path, r.Sound(catalogue)), func(p model.Problem) bool { return errata.Settles(known, r, p) })
	if r.Digest == nil {
		c.Unfit = append(c.Unfit, model.Problems(path, r.Intact())...)
	}
	c.Withdrawn = withdrawn(known, r, catalogue)
	f := findings{&c}
	if r.Subject == model.Stack {
		f.add("subject", "it is of a stack behind the stack protocol, and the published table is about kernels; keep it beside the stack")
		return c
	}
	f.layout()
	f.kit("kit", c.Report.Kit)
	for i, a := range c.Report.Added {
		f.kit(fmt.Sprintf("added[%d].kit", i), a.Kit)
	}
	f.name()
	f.times()
	f.subjects()
	f.altered()
	f.whole()
	f.captures()
	f.private()
	return c
}

// withdrawn are the claims of a report whose answers errata withdraw.
func withdrawn(all []model.Erratum, r model.Report, catalogue []claim.Entry) []string {
	var out []string
	for _, result := range combine.Rejudge(r, catalogue).Results {
		if _, is := errata.Of(all, r, result); is {
			out = append(out, result.Claim)
		}
	}
	return out
}

// findings adds to what keeps a report from being published.
type findings struct{ *model.Checked }

func (f findings) add(path, format string, args ...any) {
	f.Unfit = append(f.Unfit, model.Problem{File: f.File, Path: path, Text: fmt.Sprintf(format, args...)})
}

// layout holds the file against the bytes that the kit writes for the same report: the digest does
// not see white space.
func (f findings) layout() {
	is, err := model.ReadFile(f.File, model.MaxBytes)
	if err != nil {
		f.add("", "it can't be read: %v", err)
		return
	}
	want, err := model.Encode(f.Report)
	if err != nil || bytes.Equal(is, want) {
		return
	}
	i := 0
	for i < min(len(is), len(want)) && is[i] == want[i] {
		i++
	}
	f.add("", "its layout is not the kit's from line %d on; take the file as the kit wrote it (no formatter, no other line ends)",
		bytes.Count(want[:min(i, len(want))], []byte("\n"))+1)
}

// name holds the name of the file and the id of the platform against what was measured.
func (f findings) name() {
	p := f.Report.Platform
	if why := platform.Misnamed(p); why != "" {
		f.add("platform.id", "it is %q, but %s; the kit makes it, so measure again", p.ID, why)
	}
	if want := p.ID + ".json"; model.ValidPlatformID(p.ID) && filepath.Base(f.File) != want {
		f.add("", "a published report is named after its platform; rename it to %s", want)
	}
}

// times refuses what was measured by a clock that was ahead, for it would stand as the newest of
// its platform for ever.
func (f findings) times() {
	if ahead := time.Until(f.Report.Run.Started); ahead > 24*time.Hour {
		f.add("run.started", "%s is in the future; set the clock and measure again", f.Report.Run.Started.Format(time.RFC3339))
	}
}

// subjects refuses what is about one machine as it was set up: the table is about kernels.
func (f findings) subjects() {
	for i, r := range f.Report.Results {
		if r.About() == model.Machine {
			f.add(fmt.Sprintf("results[%d].subject", i), "it is about this machine, and only what is about its kernel is published; measure for publication, which leaves it out")
		}
	}
}

// leftOut begins the reasons of results that are missing because of how the kit was called.
var leftOut = []struct{ reason, why string }{
	{model.Interrupted, "the run was interrupted"},
	{model.NotSelected, "the run was told to leave it out (--claims)"},
}

// whole refuses a report that a flag or an interrupt made partial. What the machine could not do is
// no such thing.
func (f findings) whole() {
	for _, cut := range leftOut {
		var ids []string
		for _, r := range f.Report.Results {
			if r.Verdict == claim.NotRun && r.Reason == cut.reason {
				ids = append(ids, model.Printable(r.Claim))
			}
		}
		f.missing(ids, cut.why)
	}
	var ids []string
	for _, r := range f.Report.Results {
		if r.Verdict == claim.NotRun && strings.HasSuffix(r.Reason, ": --wire off") {
			ids = append(ids, model.Printable(r.Claim))
		}
	}
	f.missing(ids, "the run was told to do without a wire (--wire off)")
}

func (f findings) missing(ids []string, why string) {
	if len(ids) > 0 {
		f.add("results", "%s: %s; measure the whole catalogue", why, strings.Join(ids, ", "))
	}
}

// captures looks for every file that the report names beside it, once though many results name it,
// and for the sections.
func (f findings) captures() {
	var absent, foreign []string
	sections := map[model.Evidence][]wire.Section{} // by name and hash
	for i, r := range f.Report.Results {
		for j, e := range r.Evidence {
			if e.Name == "" || filepath.Base(e.Name) != e.Name {
				continue // a remark; or no plain name, which is said already, and it is not to be opened
			}
			at, file := fmt.Sprintf("results[%d].evidence[%d]", i, j), model.Evidence{Name: e.Name, SHA256: e.SHA256}
			has, seen := sections[file]
			if !seen {
				if !strings.HasPrefix(e.Name, f.Report.Platform.ID+".") {
					foreign = append(foreign, model.Printable(e.Name))
				}
				b, is := f.capture(at, e)
				if !is {
					absent = append(absent, model.Printable(e.Name))
				}
				has, _ = wire.Sections(b) // those of older kits need not have any
				sections[file] = has
			}
			if e.Section != "" && len(has) > 0 && !slices.ContainsFunc(has, func(s wire.Section) bool { return strings.HasPrefix(s.Comment, e.Section) }) {
				f.add(at+".section", "%q has no section whose comment begins so; copy it again", e.Name)
			}
		}
	}
	if len(foreign) > 0 {
		f.add("results", "these captures do not begin with the id of the platform, so they may meet those of another report: %s; "+
			"measure with --target local --out FOLDER", strings.Join(foreign, ", "))
	}
	if len(absent) > 0 {
		f.add("results", "these captures are not beside the report: %s; add them", strings.Join(absent, ", "))
	}
}

// capture returns the bytes of a file that is as the report says, and reports whether there is any.
func (f findings) capture(at string, e model.Evidence) (b []byte, is bool) {
	path := filepath.Join(filepath.Dir(f.File), e.Name)
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return nil, false
	case !info.Mode().IsRegular():
		f.add(at+".name", "%q is no regular file", e.Name)
		return nil, true
	case info.Size() > MaxCapture:
		f.add(at+".name", "%q has %d bytes, and at most %d are published; open an issue and say what made it so large", e.Name, info.Size(), MaxCapture)
		return nil, true
	}
	if b, err = model.ReadFile(path, MaxCapture); err != nil {
		f.add(at+".name", "%q can't be read", e.Name)
		return nil, true
	}
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != e.SHA256 {
		f.add(at+".sha256", "%q is not the file that the kit wrote: its hash is %x; copy it again", e.Name, sum)
		return nil, true
	}
	return b, true
}

// Private returns the places of a report that show whose machine it was, which keep it from being
// published.
func Private(r model.Report) []model.Problem {
	c := model.Checked{File: r.File, Report: r}
	findings{&c}.private()
	return c.Unfit
}

// private looks into every text of the report for what may show whose machine it was.
func (f findings) private() {
	b, err := model.Encode(f.Report)
	if err != nil {
		return // said already: it has no digest either
	}
	var tree any
	if json.Unmarshal(b, &tree) != nil {
		return
	}
	all := leaks()
	texts(tree, "", func(path, text string) {
		told := ""
		for _, l := range all {
			found := strings.Trim(l.pattern.FindString(text), " \t\r\n\"'=:,;()?!")
			if found == "" || slices.Contains(l.harmless, found) || told != "" && (strings.Contains(found, told) || strings.Contains(told, found)) {
				continue
			}
			told = found
			f.add(path, "it holds %q, which %s; tell us in an issue how it got there, and measure where it does not", found, l.tells)
		}
	})
}
