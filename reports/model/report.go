// Package model is what a run leaves behind: Report, the result of one run on one platform, and
// Matrix, many reports side by side. Both are versioned JSON; runner, checker and pages use these
// types alike.
package model

import (
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// Report is one run on one platform.
type Report struct {
	// Schema is the version of this format.
	Schema int `json:"schema"`
	// Subject is what kind of thing was measured; "kernel" if it is not there.
	Subject Subject `json:"subject,omitempty" schema:"2"`
	// Kit says which version of the kit measured.
	Kit Kit `json:"kit"`
	// Platform says what was measured.
	Platform Platform `json:"platform"`
	// Run says when and how.
	Run Run `json:"run"`
	// Outside is what the side adds that took the kit to a target and fetched the report; none if
	// it was started by hand.
	Outside *Outside `json:"outside,omitempty" schema:"2"`
	// Catalogue lists the ids of the claims that the report was measured against, in their order. A
	// claim that is not among them is younger than the report.
	Catalogue []string `json:"catalogue,omitempty" jsonschema:"required" schema:"2"`
	// Results holds every claim of the catalogue once, in the order of the catalogue; what could
	// not run is not-run.
	Results []Result `json:"results"`
	// Sweeps are the exhaustive walks through the block, if any were asked for.
	Sweeps []Sweep `json:"sweeps,omitempty"`
	// Capacity is how many listeners could be held on one port, if that was asked for.
	Capacity *Capacity `json:"capacity,omitempty"`
	// Added are later runs on the same platform, for claims that did not exist at the first one.
	Added []Addition `json:"added,omitempty" schema:"2"`
	// Digest is over everything else in the report, made by the kit that finished it; reports of
	// older kits have none.
	Digest *Digest `json:"digest,omitempty"`
	// File is where the report was read from, for messages; it is no part of the report.
	File string `json:"-"`
}

// Probes is how many probes the report rests on: the counts of all observations, of one run if
// there were several.
func (r Report) Probes() int {
	n := 0
	for _, result := range r.Results {
		for _, o := range result.Observations {
			n += o.Count
		}
	}
	return n
}

// Kit is the program that measured.
type Kit struct {
	// Version is the released version, or "devel".
	Version string `json:"version"`
	// Commit is the commit it was built from, empty if the build did not know.
	Commit string `json:"commit,omitempty"`
}

// Run is one run of the kit.
type Run struct {
	// ID tells two runs apart; it has no meaning.
	ID string `json:"id"`
	// Started is when the run began, in UTC.
	Started time.Time `json:"started"`
	// DurationMillis is how long it took by the clock on the wall, in milliseconds.
	DurationMillis int64 `json:"duration_ms"`
	// Seed is what the sample of addresses and every nonce were made from. It may exceed what a
	// float can hold.
	Seed uint64 `json:"seed"`
	// Repeat is how many times every claim was measured, each time in a fresh process; at least 1.
	Repeat int `json:"repeat"`
	// Target is the kind of target that the kit was taken to: "kernel", "runsc",
	// "vagrant:freebsd-15"; empty if it was started by hand. It names no path, no host and no user.
	Target string `json:"target,omitempty" schema:"1"`
	// How says how it was run there: "QEMU 7.2.22 with TCG, 512 MiB".
	How string `json:"how,omitempty" schema:"1"`
}

// Outside is what the side adds to a report that took the kit to a target: what is not known
// inside.
type Outside struct {
	// Kit is the version of the kit on that side.
	Kit Kit `json:"kit"`
	// Target is the kind of target: "kernel", "runsc", "vagrant:freebsd-15". It names no path, no
	// host and no user.
	Target string `json:"target"`
	// How says how the kit was run there: "QEMU 7.2.22 with TCG, 512 MiB".
	How string `json:"how,omitempty"`
	// Amended lists the facts of the platform that are better known from outside.
	Amended []Amendment `json:"amended,omitempty"`
}

// Amendment is a fact that stands in the report as it is known from outside.
type Amendment struct {
	// Name is the path of the fact in the report: "platform.version".
	Name string `json:"name"`
	// Inside is what the kit found where it ran, as JSON.
	Inside string `json:"inside"`
}

// Addition is a later run on the platform of the report. It measured claims that did not exist at
// the first one.
type Addition struct {
	// Kit says which version of the kit measured.
	Kit Kit `json:"kit"`
	// Platform is the platform as it was then. Its id is that of the report.
	Platform Platform `json:"platform"`
	// Run says when and how.
	Run Run `json:"run"`
	// Outside is what the side adds that took the kit to a target.
	Outside *Outside `json:"outside,omitempty"`
	// Claims lists the ids of the claims whose results are of this run.
	Claims []string `json:"claims"`
}

// Subject is what an answer is about.
type Subject string

// The subjects. A report is of a kernel, or of a network stack that was measured behind the stack
// protocol. A result is about what the report is of, which "kernel" stands for in both, or about
// the machine as it was set up.
const (
	Kernel  Subject = "kernel"
	Machine Subject = "machine"
	Stack   Subject = "stack"
)

// ReportSubjects lists what a report can be of.
func ReportSubjects() []Subject { return []Subject{Kernel, Stack} }

// ResultSubjects lists what a result can be about.
func ResultSubjects() []Subject { return []Subject{Kernel, Machine} }

// Result is one claim as measured. Verdict, behaviour and reason follow from the observations by
// the claim's rule.
type Result struct {
	// Claim is the id of the claim.
	Claim string `json:"claim"`
	// Subject is what the answer is about: this kernel, or this machine; "kernel" if it is not
	// there. A claim may have a result for each.
	Subject Subject `json:"subject,omitempty" schema:"2"`
	claim.Finding
	// Observations is what the probes saw, folded (observation.Fold). Of a repeated run, those of
	// the first process that showed this behaviour.
	Observations observation.Set `json:"observations"`
	// Evidence lists what was kept besides the transcripts.
	Evidence []Evidence `json:"evidence,omitempty"`
	// Runs says how often the claim was measured, and how often with this very verdict and
	// behaviour.
	Runs Runs `json:"runs"`
}

// About returns what the result is about.
func (r Result) About() Subject {
	if r.Subject == "" {
		return Kernel
	}
	return r.Subject
}

// name returns what the result is called in the digest: the id of its claim, and the subject unless
// it is the kernel.
func (r Result) name() string {
	if about := r.About(); about != Kernel {
		return r.Claim + " " + string(about)
	}
	return r.Claim
}

// Runs is k of n.
type Runs struct {
	// N is how often the claim was measured, at least 1.
	N int `json:"n"`
	// Same is how many of them gave the verdict and behaviour of the result, at least 1 and at most
	// N.
	Same int `json:"same"`
	// Also lists what the others gave, the most frequent first.
	Also []Alternative `json:"also,omitempty"`
}

// Alternative is what some runs of an unstable claim gave instead.
type Alternative struct {
	// Verdict is the verdict they gave.
	Verdict claim.Verdict `json:"verdict"`
	// Behaviour is the behaviour they gave; empty for not-run and inconclusive.
	Behaviour string `json:"behaviour,omitempty"`
	// Times is how many runs gave it, at least 1.
	Times int `json:"times"`
}

// Evidence is a file kept beside the report, or a remark.
type Evidence struct {
	// Kind is "pcap", "text" or another word for what it is.
	Kind string `json:"kind"`
	// Name is the file's name beside the report, without a folder.
	Name string `json:"name,omitempty"`
	// Section says which sections of the file are meant, by the beginning of their comments; all if
	// it is not there.
	Section string `json:"section,omitempty" schema:"2"`
	// SHA256 is the hash of the file, in lower case hexadecimal.
	SHA256 string `json:"sha256,omitempty"`
	// Note says in a sentence what it shows.
	Note string `json:"note,omitempty"`
}
