package netif

import (
	"errors"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

func kernel() Network { return rtnetlink{} }

// rtnetlink asks by rtnetlink(7), and reads switches below /proc/sys. Any single question may be
// one that a kernel does not answer, as in gVisor; only that question fails then.
type rtnetlink struct{}

// dumps is how often a listing is asked for: the kernel says EINTR (NLM_F_DUMP_INTR) if something
// changed while it was written, and then it is asked again.
const dumps = 3

func dump[T any](list func() (T, error)) (T, error) {
	for n := 1; ; n++ {
		all, err := list()
		if !errors.Is(err, netlink.ErrDumpInterrupted) || n == dumps {
			return all, err
		}
	}
}

func (rtnetlink) Interfaces() ([]Interface, error) {
	all, err := dump(links)
	if err != nil {
		return nil, fail("RTM_GETLINK", err)
	}
	addresses, err := dump(func() ([]netlink.Addr, error) { return netlink.AddrList(nil, netlink.FAMILY_ALL) })
	if err != nil {
		return nil, fail("RTM_GETADDR", err)
	}
	for i := range all {
		for _, a := range addresses {
			if p, ok := prefixOf(a.IPNet); ok && a.LinkIndex == all[i].Index {
				all[i].Addresses = append(all[i].Addresses, p)
			}
		}
	}
	return all, nil
}

// links lists the interfaces without their addresses. Neither net.Interfaces nor netlink.LinkList
// will do, since both hide a hardware address of nothing but zeros, which is what lo has.
func links() ([]Interface, error) {
	request := nl.NewNetlinkRequest(unix.RTM_GETLINK, unix.NLM_F_DUMP)
	request.AddData(nl.NewIfInfomsg(unix.AF_UNSPEC))
	messages, err := request.Execute(unix.NETLINK_ROUTE, unix.RTM_NEWLINK)
	if err != nil {
		return nil, err
	}
	var out []Interface
	for _, m := range messages {
		if len(m) < unix.SizeofIfInfomsg {
			return nil, unix.EBADMSG
		}
		head := nl.DeserializeIfInfomsg(m)
		attributes, err := nl.ParseRouteAttr(m[unix.SizeofIfInfomsg:])
		if err != nil {
			return nil, err
		}
		i := Interface{Index: int(head.Index), Up: head.Flags&unix.IFF_UP != 0, Loopback: head.Flags&unix.IFF_LOOPBACK != 0,
			Broadcast: head.Flags&unix.IFF_BROADCAST != 0, Multicast: head.Flags&unix.IFF_MULTICAST != 0}
		for _, a := range attributes {
			switch {
			case a.Attr.Type == unix.IFLA_IFNAME:
				i.Name = unix.ByteSliceToString(a.Value)
			case a.Attr.Type == unix.IFLA_MTU && len(a.Value) >= 4:
				i.MTU = int64(nl.NativeEndian().Uint32(a.Value))
			case a.Attr.Type == unix.IFLA_ADDRESS:
				i.Hardware = net.HardwareAddr(a.Value).String()
			}
		}
		out = append(out, i)
	}
	return out, nil
}

func (k rtnetlink) Routes() ([]Route, error) {
	// An unspecified table means all tables; without a filter there would be only the main one.
	all, err := dump(func() ([]netlink.Route, error) {
		return netlink.RouteListFiltered(netlink.FAMILY_ALL, &netlink.Route{Table: unix.RT_TABLE_UNSPEC}, netlink.RT_FILTER_TABLE)
	})
	if err != nil {
		return nil, fail("RTM_GETROUTE", err)
	}
	return k.routes(all), nil
}

func (k rtnetlink) RouteTo(a netip.Addr) (Route, error) {
	// With FIBMatch (RTM_F_FIB_MATCH, Linux 4.13) the answer is the entry of the table that
	// matched; older kernels ignore it and answer with a host route. A reject route answers with
	// its error.
	all, err := netlink.RouteGetWithOptions(a.WithZone("").AsSlice(), &netlink.RouteGetOptions{FIBMatch: true})
	if err != nil {
		return Route{}, fail("RTM_GETROUTE", err)
	}
	out := k.routes(all)
	if len(out) == 0 {
		return Route{}, sock.Errno("RTM_GETROUTE", "ENETUNREACH", 0)
	}
	return out[0], nil
}

// routes translates, with one route for each way of a route that has several (RTA_MULTIPATH).
func (rtnetlink) routes(all []netlink.Route) []Route {
	names := map[int]string{}
	if interfaces, err := dump(links); err == nil { // a route without the name of its interface is still a route
		for _, i := range interfaces {
			names[i.Index] = i.Name
		}
	}
	var out []Route
	for _, r := range all {
		to, ok := prefixOf(r.Dst)
		if !ok {
			if to, ok = everything(r.Family); !ok {
				continue // MPLS labels and the like
			}
		}
		route := Route{Destination: to, Kind: kindOf(r.Type), Table: tableOf(r.Table), Interface: names[r.LinkIndex]}
		route.Gateway = addrOf(r.Gw)
		if len(r.MultiPath) == 0 {
			out = append(out, route)
		}
		for _, way := range r.MultiPath {
			route.Interface, route.Gateway = names[way.LinkIndex], addrOf(way.Gw)
			out = append(out, route)
		}
	}
	return out
}

func everything(family int) (netip.Prefix, bool) {
	switch family {
	case unix.AF_INET:
		return netip.PrefixFrom(netip.IPv4Unspecified(), 0), true
	case unix.AF_INET6:
		return netip.PrefixFrom(netip.IPv6Unspecified(), 0), true
	default:
		return netip.Prefix{}, false
	}
}

// kindOf names the type of a route (rtnetlink(7), rtm_type).
func kindOf(rtmType int) string {
	switch rtmType {
	case unix.RTN_UNICAST:
		return "unicast"
	case unix.RTN_LOCAL:
		return "local"
	case unix.RTN_BROADCAST:
		return "broadcast"
	case unix.RTN_ANYCAST:
		return "anycast"
	case unix.RTN_MULTICAST:
		return "multicast"
	case unix.RTN_BLACKHOLE:
		return "blackhole"
	case unix.RTN_UNREACHABLE, unix.RTN_PROHIBIT:
		return "reject"
	case unix.RTN_THROW:
		return "throw"
	default:
		return strconv.Itoa(rtmType)
	}
}

// tableOf names a routing table as ip-route(8) does.
func tableOf(table int) string {
	switch table {
	case unix.RT_TABLE_LOCAL:
		return "local"
	case unix.RT_TABLE_MAIN:
		return "main"
	case unix.RT_TABLE_DEFAULT:
		return "default"
	default:
		return strconv.Itoa(table)
	}
}

func prefixOf(n *net.IPNet) (netip.Prefix, bool) {
	if n == nil {
		return netip.Prefix{}, false
	}
	a, ok := netip.AddrFromSlice(n.IP)
	bits, length := n.Mask.Size()
	if length == 32 { // netlink writes an IPv4 default route as 0.0.0.0 in 16 bytes
		a = a.Unmap()
	}
	return netip.PrefixFrom(a, bits), ok
}

func addrOf(ip net.IP) netip.Addr {
	a, _ := netip.AddrFromSlice(ip)
	return a
}

// Switch reads below /proc/sys. As with sysctl(8), a slash in the name stands for a dot in the name
// of an interface.
func (rtnetlink) Switch(name string) (string, error) {
	if name == PolicyRules {
		return policyRules()
	}
	path := strings.NewReplacer(".", "/", "/", ".").Replace(name)
	text, err := fs.ReadFile(os.DirFS("/proc/sys"), path) // refuses a path that leads elsewhere
	if err != nil {
		return "", fail("read /proc/sys/"+path, err)
	}
	return strings.Join(strings.Fields(string(text)), " "), nil
}

// policyRules lists the rules that a packet to 127.0.0.0/8 may meet.
func policyRules() (string, error) {
	all, err := dump(func() ([]netlink.Rule, error) { return netlink.RuleList(netlink.FAMILY_V4) })
	if err != nil {
		return "", fail("RTM_GETRULE", err)
	}
	text := policyText(all)
	if text == usualRules {
		return "", sock.Errno("RTM_GETRULE", "ENOENT", 0)
	}
	return text, nil
}

var loopback4 = netip.MustParsePrefix("127.0.0.0/8")

// usualRules are those of every network namespace (fib_default_rules_init).
const usualRules = "0: to all lookup local; 32766: to all lookup main; 32767: to all lookup default"

// policyText tells of each rule the priority, the destination and the table; one without a table
// rejects, or jumps. What else a rule asks for (a source, a mark, a user) may identify the host,
// and is told as "on conditions".
func policyText(all []netlink.Rule) string {
	var out []string
	for _, r := range all {
		to := "all"
		if p, some := prefixOf(r.Dst); some {
			if to = p.String(); !p.Overlaps(loopback4) {
				continue
			}
		}
		text := strconv.Itoa(max(r.Priority, 0)) + ": to " + to
		if r.Src != nil || r.Mark != 0 || r.IifName != "" || r.OifName != "" || r.UIDRange != nil || r.Invert {
			text += " on conditions"
		}
		if text += " lookup " + tableOf(r.Table); r.Table == unix.RT_TABLE_UNSPEC {
			text = strings.TrimSuffix(text, " lookup 0") + " without a table"
		}
		out = append(out, text)
	}
	return strings.Join(out, "; ")
}

func fail(op string, err error) error { return sock.SystemError(op, err) }
