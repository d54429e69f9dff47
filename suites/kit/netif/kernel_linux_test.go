package netif

import (
	"net"
	"testing"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// TestPolicyText reads rules as the kernel lists them: those that a packet to loopback can't meet
// are left out, and nothing of what may identify a host is told.
func TestPolicyText(t *testing.T) {
	to := func(prefix string) *net.IPNet {
		_, n, err := net.ParseCIDR(prefix)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	usual := []netlink.Rule{{Priority: -1, Table: unix.RT_TABLE_LOCAL}, {Priority: 32766, Table: unix.RT_TABLE_MAIN}, {Priority: 32767, Table: unix.RT_TABLE_DEFAULT}}
	for want, rules := range map[string][]netlink.Rule{
		usualRules:                                         usual,
		"10: to 127.0.0.0/8 lookup 100":                    {{Priority: 10, Dst: to("127.0.0.0/8"), Table: 100}},
		"10: to all on conditions lookup 7":                {{Priority: 10, Src: to("192.0.2.0/24"), Table: 7}, {Priority: 11, Dst: to("192.0.2.0/24"), Table: 8}},
		"5: to 127.0.0.2/32 on conditions without a table": {{Priority: 5, Dst: to("127.0.0.2/32"), UIDRange: netlink.NewRuleUIDRange(1000, 1000)}},
		"": nil,
	} {
		if got := policyText(rules); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
