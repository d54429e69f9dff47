package site

import (
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/reports/schema"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// documentedPage is what is documented about one kind of system.
type documentedPage struct {
	page
	System   render.System
	Families []saidFamily
}

// saidFamily is what is documented about the claims of a family.
type saidFamily struct {
	Family claim.Family
	Claims []saidClaim
}

// saidClaim is what is documented about a claim.
type saidClaim struct {
	claim.Claim
	Known []render.Known
}

// accountPage is what became of documented entries, and what they contradict each other in.
type accountPage struct {
	page
	Account  render.Account
	Disputes []model.Documented
	Systems  []render.System
}

// documented adds a page for each system of which something is documented, the account of all of
// it, and both as JSON.
func (b *builder) documented() error {
	systems := render.DocumentedSystems(b.matrix)
	if len(systems) == 0 {
		return nil
	}
	b.add("documented.schema.json", []byte(schema.Documented()))
	if err := b.json("documented.json", b.matrix.Documented); err != nil {
		return err
	}
	p := accountPage{Account: render.Held(b.matrix), Disputes: render.Disputes(b.matrix), Systems: systems, page: page{Title: "what is documented",
		About: "What sources, documents, public tests and reports say of loopback on systems that nobody has measured yet.", Data: "documented.json"}}
	if err := b.page("documented.html", "account", p); err != nil {
		return err
	}
	for _, s := range systems {
		if err := b.documentedOf(s); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) documentedOf(s render.System) error {
	p := documentedPage{System: s, page: page{Root: "../", Title: s.Name + ", documented",
		About: "What is documented about loopback on " + s.Name + ": not measured, with the places where it is written.", Data: "documented.json"}}
	for _, name := range claim.Families() {
		family := saidFamily{Family: name}
		for _, c := range b.matrix.Claims {
			if c.Family != name {
				continue
			}
			one := saidClaim{Claim: c}
			for _, k := range render.Entries(b.matrix, c.ID) {
				if k.System == s {
					one.Known = append(one.Known, k)
				}
			}
			if len(one.Known) > 0 {
				family.Claims = append(family.Claims, one)
			}
		}
		if len(family.Claims) > 0 {
			p.Families = append(p.Families, family)
		}
	}
	return b.page("documented/"+s.Family+".html", "documented", p)
}
