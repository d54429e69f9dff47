package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// subject checks what a report is of, or a result about; empty is the kernel.
func (p *problems) subject(path string, s Subject, of []Subject) {
	if s != "" && !slices.Contains(of, s) {
		p.add(path, "%q is no subject that this kit knows; one of %s; is the report from a newer kit?", s, list(of))
	}
}

func (p *problems) target(at, name string) {
	p.unless(target.MatchString(name), at+".target", "%q is no target such as \"kernel\" or \"vagrant:freebsd-15\"", name)
}

func (p *problems) how(at, how string) {
	p.unless(printable(how) == how, at+".how", "%q holds control characters", how)
}

func (p *problems) outside(at string, o *Outside) {
	if o == nil {
		return
	}
	p.unless(o.Kit.Version != "", at+".kit.version", "it is missing")
	p.target(at, o.Target)
	p.how(at, o.How)
	for i, a := range o.Amended {
		p.unless(strings.HasPrefix(a.Name, "platform."), fmt.Sprintf("%s.amended[%d].name", at, i), "%q is no fact of the platform", a.Name)
	}
}

// catalogue checks the ids that a report was measured against, and returns those that this kit does
// not know. A report of schema 1 has none.
func (p *problems) catalogue(r Report, known map[string]*claim.Entry) (younger map[string]bool) {
	if r.Schema == 1 {
		return nil
	}
	p.unless(len(r.Catalogue) > 0, "catalogue", "it is missing")
	var unknown []string
	listed := map[string]bool{}
	for i, id := range r.Catalogue {
		p.unless(!listed[id], fmt.Sprintf("catalogue[%d]", i), "%q is there twice; remove one", id)
		listed[id] = true
		if known[id] == nil {
			unknown = append(unknown, id)
		}
	}
	if len(unknown) > 0 {
		p.add("catalogue", "this kit does not know %s; the report is of another version of the kit (%s), so read it with that one or a newer one",
			printables(unknown), printable(r.Kit.Version))
	}
	for i, result := range r.Results {
		if len(listed) > 0 && known[result.Claim] != nil && !listed[result.Claim] {
			p.add(fmt.Sprintf("results[%d].claim", i), "%q is not in the report's catalogue", result.Claim)
		}
	}
	younger = map[string]bool{}
	for _, id := range unknown {
		younger[id] = true
	}
	return younger
}

// added checks the later runs of a report.
func (p *problems) added(r Report) {
	of := map[string]int{}
	for i, a := range r.Added {
		at := fmt.Sprintf("added[%d]", i)
		p.unless(a.Kit.Version != "", at+".kit.version", "it is missing")
		p.platform(at+".platform", a.Platform)
		p.unless(a.Platform.ID == r.Platform.ID, at+".platform.id", "%q is another platform than the report's, %q", a.Platform.ID, r.Platform.ID)
		p.run(at+".run", a.Run)
		p.outside(at+".outside", a.Outside)
		p.unless(len(a.Claims) > 0, at+".claims", "it is missing")
		for j, id := range a.Claims {
			path := fmt.Sprintf("%s.claims[%d]", at, j)
			first, twice := of[id]
			p.unless(!twice, path, "%q is of added[%d] already; remove one", id, first)
			p.unless(slices.Contains(r.Catalogue, id), path, "%q is not in the report's catalogue", id)
			of[id] = i
		}
	}
}

func printables(words []string) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = printable(w)
	}
	return strings.Join(out, ", ")
}
