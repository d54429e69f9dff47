package main

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// leavingHost makes a host with a card, eth0, whose other end counts what leaves by it. $1 is what
// is wrong with its routes; the rest is a command. It prints how many packets to 127.0.0.0/8 left
// meanwhile. Neighbours are known, so that a packet needs no ARP request first.
const leavingHost = `set -e
route=$1; shift
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add eth0 type veth peer name p0
ip addr add 192.0.2.2/24 dev eth0
ip link set eth0 up; ip link set p0 up
ip route add default via 192.0.2.1
ip neigh add 192.0.2.1 lladdr 02:00:00:00:00:01 dev eth0 nud permanent
nft -f - <<END
table netdev counted {
	chain in {
		type filter hook ingress device p0 priority 0;
		ip daddr 127.0.0.0/8 counter
		arp daddr ip 127.0.0.0/8 counter
	}
}
END
eval "$route"
"$@" >&2 || true
nft list table netdev counted | awk '/counter/ { for (i = 1; i < NF; i++) if ($i == "packets") n += $(i + 1) } END { print n + 0 }'
`

// left runs a command in such a host, and is how many packets left.
func left(t *testing.T, route string, command *exec.Cmd) int {
	t.Helper()
	c := exec.Command("unshare", append([]string{"-n", "sh", "-c", leavingHost, "sh", route}, command.Args...)...)
	c.Env = command.Env
	var said strings.Builder
	c.Stderr = &said
	out, err := c.Output()
	n, wrong := strconv.Atoi(strings.TrimSpace(string(out)))
	if err != nil || wrong != nil {
		t.Fatalf("%v: %s\n%s", err, out, said.String())
	}
	return n
}

// TestNothingLeavesThisHost runs the kit where 127.0.0.0/8, or an address of it, leads out by a
// card: it sends nothing there, as no other sender would be kept from.
func TestNothingLeavesThisHost(t *testing.T) {
	unable.Long(t, "it measures hosts whose loopback is open")
	if os.Geteuid() != 0 {
		unable.Skip(t, os.ErrPermission)
	}
	for _, program := range []string{"unshare", "ip", "nft", "ping"} {
		if _, err := exec.LookPath(program); err != nil {
			unable.Skip(t, err)
		}
	}
	g := gomega.NewWithT(t)
	for name, host := range map[string]struct {
		route, to string
		cost      bool // measured with every command
	}{
		"lo down":                  {"true", "127.0.0.2", true},
		"a route of one address":   {"ip link set lo up; ip route add table local unicast 127.0.0.53 via 192.0.2.1 dev eth0", "127.0.0.53", false},
		"a rule before the others": {"ip link set lo up; ip rule add pref 1 to 127.0.0.0/8 lookup 99; ip rule del pref 0; ip rule add pref 2 lookup local; ip route add default via 192.0.2.1 dev eth0 table 99", "127.0.0.1", false},
		"a rule of a protocol":     {"ip link set lo up; ip rule add pref 1 to 127.0.0.9 ipproto icmp lookup 99; ip rule del pref 0; ip rule add pref 2 lookup local; ip route add default via 192.0.2.1 dev eth0 table 99", "127.0.0.9", false},
	} {
		g.Expect(left(t, host.route, exec.Command("ping", "-c", "1", "-W", "1", host.to))).To(gomega.BeNumerically(">", 0), "%s: nothing leaves at all, so this shows nothing", name)
		commands := [][]string{{"run", "--wire", "off", "--quiet", "--claims", "block,binds"}, {"run", "--quiet", "--claims", "none", "--sweep", "udp=127.0.0.0/24", "--sweep", "tcp=127.0.0.0/24"}}
		if host.cost {
			commands = append(commands, []string{"run", "--wire", "off", "--quiet", "--claims", "none", "--sweep", "icmp=127.0.0.0/25"})
		}
		for _, args := range commands {
			g.Expect(left(t, host.route, prepared(args...))).To(gomega.Equal(0), "%s: %v", name, args)
		}
	}
}
