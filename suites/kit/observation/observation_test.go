package observation

import (
	"encoding/json"
	"net/netip"
	"slices"
	"testing"

	"github.com/onsi/gomega"
)

func bind(target string, o Outcome, errno string) Observation {
	return Observation{Op: "bind", Proto: "tcp", Targets: []string{target}, Outcome: o, Errno: errno, Count: 1}
}

func several() Set {
	return Set{
		bind("127.0.0.1", OK, ""),
		bind("127.0.0.2", Unavailable, "EADDRNOTAVAIL"),
		bind("127.0.0.3", Unavailable, "EADDRNOTAVAIL"),
		{Op: "connect", Proto: "tcp", Variant: "wildcard", Targets: []string{"127.0.0.1"}, Outcome: OK, Source: "127.0.0.9", Value: "64", Count: 1, TookMicros: 7, Calls: []string{"first"}},
		{Op: "connect", Proto: "tcp", Variant: "wildcard", Targets: []string{"127.0.0.4"}, Outcome: OK, Source: "127.0.0.9", Value: "64", TookMicros: 9, Calls: []string{"second"}},
		{Op: "send", Proto: "udp", Targets: []string{"127.0.0.1"}, Outcome: Timeout, Count: 1},
		bind("127.0.0.2", Unavailable, "EADDRNOTAVAIL"),
	}
}

func TestFold(t *testing.T) {
	g := gomega.NewWithT(t)
	all := several()
	before := several()
	got := Fold(all)
	g.Expect(all).To(gomega.Equal(before), "the set that was given stays as it is")
	g.Expect(got).To(gomega.HaveLen(4))
	g.Expect(got[1].Targets).To(gomega.Equal([]string{"127.0.0.2", "127.0.0.3"}))
	g.Expect(got[1].Count).To(gomega.Equal(3))
	g.Expect(got[2].Count).To(gomega.Equal(2), "no count is a count of one")
	g.Expect(got[2].TookMicros).To(gomega.BeEquivalentTo(9), "the slowest")
	g.Expect(got[2].Calls).To(gomega.Equal(Transcript{"first"}))
	g.Expect(Fold(got)).To(gomega.Equal(got))
	g.Expect(Fold(nil)).To(gomega.BeEmpty())
}

func TestFoldKeepsApartWhatDiffers(t *testing.T) {
	g := gomega.NewWithT(t)
	base := Observation{Op: "connect", Proto: "tcp", Variant: "v", Outcome: Failed, Errno: "EIO", Number: 5, Source: "s", Value: "x", Count: 1}
	for name, change := range map[string]func(*Observation){
		"op": func(o *Observation) { o.Op = "bind" }, "proto": func(o *Observation) { o.Proto = "udp" }, "variant": func(o *Observation) { o.Variant = "w" },
		"outcome": func(o *Observation) { o.Outcome = Timeout }, "errno": func(o *Observation) { o.Errno = "EPERM" }, "number": func(o *Observation) { o.Number = 10005 },
		"source": func(o *Observation) { o.Source = "t" }, "value": func(o *Observation) { o.Value = "y" },
	} {
		other := base
		change(&other)
		g.Expect(Fold(Set{base, other})).To(gomega.HaveLen(2), name)
	}
}

// TestSetsAnswerTheSameFolded is what lets a rule be judged again from a report.
func TestSetsAnswerTheSameFolded(t *testing.T) {
	g := gomega.NewWithT(t)
	for _, s := range []Set{several(), Fold(several())} {
		g.Expect(s.Op("bind").Count()).To(gomega.Equal(4))
		g.Expect(s.Count()).To(gomega.Equal(7))
		g.Expect(s.Op("bind").Targets()).To(gomega.Equal([]string{"127.0.0.1", "127.0.0.2", "127.0.0.3"}))
		g.Expect(s.Errors()).To(gomega.Equal([]string{"EADDRNOTAVAIL", "timeout"}))
		g.Expect(s.Sources()).To(gomega.Equal([]string{"127.0.0.9"}))
		g.Expect(s.Values()).To(gomega.Equal([]string{"64"}))
		g.Expect(s.Proto("udp").Errors()).To(gomega.Equal([]string{"timeout"}))
		g.Expect(s.Variant("wildcard").AllOK()).To(gomega.BeTrue())
		g.Expect(s.Variant("").AllOK()).To(gomega.BeFalse())
		g.Expect(s.Outcome(Unavailable).Count()).To(gomega.Equal(3))
		g.Expect(s.Target("127.0.0.3").Op("connect")).To(gomega.BeEmpty())
		g.Expect(s.Target("127.0.0.4").AllOK()).To(gomega.BeTrue())
		first, any := s.First()
		g.Expect(any).To(gomega.BeTrue())
		g.Expect(first.Op).To(gomega.Equal("bind"))
	}
}

func TestNothingHoldsForNothing(t *testing.T) {
	g := gomega.NewWithT(t)
	var none Set
	g.Expect(none.AllOK()).To(gomega.BeFalse())
	g.Expect(none.All(func(Observation) bool { return true })).To(gomega.BeFalse())
	g.Expect(none.Count()).To(gomega.BeZero())
	g.Expect(none.Targets()).To(gomega.BeEmpty())
	_, any := none.First()
	g.Expect(any).To(gomega.BeFalse())
}

func TestSourceOf(t *testing.T) {
	g := gomega.NewWithT(t)
	one, two := netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("127.0.0.2")
	g.Expect(SourceOf(one, one)).To(gomega.Equal(SameAsDestination))
	g.Expect(SourceOf(one, two)).To(gomega.Equal("127.0.0.1"))
	g.Expect(SourceOf(netip.Addr{}, one)).To(gomega.BeEmpty())
	g.Expect(SourceOf(netip.MustParseAddr("fe80::1%lo"), netip.MustParseAddr("fe80::1"))).To(gomega.Equal(SameAsDestination))
}

func TestListsAreCopies(t *testing.T) {
	g := gomega.NewWithT(t)
	Outcomes()[0] = "x"
	g.Expect(Outcomes()[0]).To(gomega.Equal(OK))
	sorted := Outcomes()
	slices.Sort(sorted)
	g.Expect(slices.Compact(sorted)).To(gomega.HaveLen(len(Outcomes())), "no outcome twice")
}

func TestObservationRoundTrip(t *testing.T) {
	g := gomega.NewWithT(t)
	want := Observation{Op: "echo", Proto: "icmp", Variant: "v", Targets: []string{"::1"}, Outcome: Astray, Errno: "EIO", Number: 5, Source: "s", Value: "x",
		Count: 2, AtMicros: 3, TookMicros: 4, Calls: []string{"c"}}
	b, err := json.Marshal(want)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	var got Observation
	g.Expect(json.Unmarshal(b, &got)).To(gomega.Succeed())
	g.Expect(got).To(gomega.Equal(want))
}
