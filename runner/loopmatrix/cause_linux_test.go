package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/runner/cause"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// brokenHost is a host of its own with an /etc of its own. $1 makes a cause in it. It writes what
// why says then, in a line, and again after the commands that it reads.
const brokenHost = `set -e
ip link set lo up
etc=$(mktemp -d); trap 'kill $! 2>/dev/null || true; umount -l /etc || true; umount -l $etc || true; rmdir $etc' EXIT
mount -t tmpfs none $etc
mkdir $etc/etc
cp -dR /etc/alternatives /etc/passwd /etc/group /etc/protocols /etc/services $etc/etc
printf '127.0.0.1\tlocalhost\n::1\tlocalhost\n' >$etc/etc/hosts
echo 'hosts: files' >$etc/etc/nsswitch.conf
mount --bind $etc/etc /etc
breaks=$1; shift
eval "$breaks" >&2
"$@" | tr -d '\n'; echo
while IFS= read -r fix; do eval "$fix" >&2; done
"$@" | tr -d '\n'; echo
`

// broken is what why names in such a host, and after all of its own remedies if it is to be mended.
type broken struct {
	before, after explanation
	err           error
}

// breakHost makes such a host. It may be called from several goroutines.
func breakHost(breaks string, mend bool) (b broken) {
	command := prepared("why", "--format", "json")
	c := exec.Command("unshare", append([]string{"-n", "-m", "sh", "-c", brokenHost, "sh", breaks}, command.Args...)...)
	c.Env = command.Env
	var said strings.Builder
	c.Stderr, c.WaitDelay = &said, time.Second
	remedies, err := c.StdinPipe()
	if err != nil {
		return broken{err: err}
	}
	out, err := c.StdoutPipe()
	if err != nil {
		return broken{err: err}
	}
	if err := c.Start(); err != nil {
		return broken{err: err}
	}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	next := func() (e explanation) {
		lines.Scan()
		b.err = errors.Join(b.err, json.Unmarshal(lines.Bytes(), &e))
		return e
	}
	b.before = next()
	for _, found := range b.before.Causes {
		if mend && found.Remedy != "" {
			_, _ = fmt.Fprintln(remedies, found.Remedy)
		}
	}
	_ = remedies.Close()
	b.after = next()
	if err := c.Wait(); err != nil || b.err != nil {
		b.err = fmt.Errorf("%w: %s", errors.Join(err, b.err), said.String())
	}
	return b
}

func idsOf(e explanation) (ids []string) {
	for _, f := range e.Causes {
		ids = append(ids, f.ID)
	}
	return ids
}

// TestCauses makes every cause in a host of its own: why names it first, and its own remedy takes
// it away. localhost can be the name of a dead ::1 only where something else keeps ::1 away.
func TestCauses(t *testing.T) {
	unable.Long(t, "it makes a host for each cause")
	if said, err := exec.Command("unshare", "-n", "-m", "true").CombinedOutput(); err != nil {
		unable.Skip(t, fmt.Errorf("%w: %s", err, said))
	}
	for _, program := range []string{"unshare", "ip", "iptables", "busybox", "sysctl"} {
		if _, err := exec.LookPath(program); err != nil {
			unable.Skip(t, err)
		}
	}
	hosts := map[string]chan broken{}
	room := make(chan struct{}, 8) // they wait most of the time
	start := func(name, breaks string, mend bool) {
		hosts[name] = make(chan broken, 1)
		go func(made chan broken) {
			room <- struct{}{}
			made <- breakHost(breaks, mend)
			<-room
		}(hosts[name])
	}
	for _, c := range cause.All() {
		if c.Breaks != "" {
			start(c.ID, c.Breaks, true)
		}
	}
	others := map[string]struct {
		breaks string
		causes []string
	}{
		"nothing":                        {":", nil},
		"a default route":                {"ip link add eth0 type veth peer name p0; ip addr add 192.0.2.2/24 dev eth0; ip link set eth0 up; ip route add default via 192.0.2.1", nil},
		"an address of the block beside": {"ip addr add 127.0.0.2/32 dev lo", nil},
		"a filter that spares loopback":  {"iptables -P INPUT DROP; iptables -A INPUT -i lo -j ACCEPT; iptables -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT", nil},
		"rules for other networks":       {"ip rule add pref 5 to 198.51.100.0/24 unreachable", nil},
		"few descriptors":                {"ulimit -n 48", []string{"descriptors"}},
		"lo down and an empty hosts":     {"ip link set lo down; : >/etc/hosts", []string{"lo-down", "hosts-without-localhost"}},
		"a filter and IPv6 off":          {"iptables -A INPUT -d 127.0.0.2 -j DROP; sysctl -w net.ipv6.conf.all.disable_ipv6=1", []string{"filter-one-address", "ipv6-off", "dead-::1"}},
		"a route of one address":         {"ip link add eth0 type veth peer name p0; ip addr add 192.0.2.2/24 dev eth0; ip link set eth0 up; ip route add table local unicast 127.0.0.53 via 192.0.2.1 dev eth0", []string{"route"}},
		"a translation of one address":   {"iptables -t nat -A OUTPUT -d 127.0.0.2 -j DNAT --to-destination 127.0.0.1", []string{"filter-translates"}},
	}
	for name, host := range others {
		start(name, host.breaks, false)
	}
	for _, c := range cause.All() {
		if c.Breaks == "" {
			continue
		}
		t.Run(c.ID, func(t *testing.T) {
			g := gomega.NewWithT(t)
			b := <-hosts[c.ID]
			g.Expect(b.err).NotTo(gomega.HaveOccurred())
			place := 0
			if c.ID == "dead-::1" {
				place = 1
			}
			g.Expect(slices.Index(idsOf(b.before), c.ID)).To(gomega.Equal(place), "%+v", b.before)
			g.Expect(b.before.Causes[place].Tried).To(gomega.BeTrue())
			g.Expect(idsOf(b.after)).To(gomega.BeEmpty(), "after %s: %+v", b.before.Causes[place].Remedy, b.after)
			g.Expect(b.after.Failing).To(gomega.BeEmpty(), "what programs count on works again")
		})
	}
	for name, host := range others {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			b := <-hosts[name]
			g.Expect(b.err).NotTo(gomega.HaveOccurred())
			g.Expect(idsOf(b.before)).To(gomega.Equal(host.causes), "%+v", b.before)
			if host.causes == nil {
				g.Expect(b.before.Failing).To(gomega.BeEmpty())
			}
		})
	}
}
