package platform

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// filterFact is what a finding about the packet filter is called.
const filterFact = "packet filter"

// unknown is what a report says in the place of a fact that could not be read.
func unknown(err error) string { return "unknown: " + sock.Reason(err) }

// filters lists the packet filters of a host that could be read.
func filters(found ...string) string {
	var out []string
	for _, s := range found {
		if s != "" {
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		return "none"
	}
	return strings.Join(out, ", ")
}

// nfTables counts what nftables holds, rules of iptables-nft included: tables, rules, and chains
// whose policy drops what no rule decides about.
func nfTables(tables, rules, drops int) string {
	if tables == 0 {
		return ""
	}
	text := fmt.Sprintf("nftables: %s in %s", counted(rules, "rule"), counted(tables, "table"))
	switch drops {
	case 0:
		return text
	case 1:
		return text + ", 1 policy drops"
	default:
		return fmt.Sprintf("%s, %d policies drop", text, drops)
	}
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// legacyTables reads /proc/net/ip_tables_names: the tables of the older iptables that are in use,
// one a line.
func legacyTables(program, names string) string {
	if f := strings.Fields(names); len(f) > 0 {
		return program + ": " + strings.Join(f, " ")
	}
	return ""
}

// nfnetlink reports whether the kernel has a netfilter socket of its own (/proc/net/netlink,
// protocol 12). Without, there is no nftables, and asking would load its modules.
func nfnetlink(sockets string) bool {
	for line := range strings.Lines(sockets) {
		if f := strings.Fields(line); len(f) > 2 && f[1] == "12" && f[2] == "0" {
			return true
		}
	}
	return false
}

// pfStatus reads "pfctl -s info": "Status: Enabled for 0 days 00:10:27".
func pfStatus(out string) (enabled, known bool) {
	for line := range strings.Lines(out) {
		if rest, is := strings.CutPrefix(strings.TrimSpace(line), "Status:"); is {
			return strings.HasPrefix(strings.TrimSpace(rest), "Enabled"), true
		}
	}
	return false, false
}

// npfStatus reads "npfctl show": "# filtering:    active".
func npfStatus(out string) (active, known bool) {
	for line := range strings.Lines(out) {
		if rest, is := strings.CutPrefix(strings.TrimSpace(line), "# filtering:"); is {
			return strings.TrimSpace(rest) == "active", true
		}
	}
	return false, false
}
