package claim

import (
	"context"
	"testing"

	"github.com/onsi/gomega"
)

func TestUntil(t *testing.T) {
	g := gomega.NewWithT(t)
	r, ended := until(t.Context(), func() Result { return Result{Claim: "v4.a"} })
	g.Expect(ended).To(gomega.BeTrue())
	g.Expect(r.Claim).To(gomega.Equal("v4.a"))

	g.Expect(func() { until(t.Context(), func() Result { panic("a rule is wrong") }) }).To(gomega.PanicWith("a rule is wrong"))

	over, end := context.WithCancel(t.Context())
	never := make(chan struct{})
	defer close(never)
	_, ended = until(over, func() Result { end(); <-never; return Result{} })
	g.Expect(ended).To(gomega.BeFalse(), "a spec that goes on is left")
}
