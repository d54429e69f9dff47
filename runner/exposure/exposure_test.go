package exposure

import (
	"net/netip"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// TestExposed gives the verdict on what can be read: no only if all of it was read and nothing is
// in doubt.
func TestExposed(t *testing.T) {
	g := gomega.NewWithT(t)
	for name, c := range map[string]struct {
		state
		want Verdict
	}{
		"a system that is not read":       {state{}, Unknown},
		"nothing opens it":                {state{known: true}, No},
		"a switch":                        {state{known: true, open: []string{"eth0"}}, Yes},
		"a switch, and rules":             {state{known: true, open: []string{"eth0"}, filters: 1}, Unknown},
		"a switch, and rules not read":    {state{known: true, open: []string{"eth0"}, unread: []string{"rules"}}, Unknown},
		"rules alone":                     {state{known: true, filters: 9}, No},
		"rules not read":                  {state{known: true, unread: []string{"rules"}}, Unknown},
		"a redirect of loopback":          {state{known: true, redirects: []redirect{{Loopback: true}}}, Yes},
		"a redirect of loopback, dropped": {state{known: true, redirects: []redirect{{Loopback: true}}, filters: 1}, Unknown},
		"a redirect that can't be judged": {state{known: true, redirects: []redirect{{Unclear: true}}}, Unknown},
		"a redirect of something else":    {state{known: true, redirects: []redirect{{}}}, No},
		"other policy rules":              {state{known: true, rules: "1: to all lookup 99"}, Unknown},
		"a program at a card":             {state{known: true, doubts: []Cause{{Says: "XDP"}}}, Unknown},
	} {
		a := c.exposed()
		g.Expect(a.Verdict).To(gomega.Equal(c.want), name)
		g.Expect(len(a.Causes)+len(a.Doubts)+len(a.Unread)+len(a.Read)).To(gomega.BeNumerically(">", 0), "%s: it says why", name)
	}
}

func TestLeaks(t *testing.T) {
	g := gomega.NewWithT(t)
	sample := []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("127.0.0.2"), netip.MustParseAddr("::1")}
	nowhere := func(sock.Packet) string { return "" }
	g.Expect(state{known: true}.leaks(sample, nowhere).Verdict).To(gomega.Equal(No))
	g.Expect(state{}.leaks(sample, nowhere).Verdict).To(gomega.Equal(Unknown))
	g.Expect(state{known: true, rules: "1: to all on conditions lookup 99"}.leaks(sample, nowhere).Verdict).To(gomega.Equal(Unknown))
	a := state{known: true}.leaks(sample, func(p sock.Packet) string {
		if p.Type == sock.Ping && p.To.Addr() == sample[1] {
			return "by eth0"
		}
		return ""
	})
	g.Expect(a.Verdict).To(gomega.Equal(Yes))
	g.Expect(a.Causes).To(gomega.HaveLen(1))
	g.Expect(a.Causes[0].Says).To(gomega.ContainSubstring("by eth0, the first of them 127.0.0.2"))
}
