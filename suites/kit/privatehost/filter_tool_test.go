package privatehost

import (
	"errors"
	"net/netip"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var (
	one = netip.MustParseAddr("127.0.0.1")
	two = netip.MustParseAddr("127.0.0.2")
)

func TestToolRules(t *testing.T) {
	for _, c := range []struct {
		rule    host.FilterRule
		pf, npf string // empty where the filter has no such rule
	}{
		{host.FilterRule{Hook: host.Incoming, Destination: two, Verb: host.Drop},
			"block drop in quick inet from any to 127.0.0.2", "block in final family inet4 to 127.0.0.2"},
		{host.FilterRule{Hook: host.Outgoing, Interface: "lo0", Proto: "udp", Source: one, Verb: host.AdminProhibited},
			"block return-icmp(filter-prohib) out quick on lo0 inet proto udp from 127.0.0.1 to any",
			"block return-icmp out final on lo0 family inet4 proto udp from 127.0.0.1"},
		{host.FilterRule{Hook: host.Incoming, Verb: host.Reset},
			"block return-rst in quick inet proto tcp from any to any", "block return-rst in final family inet4 proto tcp all"},
		{host.FilterRule{Hook: host.Incoming, Source: one, Destination: two, Verb: host.HostUnreachable},
			"block return-icmp(host-unr) in quick inet from 127.0.0.1 to 127.0.0.2", ""},
	} {
		g := gomega.NewWithT(t)
		got, err := pfRule(c.rule)
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(got).To(gomega.Equal(c.pf))
		got, err = npfRule(c.rule)
		g.Expect(got).To(gomega.Equal(c.npf))
		g.Expect(sock.IsErrno(err, "EOPNOTSUPP")).To(gomega.Equal(c.npf == ""))
	}
}

func TestEveryVerbHasItsWord(t *testing.T) {
	g := gomega.NewWithT(t)
	for _, v := range host.Verbs() {
		g.Expect(pfVerbs).To(gomega.HaveKey(v))
	}
}

func TestToolFilter(t *testing.T) {
	g := gomega.NewWithT(t)
	var now []string
	var broken error
	f := &toolFilter{name: "test", write: npfRule,
		load:    func(rules []string) error { now = rules; return broken },
		restore: func() error { now = []string{"those of the system"}; return nil }}
	a, err := f.Add(host.FilterRule{Destination: one, Verb: host.Drop})
	g.Expect(err).NotTo(gomega.HaveOccurred())
	b, err := f.Add(host.FilterRule{Destination: two, Verb: host.Drop}, host.FilterRule{Source: two, Verb: host.Reset})
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(now).To(gomega.HaveLen(3))
	_, err = f.Add(host.FilterRule{Verb: host.NetProhibited})
	g.Expect(sock.IsErrno(err, "EOPNOTSUPP")).To(gomega.BeTrue())
	g.Expect(a()).To(gomega.Succeed())
	g.Expect(now).To(gomega.HaveLen(2))
	g.Expect(b()).To(gomega.Succeed())
	g.Expect(now).To(gomega.Equal([]string{"those of the system"}))
	broken = errors.New("no such program")
	_, err = f.Add(host.FilterRule{Verb: host.Drop})
	g.Expect(err).To(gomega.HaveOccurred())
	g.Expect(f.loaded).To(gomega.BeEmpty())
}

func TestConfigurations(t *testing.T) {
	g := gomega.NewWithT(t)
	g.Expect(pfOptions("# x\nset skip on lo\n\nblock return\n  set limit states 5\n")).To(gomega.Equal([]string{"set skip on lo", "set limit states 5"}))
	g.Expect(npfConf([]string{"block all"})).To(gomega.Equal("group default {\n\tblock all\n\tpass final all\n}\n"))
}
