package claim

import (
	"strings"
	"testing"

	"github.com/onsi/gomega"
)

func selectable() []Entry {
	return []Entry{
		{Claim: Claim{ID: "v4.block.bind", Family: Block, Level: Folk, Headline: true}},
		{Claim: Claim{ID: "v4.egress.dst.default", Family: Offhost, Level: MustNot, Headline: true}},
		{Claim: Claim{ID: "v4.egress.src.raw", Family: Offhost, Level: MustNot}},
		{Claim: Claim{ID: "v6.src.select", Family: IPv6, Level: Must}},
		{Claim: Claim{ID: "if.lo.mtu", Family: Interface, Level: Impl}},
	}
}

func TestSelect(t *testing.T) {
	for expr, want := range map[string]string{
		"":                              "v4.block.bind v4.egress.dst.default v4.egress.src.raw v6.src.select if.lo.mtu",
		"none":                          "",
		"v6.src.select , ,":             "v6.src.select",
		"v4.egress.*":                   "v4.egress.dst.default v4.egress.src.raw",
		"*.src.*":                       "v4.egress.src.raw v6.src.select",
		"V4.Block.Bind":                 "v4.block.bind",
		"block,interface":               "v4.block.bind if.lo.mtu",
		"if.lo.mtu,block":               "v4.block.bind if.lo.mtu",
		"v4.*,v4.block.bind":            "v4.block.bind v4.egress.dst.default v4.egress.src.raw",
		"must":                          "v6.src.select",
		"MUST-NOT":                      "v4.egress.dst.default v4.egress.src.raw",
		"headline":                      "v4.block.bind v4.egress.dst.default",
		"none,must":                     "v6.src.select",
		"names":                         "",
		"may,":                          "",
		"v4.egress.src.ra[w],if.lo.mt?": "v4.egress.src.raw if.lo.mtu",
	} {
		t.Run(expr, func(t *testing.T) {
			g := gomega.NewWithT(t)
			got, err := Select(expr, selectable())
			g.Expect(err).NotTo(gomega.HaveOccurred())
			var ids []string
			for _, e := range got {
				ids = append(ids, e.ID)
			}
			g.Expect(strings.Join(ids, " ")).To(gomega.Equal(want))
		})
	}
}

func TestSelectNamesWhatIsNear(t *testing.T) {
	for expr, want := range map[string]string{
		"v4.blok.bind": `"v4.blok.bind" picks no claim; near it: v4.block.bind`,
		"v4.ingress.*": `near it: v4.egress`,
		"heading":      `near it: headline`,
		"must not":     `near it: must-not`,
		"egress":       `near it: v4.egress.dst.default, v4.egress.src.raw`,
		"[":            `"[" picks no claim; it takes ids with globs, or one of headline, none, block`,
		"xyzzy-plugh":  `it takes ids with globs`,
	} {
		t.Run(expr, func(t *testing.T) {
			_, err := Select(expr, selectable())
			gomega.NewWithT(t).Expect(err).To(gomega.MatchError(gomega.ContainSubstring(want)))
		})
	}
	g := gomega.NewWithT(t)
	got, err := Select("nonsense,v6.*,folklore", selectable())
	g.Expect(err).To(gomega.MatchError(gomega.And(gomega.ContainSubstring("nonsense"), gomega.ContainSubstring("folklore"))))
	g.Expect(got).To(gomega.HaveLen(1))
}

func TestNear(t *testing.T) {
	g := gomega.NewWithT(t)
	g.Expect(Near("v6.src.selekt", selectable())).To(gomega.Equal([]string{"v6.src.select"}))
	g.Expect(Near("nothing like it", selectable())).To(gomega.BeEmpty())
	g.Expect(Near("v6.src.select"+strings.Repeat("t", 1<<20), selectable())).To(gomega.BeEmpty())
}
