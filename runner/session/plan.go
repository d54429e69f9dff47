// Package session measures. Options say what is wanted and a Plan what that comes to; an Outcome is
// the report and the capture of what was measured, on this machine or on a target.
package session

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loopmatrix/loopmatrix/reports/combine"
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/runner/compare"
	"github.com/loopmatrix/loopmatrix/suites/kit/capacity"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// Options say what is to be measured, in the words of the command line.
type Options struct {
	// Kit is the program that measures, as reports name it.
	Kit model.Kit
	// Claims selects claims (claim.Select).
	Claims string
	// Labels is a filter by labels of those (claim.Filter).
	Labels string
	// Seed is that of the random addresses; 0 takes a new one.
	Seed uint64
	// Sample stands for the block in place of the addresses of Seed, if there is one. Such a report
	// is about these addresses, and none to publish.
	Sample []netip.Addr
	// Repeat is how often claims are measured, each time in a fresh process.
	Repeat int
	// Wire is WireAuto, WireOff or WireRequired.
	Wire string
	// Sweep lists sweeps: "udp,bind=127.64.0.0/10,listeners=1000".
	Sweep string
	// MemoryShare is how much of the free memory listeners may take, in percent.
	MemoryShare float64
	// Resume is the file of an interrupted run's report, which the run goes on with.
	Resume string
	// Complete is the file of a report, or a folder of reports: what they lack is measured and
	// added.
	Complete string
	// Capture keeps what crosses the cables.
	Capture bool
	// Stack is a command (targets.Words) whose stack is measured, and not this machine's.
	Stack string
	// StackLimit is the longest time until that stack has greeted.
	StackLimit time.Duration
	// Targets says that targets are measured, and not this machine.
	Targets bool
}

// The modes of private hosts.
const (
	// WireAuto makes private hosts where they vanish by themselves.
	WireAuto = "auto"
	// WireOff makes none.
	WireOff = "off"
	// WireRequired makes them wherever it can, and fails where it can't.
	WireRequired = "required"
)

// Defaults returns the options of a run with no further words: every claim, once.
func Defaults() Options {
	return Options{Repeat: 1, Wire: WireAuto, MemoryShare: 100 * capacity.HalfOfFree}
}

// Plan is what Options come to.
type Plan struct {
	Options
	// Keep is given what is measured, every few seconds while a sweep goes on, so that little is
	// lost with the process; nil keeps nothing. It is called from one goroutine at a time.
	Keep       func(Outcome)
	selected   []claim.Entry
	sweeps     []model.Sweep
	listeners  *capacity.Plan    // nil if none are to be held
	resumed    *model.Report     // what Resume names; nil if it names nothing
	incomplete *compare.Side     // what Complete names; nil if it names nothing
	captures   map[string][]byte // of incomplete, by platform
}

// Usage is an error that the user can mend by other words.
type Usage struct{ error }

// Unwrap returns the error itself.
func (u Usage) Unwrap() error { return u.error }

func usage(format string, args ...any) error { return Usage{fmt.Errorf(format, args...)} }

// Plan refuses options that can't work, before anything is measured. Its errors are of type Usage.
func (o Options) Plan() (Plan, error) {
	p := Plan{Options: o}
	if err := p.labelled(); err != nil {
		return p, err
	}
	if err := p.lacking(); err != nil {
		return p, err
	}
	switch {
	case o.Repeat < 1:
		return p, usage("--repeat %d: it takes a number of at least 1", o.Repeat)
	case !slices.Contains([]string{WireAuto, WireOff, WireRequired}, o.Wire):
		return p, usage("--wire %q: it takes %s, %s, %s", o.Wire, WireAuto, WireOff, WireRequired)
	case o.Resume != "" && (o.Repeat > 1 || o.Claims != "" || o.Capture || o.Targets):
		return p, usage("--resume goes on with what a run on this machine was told; leave --claims, --repeat, --pcap and --target out")
	case o.MemoryShare <= 0 || o.MemoryShare > 100:
		return p, usage("--memory-share %v: it takes a number of percent, above 0 and up to 100", o.MemoryShare)
	}
	var err error
	if p.sweeps, p.listeners, err = parseSweeps(o.Sweep); err != nil {
		return p, err
	}
	if p.selected, err = claim.Select(p.Claims, claim.Catalogue()); err != nil {
		return p, usage("--claims: %w", err)
	}
	if p.Seed == 0 {
		p.Seed = newSeed()
	}
	return p, p.remaining()
}

// newSeed returns a random number that is not 0.
func newSeed() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // it never fails
	return max(1, binary.BigEndian.Uint64(b[:]))
}

// arguments returns the words that tell the kit in another process the same, but for what is only
// said once of all runs.
func (o Options) arguments(repeat int) []string {
	words := []string{"--wire", o.Wire, "--seed", strconv.FormatUint(o.Seed, 10), "--repeat", strconv.Itoa(repeat)}
	if o.Stack != "" {
		words = append(words, "--stack", o.Stack, "--stack-limit", o.StackLimit.String())
	}
	if o.Claims != "" { // some shells lose an empty word
		words = append(words, "--claims", o.Claims)
	}
	return words
}

// labelled makes Claims the ids of the claims that Labels selects, which is how targets and the
// processes of Repeat get them: no shell reads an exclamation mark in an id.
func (p *Plan) labelled() error {
	if p.Labels == "" {
		return nil
	}
	among, err := claim.Select(p.Claims, claim.Catalogue())
	if err != nil {
		return usage("--claims: %w", err)
	}
	selected, err := claim.Filter(p.Labels, among)
	if err != nil {
		return usage("--label-filter: %w", err)
	}
	if len(selected) == 0 {
		return usage("--label-filter: %q selects no claim; the labels are id:, family:, level: and rfc: with a value, and headline", p.Labels)
	}
	p.Claims = strings.Join(ids(selected), ",")
	return nil
}

// remaining reads the report that Resume names, and selects the claims that an interrupt has kept
// from being measured.
func (p *Plan) remaining() error {
	if p.Resume == "" {
		return nil
	}
	r, err := model.Read(p.Resume, claim.Catalogue())
	if err == nil {
		err = intact(r)
	}
	if err != nil {
		return usage("--resume: %w", err)
	}
	interrupted := map[string]bool{}
	for _, result := range r.Results {
		interrupted[result.Claim] = result.Reason == model.Interrupted
	}
	p.resumed, p.Seed = &r, r.Run.Seed
	p.selected = slices.DeleteFunc(claim.Catalogue(), func(e claim.Entry) bool { return !interrupted[e.ID] })
	return nil
}

// intact returns an error for a report that is not as the process wrote it which it came from. A
// kit of an older version makes no digest.
func intact(r model.Report) error {
	if r.Digest == nil {
		return nil
	}
	return r.Intact()
}

// lacking reads the reports that Complete names, and selects the claims that they lack.
func (p *Plan) lacking() error {
	if p.Complete == "" {
		return nil
	}
	if p.Claims != "" || p.Resume != "" || p.Sweep != "" {
		return usage("--complete measures the claims that a report lacks, and nothing else; leave --claims, --resume and --sweep out")
	}
	side, err := compare.Load(p.Complete, claim.Catalogue())
	switch {
	case err != nil:
		return usage("--complete: %w", err)
	case side.Matrix != nil:
		return usage("--complete: %s: it is a matrix; name a report, or a folder of reports", p.Complete)
	}
	p.incomplete, p.captures = &side, map[string][]byte{}
	lacks := map[string]bool{}
	for _, r := range side.Reports {
		err := r.Intact()
		if err == nil && (p.Capture || p.Targets) {
			p.captures[r.Platform.ID], err = capturedBefore(r)
		}
		if err != nil {
			return usage("--complete: %w", err)
		}
		for _, id := range combine.Lacking(r, claim.Catalogue()) {
			lacks[id] = true
		}
	}
	selected := slices.DeleteFunc(ids(claim.Catalogue()), func(id string) bool { return !lacks[id] })
	if len(selected) == 0 {
		return usage("--complete: %s: no report there lacks a claim of this kit; there is nothing to measure", p.Complete)
	}
	p.Claims = strings.Join(selected, ",")
	return nil
}

// ids returns the ids of claims.
func ids(entries []claim.Entry) []string {
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = e.ID
	}
	return out
}
