//go:generate go test . -run TestTable -update

package cause

import "slices"

// linux is the family that private hosts are of.
const linux = "linux"

// The causes that may be a system's own, or a container runtime's.
const (
	OneAddress = "one-address" // it has one address of the block
	IPv6Off    = "ipv6-off"
	DeadIPv6   = "dead-::1"
)

// on returns a command of Linux, and of gVisor, which takes the same.
func on(command string) map[string]string {
	return map[string]string{linux: command, "gvisor": command}
}

// bsd adds the command of the systems that have ifconfig(8) to one of Linux.
func bsd(command, ifconfig string) map[string]string {
	m := on(command)
	for _, family := range []string{"macos", "freebsd", "openbsd", "netbsd", "dragonfly"} {
		m[family] = ifconfig
	}
	return m
}

// All returns the causes, the likeliest first: what is wrong with lo, then routes, the packet
// filter, IPv6, names, and what keeps the kit itself from asking.
func All() []Cause {
	return slices.Concat(ofInterface(), ofRoutes(), ofTranslation(), ofFilter(), ofIPv6(), ofNames(), ofKit())
}

func ofInterface() []Cause {
	return []Cause{
		{
			ID: "lo-down", Says: "The loopback interface is down.",
			Signs:  []Sign{shows("if.lo.up", "down", "none")},
			Brings: []string{"lo-bare", OneAddress, "policy-rule", "route", "filter-all", "filter-one-address", "sandbox", "lo-without-::1", "filter-ipv6", DeadIPv6},
			More:   bsd("ip addr show dev lo", "ifconfig lo0"),
			Remedy: bsd("ip link set lo up", "ifconfig lo0 up"),
			Breaks: "ip link set lo down",
		},
		{
			ID: "lo-bare", Says: "The loopback interface does not carry 127.0.0.1/8, so other addresses of the block are not this machine's.",
			Signs:  []Sign{other("if.lo.v4", "127.0.0.1/8")},
			Brings: []string{OneAddress, "route"},
			More:   bsd("ip addr show dev lo", "ifconfig lo0"),
			Remedy: bsd("ip addr add 127.0.0.1/8 dev lo", "ifconfig lo0 inet 127.0.0.1/8 alias"),
			Breaks: "ip addr del 127.0.0.1/8 dev lo; ip addr add 127.0.0.1/32 dev lo",
		},
		{
			ID: OneAddress, Says: "This system has no address of the block but those that an interface carries, which is 127.0.0.1 at first.",
			Signs: []Sign{all(shows("v4.block.bind", "only-127.0.0.1", "assigned-only"), shows("if.lo.v4", "127.0.0.1/8"),
				gives([]string{"v4.block.bind"}, []string{"bind"}, "EADDRNOTAVAIL"))},
			Brings:  []string{"route"},
			More:    bsd("ip addr show dev lo", "ifconfig lo0"),
			Remedy:  bsd("ip addr add ADDRESS/32 dev lo", "ifconfig lo0 alias ADDRESS netmask 255.255.255.255"),
			Untried: "no kernel of a private host is like that; columns of FreeBSD and NetBSD show it",
		},
	}
}

// The claims and operations that say whether packets go over lo.
var (
	traffic = []string{"v4.addr1.delivery", "v4.block.delivery.tcp", "v4.block.delivery.udp", "v4.block.delivery.icmp"}
	first   = []string{"v4.addr1.delivery"}
	sending = []string{"connect", "send", "echo"}
)

// sound is a loopback interface that is as it should be.
func sound() Sign { return all(shows("if.lo.up", "up"), shows("if.lo.v4", "127.0.0.1/8")) }

func ofRoutes() []Cause {
	lost := gives(traffic, sending, "would-leave", "EINVAL", "EACCES", "ENETUNREACH", "EHOSTUNREACH")
	return []Cause{
		{
			ID: "policy-rule", Says: "A policy rule takes what is sent to loopback elsewhere, or rejects it, before the table of local routes is asked.",
			Signs:  []Sign{all(lost, rules(), other("rt.v4.block", "whole-block"))},
			Brings: []string{"route", "filter-all", "filter-one-address", "sandbox"},
			More:   on("ip rule; ip route get ADDRESS"),
			Remedy: on("ip rule add pref 0 lookup local"),
			Breaks: "ip rule add pref 2 lookup local; ip rule del pref 0; ip rule add pref 1 to 127.0.0.0/8 unreachable",
		},
		{
			ID: "route", Says: "A route takes what is sent to an address of the block elsewhere, or rejects it.",
			Signs:  []Sign{all(lost, not(rules()), sound(), other("rt.v4.block", "whole-block"))},
			Brings: []string{"filter-one-address", "filter-all", "sandbox"},
			More:   on("ip route get ADDRESS; ip route show table local"),
			Remedy: on("ip route del table local ADDRESS"),
			Breaks: "ip route add table local blackhole 127.0.0.2",
		},
	}
}

// otherTables is what a rule of iptables does not mend: each base chain decides for itself, and one
// that drops has the last word (nft(8), VERDICT STATEMENT).
const otherTables = "a rule in another table of nft drops it, which is to be deleted there, or a policy rule for marked packets takes it (ip rule)"

// list is the command that shows the packet filter.
const list = "nft list ruleset"

// ofTranslation are those of which other causes of the packet filter would be the consequence.
func ofTranslation() []Cause {
	return []Cause{
		{
			ID: "lossy", Says: "Loopback loses packets: something failed, and worked when it was asked again.",
			Signs:  []Sign{reason("loopback is lossy here"), intermittent()},
			Brings: []string{"filter-all", "filter-one-address", "filter-echo", "filter-translates", "sandbox"},
			More:   on("tc qdisc show dev lo; " + list),
			Remedy: on("iptables -I INPUT 1 -i lo -j ACCEPT"),
			Unless: otherTables,
			Breaks: "iptables -A INPUT -i lo -m statistic --mode nth --every 7 --packet 0 -j DROP",
		},
		{
			ID: "answered", Says: "Something answers on ports on which nothing listens: a redirection (a service mesh, a transparent proxy), or a program at sk_lookup.",
			Signs:  []Sign{shows("v4.closed.refused", "answered"), reason("ports that were free a moment ago")},
			Brings: []string{"filter-translates", "filter-one-address", "filter-all", "sandbox"},
			More:   on(list + "; bpftool net"),
			Remedy: on("iptables -t nat -I OUTPUT 1 -o lo -j ACCEPT"),
			Unless: otherTables,
			Breaks: "iptables -t nat -A OUTPUT -p tcp -d 127.0.0.0/8 -j REDIRECT --to-ports 15001; busybox nc -ll -p 15001 -e cat & " +
				"while ! grep -q ':3A99 ' /proc/net/tcp*; do :; done",
		},
		{
			ID: "filter-translates", Says: "The packet filter translates addresses of what goes over loopback (DNAT, SNAT, masquerade).",
			Signs: []Sign{shows("v4.addr1.delivery", "delivered-rewritten"), shows("v4.block.delivery.tcp", "delivered-rewritten"),
				shows("src.select.127.0.0.2", "rewritten"), gives(traffic, sending, "astray")},
			Brings: []string{"filter-one-address", "filter-all", "sandbox"},
			More:   on(list),
			Remedy: on("iptables -t nat -I OUTPUT 1 -o lo -j ACCEPT; iptables -t nat -I POSTROUTING 1 -o lo -j ACCEPT"),
			Unless: otherTables,
			Breaks: "ip link add eth0 type veth peer name p0; ip addr add 192.0.2.2/24 dev eth0; ip link set eth0 up; iptables -t nat -A POSTROUTING -j MASQUERADE",
		},
	}
}

func ofFilter() []Cause {
	return []Cause{
		{
			ID: "filter-redirects", Says: "TCP connections to the block are refused though something listens: they are redirected to a port that is closed (a service mesh without its proxy), or rejected by a reset.",
			Signs: []Sign{all(gives(traffic[1:2], sending, "ECONNREFUSED"), shows("v4.block.delivery.tcp", "only-127.0.0.1", "none"),
				shows("v4.block.delivery.udp", "whole-block"), sound())},
			Brings: []string{"filter-all", "filter-one-address", "sandbox"},
			More:   on(list),
			Remedy: on("iptables -t nat -I OUTPUT 1 -o lo -j ACCEPT; iptables -I INPUT 1 -i lo -j ACCEPT"),
			Unless: otherTables,
			Breaks: "iptables -t nat -A OUTPUT -p tcp ! -d 127.0.0.1/32 -j REDIRECT --to-ports 15001",
		},
		{
			ID: "filter-output", Says: "The packet filter, or a program at a cgroup, refuses what is sent over loopback.",
			Signs:  []Sign{gives(first, sending, "EPERM", "EACCES")},
			Brings: []string{"filter-all", "filter-one-address", "sandbox"},
			More:   on(list + "; bpftool cgroup tree"),
			Remedy: on("iptables -I OUTPUT 1 -o lo -j ACCEPT"),
			Unless: otherTables,
			Breaks: "iptables -A OUTPUT -o lo -j DROP",
		},
		{
			ID: "filter-echo", Says: "Only ICMP echo gets no answer: the packet filter drops it, or net.ipv4.icmp_echo_ignore_all is 1.",
			Signs: []Sign{all(shows("v4.block.delivery.icmp", "none"), shows("v4.block.delivery.tcp", "whole-block"), shows("v4.block.delivery.udp", "whole-block"),
				gives([]string{"v4.block.delivery.icmp"}, []string{"echo"}, "lost", "timeout"))},
			Brings: []string{"filter-all", "filter-one-address"},
			More:   on("sysctl net.ipv4.icmp_echo_ignore_all; " + list),
			Remedy: on("sysctl -w net.ipv4.icmp_echo_ignore_all=0"),
			Breaks: "sysctl -w net.ipv4.icmp_echo_ignore_all=1",
		},
		{
			ID: "filter-all", Says: "The packet filter drops or rejects what arrives over loopback, though lo is up and routes lead there.",
			Signs: []Sign{all(shows("v4.addr1.delivery", "none", "partial"), sound(),
				gives(first, sending, "timeout", "lost", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH"))},
			Brings: []string{"filter-one-address", "sandbox"},
			More:   on(list),
			Remedy: on("iptables -I INPUT 1 -i lo -j ACCEPT"),
			Unless: otherTables,
			Breaks: "iptables -A INPUT -i lo -j DROP",
		},
		{
			ID: "filter-one-address", Says: "The packet filter drops or rejects what is sent to some addresses of the block.",
			Signs: []Sign{all(gives(traffic[1:], sending, "timeout", "lost", "EPERM", "EACCES", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH"),
				shows("v4.block.bind", "whole-block"), not(gives(traffic, sending, "astray", "would-leave")))},
			More:   on(list),
			Remedy: on("iptables -I INPUT 1 -i lo -j ACCEPT; iptables -I OUTPUT 1 -o lo -j ACCEPT"),
			Unless: otherTables,
			Breaks: "iptables -A INPUT -d 127.0.0.2 -j DROP",
		},
		{
			ID: "sandbox", Says: "This program runs in a sandbox that keeps it from loopback (Landlock, seccomp, AppContainer, a profile, a jail).",
			Signs:   []Sign{shows("sandbox.loopback", "barred", "remapped")},
			Untried: "no private host is a sandbox; a fake host shows it",
		},
	}
}

func ofIPv6() []Cause {
	none := shows("if.lo.v6", "none", "elsewhere")
	off := []string{"net.ipv6.conf.all.disable_ipv6", "net.ipv6.conf.lo.disable_ipv6"}
	return []Cause{
		{
			ID: IPv6Off, Says: "IPv6 is disabled, and with it ::1.",
			Signs:  []Sign{all(reads(off...), none)},
			Brings: []string{"lo-without-::1"},
			More:   on("sysctl " + off[0] + " " + off[1]),
			Remedy: on("sysctl -w " + off[0] + "=0 " + off[1] + "=0"),
			Breaks: "sysctl -w " + off[0] + "=1",
		},
		{
			ID: "lo-without-::1", Says: "The loopback interface does not carry ::1.",
			Signs:  []Sign{all(none, not(reads(off...)))},
			More:   bsd("ip addr show dev lo", "ifconfig lo0"),
			Remedy: bsd("ip addr add ::1/128 dev lo", "ifconfig lo0 inet6 ::1/128 alias"),
			Unless: "the MTU of lo is below the 1280 bytes that IPv6 needs (RFC 8200, section 5)",
			Breaks: "ip addr del ::1/128 dev lo",
		},
		{
			ID: "filter-ipv6", Says: "The packet filter drops or rejects what arrives for ::1.",
			Signs:  []Sign{all(shows("v6.lo.delivery", "none"), shows("if.lo.v6", "::1/128"))},
			More:   on(list),
			Remedy: on("ip6tables -I INPUT 1 -i lo -j ACCEPT; ip6tables -I OUTPUT 1 -o lo -j ACCEPT"),
			Unless: otherTables,
			Breaks: "ip6tables -A INPUT -i lo -j DROP",
		},
		{
			ID: DeadIPv6, Says: "localhost names ::1, which can't be used here: clients that take the first address fail, others lose time.",
			Signs:  []Sign{shows("name.localhost.v6", "dead-::1")},
			More:   on("getent ahosts localhost"),
			Remedy: on(`sed -i '/^::1[[:space:]]/s/[[:space:]]localhost\>//' /etc/hosts`),
			Breaks: "printf '127.0.0.1\\tlocalhost\\n::1\\tlocalhost ip6-localhost\\n' >/etc/hosts; ip addr del ::1/128 dev lo",
		},
		{
			ID: "v6only", Says: "IPv6 sockets take no IPv4 clients by default, so a server on [::] is not reached at 127.0.0.1.",
			Signs:  []Sign{all(shows("v6.wild.dual", "dual-if-asked"), reads("net.ipv6.bindv6only"))},
			More:   on("sysctl net.ipv6.bindv6only"),
			Remedy: on("sysctl -w net.ipv6.bindv6only=0"),
			Breaks: "sysctl -w net.ipv6.bindv6only=1",
		},
	}
}

func ofNames() []Cause {
	none := shows("name.localhost.v4", "none", "timeout")
	const add = `printf '127.0.0.1\tlocalhost\n::1\tlocalhost\n' >>/etc/hosts`
	return []Cause{
		{
			ID: "hosts-absent", Says: "There is no hosts file, and no name server answers for localhost.",
			Signs:  []Sign{all(none, hosts(HostsAbsent))},
			More:   on("ls -l /etc/hosts"),
			Remedy: on(add),
			Breaks: "rm /etc/hosts",
		},
		{
			ID: "hosts-unreadable", Says: "This user may not read the hosts file, and no name server answers for localhost.",
			Signs:   []Sign{all(none, hosts(HostsUnreadable))},
			More:    on("ls -l /etc/hosts"),
			Remedy:  on("chmod 644 /etc/hosts"),
			Untried: "it takes a second user, and not each private host has one",
		},
		{
			ID: "hosts-without-localhost", Says: "The hosts file does not name localhost, and no name server answers for it.",
			Signs:  []Sign{all(none, hosts(HostsSilent))},
			More:   on("grep localhost /etc/hosts"),
			Remedy: on(add),
			Breaks: "printf '127.0.1.1\\thost\\n' >/etc/hosts",
		},
		{
			ID: "resolver", Says: "The hosts file names localhost, and the system's resolver does not read it.",
			Signs:  []Sign{all(none, hosts(HostsNames))},
			More:   on("grep ^hosts: /etc/nsswitch.conf"),
			Remedy: on(`sed -i 's/^hosts:.*/hosts: files dns/' /etc/nsswitch.conf`),
			Breaks: `printf '127.0.0.1\tlocalhost\n' >/etc/hosts; echo 'hosts: dns' >/etc/nsswitch.conf`,
		},
		{
			ID: "localhost-elsewhere", Says: "localhost is the name of an address that is not loopback.",
			Signs:  []Sign{shows("name.localhost.v4", "elsewhere"), shows("name.localhost.v6", "elsewhere")},
			More:   on("getent ahosts localhost"),
			Remedy: on(`sed -i '/[[:space:]]localhost\>/d' /etc/hosts; ` + add),
			Breaks: `printf '192.0.2.1\tlocalhost\n' >/etc/hosts`,
		},
	}
}

func ofKit() []Cause {
	return []Cause{
		{
			ID: "descriptors", Says: "A process may not open enough files here, so claims could not be measured.",
			Signs:   []Sign{reason("the kit ran out of file descriptors")},
			More:    on("ulimit -n"),
			Remedy:  on("ulimit -n 1024"),
			Untried: "a limit that was lowered is not raised again without privilege",
		},
		{
			ID: "ports", Says: "The system has too few ports for clients, so claims could not be measured.",
			Signs:  []Sign{reason("the kit ran out of free ports")},
			More:   on("sysctl net.ipv4.ip_local_port_range; ss -tan"),
			Remedy: on(`sysctl -w net.ipv4.ip_local_port_range="32768 60999"`),
			Breaks: `sysctl -w net.ipv4.ip_local_port_range="50000 50003"`,
		},
	}
}
