package platform

import "testing"

func TestFilters(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{filters(), "none"},
		{filters("", ""), "none"},
		{filters(nfTables(0, 0, 0), legacyTables("iptables", "")), "none"},
		{filters(nfTables(1, 0, 1)), "nftables: 0 rules in 1 table, 1 policy drops"},
		{filters(nfTables(2, 1, 2), legacyTables("iptables", "nat\nfilter\n")), "nftables: 1 rule in 2 tables, 2 policies drop, iptables: nat filter"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestNfnetlink(t *testing.T) {
	const head = "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n"
	for sockets, want := range map[string]bool{
		"":   false,
		head: false,
		head + "000000000f1f8a54 0   0          00000000 0        0        0     2        0        4\n":          false,
		head + "000000000f1f8a54 12  4711       00000000 0        0        0     2        0        1588\n":       false,
		head + "000000000f1f8a54 12  0          00000000 0        0        0     2        0        1588    \n":   true,
		head + "000000000f1f8a54 16  12         00000000 0        0        0     2        0        1588\nx 12\n": false,
	} {
		if got := nfnetlink(sockets); got != want {
			t.Errorf("%q: %t", sockets, got)
		}
	}
}

func TestStatus(t *testing.T) {
	for _, c := range []struct {
		read      func(string) (bool, bool)
		out       string
		on, known bool
	}{
		{pfStatus, "Status: Enabled for 0 days 00:10:27           Debug: Urgent\n\nState Table\n", true, true},
		{pfStatus, "No ALTQ support in kernel\nStatus: Disabled                              Debug: Urgent\n", false, true},
		{pfStatus, "", false, false},
		{npfStatus, "# filtering:\tactive\n# config:\tloaded\n", true, true},
		{npfStatus, "# filtering:\tinactive\n# config:\tempty\n", false, true},
		{npfStatus, "npfctl: no", false, false},
	} {
		if on, known := c.read(c.out); on != c.on || known != c.known {
			t.Errorf("%q: %t, %t", c.out, on, known)
		}
	}
}
