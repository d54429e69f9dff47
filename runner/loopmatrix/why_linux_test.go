package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/runner/exposure"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// neighbourhood is a host with a service on 127.0.0.1:8080, and a neighbour on its link that routes
// 127.0.0.1 to it. $1 is the set-up of the host. The first line says whether the neighbour reaches
// the service, or the port that it asks; the rest is what the command says.
const neighbourhood = `set -e
setup=$1; shift
ip link set lo up
ip link add eth0 type veth peer name p0
unshare -n sleep 60 & n=$!
trap 'kill $n $server $other 2>/dev/null || true' EXIT
while kill -0 $n && [ "$(readlink /proc/$n/ns/net)" = "$(readlink /proc/$$/ns/net)" ]; do :; done
ip link set p0 netns $n
ip addr add 192.0.2.2/24 dev eth0
ip link set eth0 up
peer() { nsenter -t $n -n "$@"; }
peer sh -c 'ip link set p0 up; ip addr add 192.0.2.1/24 dev p0; ip route add 127.0.0.1 via 192.0.2.2
	echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet; echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter'
eval "$setup"
LOOPMATRIX_SERVE=127.0.0.1:8080 "$SERVER" & server=$!
while kill -0 $server 2>/dev/null && ! grep -q 0100007F:1F90 /proc/net/tcp; do :; done
while [ -n "$other" ] && kill -0 $other 2>/dev/null && ! grep -q ':1F91 ' /proc/net/tcp; do :; done
if [ "$(peer busybox timeout 2 busybox nc 127.0.0.1 8080 </dev/null)" = here ]; then echo reached; else echo unreached; fi
"$@" || true
`

// serve answers "here" to whoever connects to an address, until this process is ended.
func serve(address string) {
	l, err := net.Listen("tcp4", address)
	if err != nil {
		panic(err)
	}
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		_, _ = c.Write([]byte("here\n"))
		_ = c.Close()
	}
}

func init() {
	if address := os.Getenv("LOOPMATRIX_SERVE"); address != "" {
		serve(address)
	}
}

// answersIn is what why says in such a host, and whether the neighbour reached the service.
func answersIn(t *testing.T, setup string, as ...string) (reached bool, answers []exposure.Answer) {
	t.Helper()
	command := prepared("why", "--format", "json")
	c := exec.Command("unshare", append(append([]string{"-n", "sh", "-c", neighbourhood, "sh", setup}, as...), command.Args...)...)
	c.Env = append(slices.Clone(command.Env), "SERVER="+command.Path)
	var said strings.Builder
	c.Stderr, c.WaitDelay = &said, time.Second
	out, err := c.Output()
	first, rest, _ := strings.Cut(string(out), "\n")
	if err != nil || first != "reached" && first != "unreached" {
		t.Fatalf("%v: %s\n%s", err, out, said.String())
	}
	var e explanation
	if err := json.Unmarshal([]byte(rest), &e); err != nil {
		t.Fatalf("%v: %s\n%s", err, rest, said.String())
	}
	return first == "reached", e.Machine
}

// TestWhyKnowsThisMachine opens loopback in the ways that machines do. A neighbour shows whether it
// is open; then the answer is never no, and names the cause. Nobody without privilege is told no
// where the packet filter could not be read.
func TestWhyKnowsThisMachine(t *testing.T) {
	unable.Long(t, "it makes a host and a neighbour for each set-up")
	if os.Geteuid() != 0 {
		unable.Skip(t, os.ErrPermission)
	}
	for _, program := range []string{"unshare", "nsenter", "ip", "nft", "busybox", "setpriv"} {
		if _, err := exec.LookPath(program); err != nil {
			unable.Skip(t, err)
		}
	}
	const nobody = "setpriv --reuid 65534 --regid 65534 --clear-groups --"
	dnat := `nft 'table ip nat { chain pre { type nat hook prerouting priority -100; ip daddr 127.0.0.1 tcp dport 8080 dnat to 192.0.2.2:8081; }; }'; LOOPMATRIX_SERVE=192.0.2.2:8081 "$SERVER" & other=$!`
	for name, host := range map[string]struct {
		setup, as      string
		reached        bool
		exposed, leaks exposure.Verdict
		cause          string
	}{
		"a plain machine":                  {":", "", false, exposure.No, exposure.No, ""},
		"a plain machine, as a user":       {":", nobody, false, exposure.Unknown, exposure.No, "which takes root to read"},
		"route_localnet of a card":         {"echo 1 >/proc/sys/net/ipv4/conf/eth0/route_localnet", "", true, exposure.Yes, exposure.No, "eth0 takes packets"},
		"route_localnet of all":            {"echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet", nobody, true, exposure.Unknown, exposure.No, "eth0 takes packets"},
		"route_localnet, closed again":     {"echo 1 >/proc/sys/net/ipv4/conf/eth0/route_localnet; nft 'table inet f { chain in { type filter hook input priority 0; iifname eth0 ip daddr 127.0.0.0/8 drop; }; }'", "", false, exposure.Unknown, exposure.No, "may drop them"},
		"a filter that a user can't read":  {"nft 'table inet f { chain in { type filter hook input priority 0; }; }'", nobody, false, exposure.Unknown, exposure.No, ""},
		"a filter that says nothing of it": {"nft 'table inet f { chain in { type filter hook input priority 0; policy drop; iif lo accept; ct state established accept; }; }'", "", false, exposure.No, exposure.No, ""},
		"DNAT of 127.0.0.1":                {dnat, "", true, exposure.Yes, exposure.No, "sends what comes for an address of 127.0.0.0/8"},
		"DNAT of a card's address":         {"nft 'table ip nat { chain pre { type nat hook prerouting priority -100; ip daddr 192.0.2.2 tcp dport 80 dnat to 192.0.2.9:80; }; }'", "", false, exposure.No, exposure.No, ""},
		"a policy rule":                    {"ip rule add pref 1 to 127.0.0.1 lookup 99; ip rule del pref 0; ip rule add pref 2 lookup local; ip route add 127.0.0.1 dev eth0 table 99", "", false, exposure.Unknown, exposure.Yes, "ip rule"},
		"a route of one address":           {"ip route add table local unicast 127.0.0.53 via 192.0.2.1 dev eth0", "", false, exposure.No, exposure.Yes, "1 of 84 addresses of the sample would leave by eth0 to 192.0.2.1, the first of them 127.0.0.53"},
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			if as := strings.Fields(host.as); len(as) > 0 {
				if err := exec.Command(as[0], append(as[1:], "true")...).Run(); err != nil {
					unable.Skip(t, fmt.Errorf("%s: %w", host.as, err)) // a user namespace may know root alone
				}
			}
			reached, answers := answersIn(t, host.setup, strings.Fields(host.as)...)
			g.Expect(reached).To(gomega.Equal(host.reached), "what the neighbour sees")
			g.Expect(answers).To(gomega.HaveLen(2))
			g.Expect(answers[0].Verdict).To(gomega.Equal(host.exposed), "%+v", answers[0])
			g.Expect(answers[1].Verdict).To(gomega.Equal(host.leaks), "%+v", answers[1])
			g.Expect(machineText(answers, render.Terminal{Width: 300})).To(gomega.ContainSubstring(host.cause))
		})
	}
}
