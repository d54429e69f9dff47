package site

import (
	"maps"
	"slices"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// platformPage is one platform: what it is, in which state, and what it shows for every claim.
type platformPage struct {
	page
	Platform model.Column
	System   render.System
	Run      *model.Run // nil if the report is not at hand
	How      string
	Added    []model.Addition
	Sweeps   []model.Sweep
	Maps     []picture
	Capacity *model.Capacity
	Counts   []count
	Switches []fact
	Families []findings
}

// count is how many claims have a verdict.
type count struct {
	Verdict claim.Verdict
	Claims  int
}

// fact is a name and a value.
type fact struct{ Name, Value string }

// findings are what a platform shows for the claims of a family.
type findings struct {
	Family claim.Family
	Claims []finding
}

// finding is what a platform shows for a claim.
type finding struct {
	claim.Claim
	model.Cell
}

func (b *builder) platforms() error {
	for _, f := range b.shown.Platforms {
		p := platformPage{Platform: f, System: render.SystemOf(f.Family),
			page: page{Root: "../", Title: f.Title, About: "What loopback really does on " + f.Title + ": every claim, measured.",
				Data: "platforms/" + f.ID + ".json", Badge: "badges/platforms/" + f.ID + ".svg"}}
		if r, given := b.reports[f.ID]; given {
			p.Run, p.How, p.Added = &r.Run, r.How(), r.Added
			p.Sweeps, p.Maps, p.Capacity = r.Sweeps, b.pictures[f.ID], r.Capacity
		}
		for _, name := range slices.Sorted(maps.Keys(f.State.Switches)) {
			p.Switches = append(p.Switches, fact{name, f.State.Switches[name]})
		}
		for _, v := range render.Verdicts() {
			n := 0
			for _, c := range b.matrix.Claims {
				if render.At(b.matrix, c.ID, f.ID).Verdict == v {
					n++
				}
			}
			p.Counts = append(p.Counts, count{v, n})
		}
		for _, name := range claim.Families() {
			group := findings{Family: name}
			for _, c := range b.matrix.Claims {
				if c.Family == name {
					group.Claims = append(group.Claims, finding{c, render.At(b.matrix, c.ID, f.ID)})
				}
			}
			if len(group.Claims) > 0 {
				p.Families = append(p.Families, group)
			}
		}
		if err := b.page("platforms/"+f.ID+".html", "platform", p); err != nil {
			return err
		}
	}
	return nil
}

// yes tells a fact that may be unknown.
func yes(b *bool) string {
	switch {
	case b == nil:
		return "unknown"
	case *b:
		return "yes"
	default:
		return "no"
	}
}

// both tells a fact for both address families.
func both(f model.PerFamily) string {
	if yes(f.IPv4) == yes(f.IPv6) {
		return yes(f.IPv4)
	}
	return "IPv4 " + yes(f.IPv4) + ", IPv6 " + yes(f.IPv6)
}

// privilege says as whom the kit ran.
func privilege(p model.Platform) string {
	if p.Privileged {
		return "as " + p.State.User + ", with privilege over the network"
	}
	return "as " + p.State.User + ", without privilege over the network"
}
