package privatehost

import (
	"slices"
	"strconv"

	"github.com/google/nftables"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// filter is the packet filter of this network namespace.
func filter() host.Filter { return &nftFilter{} }

// nftFilter puts each set of rules into a table of its own, so that it can be removed as a whole.
type nftFilter struct{ tables int }

func (f *nftFilter) Name() string { return "nftables" }

// codes are those of ICMP destination unreachable messages.
var codes = map[host.Verb]uint8{host.NetUnreachable: 0, host.HostUnreachable: 1, host.PortUnreachable: 3,
	host.NetProhibited: 9, host.HostProhibited: 10, host.AdminProhibited: 13}

func (f *nftFilter) Add(rules ...host.FilterRule) (remove func() error, err error) {
	conn, err := nftables.New()
	if err != nil {
		return nil, sock.SystemError("add rule", err)
	}
	f.tables++
	name := "spec" + strconv.Itoa(f.tables)
	var table *nftables.Table
	for _, r := range rules {
		table = add(conn, name, hookOf(r), matchOf(r), actionOf(r))
	}
	if err := conn.Flush(); err != nil {
		return nil, sock.SystemError("add rule", err)
	}
	return func() error {
		conn.DelTable(table)
		return sock.SystemError("remove rules", conn.Flush())
	}, nil
}

func hookOf(r host.FilterRule) chain {
	if r.Hook == host.Outgoing {
		return leaving()
	}
	return arriving()
}

func matchOf(r host.FilterRule) (m match) {
	switch {
	case r.Interface != "" && r.Hook == host.Outgoing:
		m = outOf(r.Interface)
	case r.Interface != "":
		m = into(r.Interface)
	}
	if r.Source.IsValid() {
		m = both(m, endpoint(ipSource, r.Source))
	}
	if r.Destination.IsValid() {
		m = both(m, endpoint(ipDestination, r.Destination))
	}
	if r.Proto != "" {
		m = both(m, transport(map[string]byte{"tcp": unix.IPPROTO_TCP, "udp": unix.IPPROTO_UDP}[r.Proto]))
	}
	return slices.Clone(m)
}

func actionOf(r host.FilterRule) action {
	switch r.Verb {
	case host.Drop:
		return drop()
	case host.Reset:
		return reset()
	default:
		return rejected(codes[r.Verb])
	}
}
