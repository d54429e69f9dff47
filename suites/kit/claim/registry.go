package claim

import (
	_ "embed"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// Spec measures a claim: it takes the host under test, calls probes and returns what they saw.
type Spec func(*host.Host) observation.Set

// Entry is a claim with its spec. A claim that is exempt, or that this version can't measure yet,
// has neither Spec nor Parts.
type Entry struct {
	Claim
	Spec  Spec
	Parts []Part
	// File and Line are where it is declared.
	File string
	Line int
}

// Part is a spec that runs in a private host of its own; the observations of all parts of a claim
// are judged together.
type Part struct {
	// Name says what is special about the private host: "default route". It becomes part of each
	// observation's Variant.
	Name string
	// In is the private host that the spec needs.
	In host.Arrangement
	// Here says that the part is about the host as it is, and is measured there and not in a
	// private host. It must only read.
	Here bool
	// Spec measures in the private host.
	Spec Spec
}

// Measured says whether this version of the kit can measure the claim.
func (e Entry) Measured() bool { return e.Spec != nil || len(e.Parts) > 0 }

//go:embed ids.txt
var golden string

// registry is the only package-level state: what the families declared, in any order.
var registry = map[string]Entry{}

// It declares a claim together with the spec that measures it. It panics on a claim that lacks
// something or whose id was declared before, so that a mistake shows at start and not in a report.
func It(c Claim, spec Spec) Claim {
	if spec == nil {
		panic("claim " + c.ID + ": no spec; use Declare")
	}
	if c.Rule == nil {
		panic("claim " + c.ID + ": no rule")
	}
	return add(Entry{Claim: c, Spec: spec})
}

// InPrivate declares a claim together with the specs that measure it, each in a private host:
// claims that need the other end of a cable, or privilege over interfaces, routes and rules.
func InPrivate(c Claim, parts ...Part) Claim {
	if c.Rule == nil {
		panic("claim " + c.ID + ": no rule")
	}
	names := map[string]bool{}
	for _, p := range parts {
		if p.Spec == nil || names[p.Name] {
			panic("claim " + c.ID + ": part " + p.Name + " has no spec, or stands there twice")
		}
		names[p.Name] = true
	}
	return add(Entry{Claim: c, Parts: parts})
}

// Declare declares a claim that is exempt, or that this version of the kit can't measure yet.
func Declare(c Claim) Claim { return add(Entry{Claim: c}) }

func add(e Entry) Claim {
	if err := Check(e.Claim); err != nil {
		panic(err.Error())
	}
	if _, twice := registry[e.ID]; twice {
		panic("claim " + e.ID + " is declared twice")
	}
	_, e.File, e.Line, _ = runtime.Caller(2)
	registry[e.ID] = e
	return e.Claim
}

// Check says what a claim lacks; all of it at once.
func Check(c Claim) error {
	var all *multierror.Error
	lacks := func(missing bool, what string) {
		if missing {
			all = multierror.Append(all, fmt.Errorf("claim %q: %s", c.ID, what))
		}
	}
	lacks(c.ID == "" || strings.Trim(c.ID, "abcdefghijklmnopqrstuvwxyz0123456789.-") != "", "the id must be lower case words with dots")
	lacks(!slices.Contains(Families(), c.Family), "unknown family")
	lacks(!slices.Contains(Levels(), c.Level), "unknown level")
	lacks(c.Sentence == "", "no sentence")
	lacks(!strings.HasSuffix(c.Question, "?"), "the question must end in a question mark")
	lacks(len(c.Gates) == 0 && c.Exempt == "", "no gate")
	lacks(len(c.Source.References) == 0 && c.Source.Note == "", "no source; folklore says in the note who says so")
	lacks(len(c.Behaviours) == 0 && c.Exempt == "", "no behaviours")
	lacks(c.Fault == "" && c.NoFault == "", "neither Fault, the name of a fault that turns it, nor NoFault, why there can be none")
	lacks(c.Fault != "" && c.NoFault != "", "both Fault and NoFault")
	conforming := slices.ContainsFunc(c.Behaviours, func(b Behaviour) bool { return b.Conforms })
	lacks(c.Level.Judged() && c.Exempt == "" && !conforming, "no behaviour conforms, at a level that is judged")
	words := map[string]bool{}
	for _, b := range c.Behaviours {
		lacks(b.Word == "" || b.Means == "", "a behaviour needs a word and a meaning")
		lacks(words[b.Word], "the behaviour "+b.Word+" is declared twice")
		words[b.Word] = true
	}
	if err := all.ErrorOrNil(); err != nil {
		return errors.New(strings.TrimSpace(err.Error()))
	}
	return nil
}

// Catalogue lists every declared claim in the order of ids.txt.
func Catalogue() []Entry {
	at := map[string]int{}
	for i, g := range Golden() {
		at[g.ID] = i
	}
	out := make([]Entry, 0, len(registry))
	for _, e := range registry {
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b Entry) int {
		i, known := at[a.ID]
		j, also := at[b.ID]
		switch {
		case known && also:
			return i - j
		case known != also: // an id that is not in ids.txt yet comes last
			if known {
				return -1
			}
			return 1
		default:
			return strings.Compare(a.ID, b.ID)
		}
	})
	return out
}

// GoldenID is one line of ids.txt: an id that is permanent, with its family and level.
type GoldenID struct {
	ID     string
	Family Family
	Level  Level
}

// Golden reads ids.txt, the list of all ids that were ever published, in the order of the
// catalogue.
func Golden() []GoldenID {
	var out []GoldenID
	for line := range strings.Lines(golden) {
		fields := strings.SplitN(strings.TrimSpace(line), "\t", 3)
		if len(fields) == 3 && !strings.HasPrefix(line, "#") {
			out = append(out, GoldenID{fields[0], Family(fields[1]), Level(fields[2])})
		}
	}
	return out
}
