package compare

import (
	"slices"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	_ "github.com/loopmatrix/loopmatrix/suites"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// stored reads a report that was measured once (package combine keeps it).
func stored(t *testing.T, name string) model.Report {
	t.Helper()
	r, err := model.Read("../../reports/combine/testdata/measured/"+name+".json", claim.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestReportsOfTwoKernels holds what is known of two kernels against their comparison.
func TestReportsOfTwoKernels(t *testing.T) {
	g := gomega.NewWithT(t)
	old, now := stored(t, "linux-5.10"), stored(t, "linux-6.12")
	c, err := Reports(old, now, claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(c.Rejudged).To(gomega.BeTrue())
	g.Expect(c.Pairs).To(gomega.HaveLen(1))
	g.Expect(c.Pairs[0].Differs).To(gomega.ContainElement(gomega.HaveField("Name", "platform.kernel")))
	g.Expect(c.Changes).To(gomega.ContainElement(gomega.And(
		gomega.HaveField("Claim", "v4.edge.low"), gomega.HaveField("Platform", now.Platform.ID),
		gomega.HaveField("Old.Behaviour", "broadcast"), gomega.HaveField("New.Behaviour", "unicast"))))
	same, err := Reports(now, now, claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(same.Changes).To(gomega.BeEmpty())
	g.Expect(same.Pairs[0].Differs).To(gomega.BeEmpty())
	g.Expect(same.Same).To(gomega.Equal(len(now.Results)))
}

// TestAYoungerClaimIsNoChange compares a report with one of a kit that did not know one of its
// claims yet.
func TestAYoungerClaimIsNoChange(t *testing.T) {
	g := gomega.NewWithT(t)
	catalogue := claim.Catalogue()
	r := stored(t, "linux-6.12")
	r.Schema, r.Catalogue = model.Schema, model.First()
	less := r
	less.Results = slices.DeleteFunc(slices.Clone(r.Results), func(one model.Result) bool { return one.Claim == "v4.block.bind" })
	c, err := Reports(r, less, catalogue)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(told(c)).To(gomega.Equal([]string{"unclear no longer measured v4.block.bind " + r.Platform.ID}), "its catalogue says that it should be there")
	less.Catalogue = slices.DeleteFunc(model.First(), func(id string) bool { return id == "v4.block.bind" })
	c, err = Reports(r, less, catalogue)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(told(c)).To(gomega.BeEmpty())
	g.Expect(c.Effect).To(gomega.Equal(model.Neutral))
	g.Expect(Both([]model.Report{r}, []model.Report{less})[0].Results).To(gomega.HaveLen(len(less.Results)))
}

// TestRulesAreNoChange spoils the verdicts of a report as older rules might have: judged anew,
// nothing has changed. What was observed counts.
func TestRulesAreNoChange(t *testing.T) {
	g := gomega.NewWithT(t)
	now := stored(t, "linux-6.12")
	old := stored(t, "linux-6.12")
	spoilt := -1
	for i, r := range old.Results {
		if r.Verdict == claim.Conforms {
			old.Results[i].Verdict, old.Results[i].Behaviour = claim.Deviates, "nonsense"
			spoilt = i
		}
	}
	g.Expect(spoilt).To(gomega.BeNumerically(">=", 0))
	c, err := Reports(old, now, claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(c.Changes).To(gomega.BeEmpty())
	g.Expect(old.Results[spoilt].Behaviour).To(gomega.Equal("nonsense"), "the report stays as it is")
	old.Results = append(old.Results[:spoilt:spoilt], old.Results[spoilt+1:]...)
	c, err = Reports(old, now, claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(told(c)).To(gomega.Equal([]string{"neutral newly measured " + now.Results[spoilt].Claim + " " + now.Platform.ID}))
}

func TestUncomparable(t *testing.T) {
	g := gomega.NewWithT(t)
	good, bad := stored(t, "linux-6.12"), stored(t, "linux-6.12")
	bad.Schema = 7
	_, err := Reports(bad, good, claim.Catalogue())
	g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring("version 7 is unknown")))
	_, err = Reports(good, bad, claim.Catalogue())
	g.Expect(err).To(gomega.HaveOccurred())
}
