package netif

import (
	"net/netip"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

func TestLongestMatch(t *testing.T) {
	table := []Route{
		{Destination: netip.MustParsePrefix("0.0.0.0/0"), Interface: "em0", Kind: "unicast"},
		{Destination: netip.MustParsePrefix("127.0.0.0/8"), Interface: "lo0", Kind: "reject"},
		{Destination: netip.MustParsePrefix("127.0.0.1/32"), Interface: "lo0", Kind: "local"},
		{Destination: netip.MustParsePrefix("127.0.0.1/32"), Interface: "lo1", Kind: "unicast"},
		{Destination: netip.MustParsePrefix("::1/128"), Interface: "lo0", Kind: "local"},
	}
	for to, want := range map[string]Route{
		"127.0.0.1": table[2], // the first of two
		"127.0.0.2": table[1],
		"192.0.2.1": table[0],
		"::1%1":     table[4],
	} {
		t.Run(to, func(t *testing.T) {
			got, err := longestMatch(table, netip.MustParseAddr(to))
			g := NewWithT(t)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(got).To(Equal(want))
		})
	}
	for _, none := range []string{"::2", "::ffff:127.0.0.1"} {
		_, err := longestMatch(table, netip.MustParseAddr(none))
		NewWithT(t).Expect(sock.IsErrno(err, "ENETUNREACH")).To(BeTrue(), none)
	}
}
