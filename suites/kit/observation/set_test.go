package observation

import (
	"math/rand/v2"
	"testing"

	"github.com/onsi/gomega"
)

// TestWhereIsASelection compares with the simplest way to select, over sets in which what is asked
// for stands together or apart, and makes sure that adding to a selection leaves the set as it was.
func TestWhereIsASelection(t *testing.T) {
	g := gomega.NewWithT(t)
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		all := make(Set, random.IntN(7))
		for i := range all {
			all[i] = Observation{Op: []string{"bind", "send"}[random.IntN(2)], Count: i}
		}
		before := append(Set(nil), all...)
		var want Set
		for _, o := range all {
			if o.Op == "bind" {
				want = append(want, o)
			}
		}
		g.Expect(all.Op("bind")).To(gomega.Equal(want))
		g.Expect(all.Where(func(o Observation) bool { return o.Op == "bind" })).To(gomega.Equal(want))
		_ = append(all.Op("bind"), Observation{Op: "added"})
		g.Expect(append(Set(nil), all...)).To(gomega.Equal(before))
	}
}
