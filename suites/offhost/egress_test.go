package offhost

import (
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/claim/claimtest"
	"github.com/loopmatrix/loopmatrix/suites/observe"
	"github.com/loopmatrix/loopmatrix/suites/sock"
)

// sent is what the system answered, watched what was on the cable; the parts' names stand in the variants as they do
// in a report.
func sent(op, variant string, outcome observe.Outcome, errno string) observe.Observation {
	return observe.Observation{Op: op, Proto: "udp", Variant: variant, Targets: []string{"127.0.0.1"}, Outcome: outcome, Errno: errno, Count: 1}
}

func frame(variant, what, source string) observe.Observation {
	return observe.Observation{Op: "wire", Proto: "udp", Variant: variant, Targets: []string{"127.0.0.1"}, Outcome: observe.OK,
		Value: what, Source: source, Count: 1}
}

func silence(variant, target string) observe.Observation {
	return observe.Observation{Op: "wire", Proto: "udp", Variant: variant, Targets: []string{target}, Outcome: observe.Nothing, Count: 1}
}

// control tells whether an option does what it is for.
func control(variant string, outcome observe.Outcome) observe.Observation {
	return observe.Observation{Op: "control", Proto: "udp", Variant: variant, Targets: []string{"198.51.100.2"}, Outcome: outcome, Count: 1}
}

const (
	routed   = "default route"
	unrouted = "no default route"
	device   = ", SO_BINDTODEVICE"
	ownIP    = "198.51.100.1"
)

// stayed is a host from which nothing leaves.
var stayed = observe.Set{
	sent("send", routed, observe.OK, ""), silence(routed, "127.0.0.1"), silence(routed, "127.0.0.2"),
	sent("connect", unrouted, observe.Refused, "ECONNREFUSED"), silence(unrouted, "127.0.0.1"),
}

func with(more ...observe.Observation) observe.Set {
	return append(append(observe.Set{}, stayed...), more...)
}

func TestMain(m *testing.M) { os.Exit(claimtest.Run(m)) }

// egressRules tests the rule of a claim by a table.
func egressRules(t *testing.T, id string, rows egress) {
	t.Helper()
	var table []claimtest.Row
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		table = append(table, claimtest.Row{Name: name, Seen: rows[name].seen, Want: rows[name].want})
	}
	claimtest.Rule(t, id, table)
}

type egress = map[string]struct {
	seen observe.Set
	want string
}

func TestEgressOfOrdinarySockets(t *testing.T) {
	for _, id := range []string{"v4.egress.dst.default", "v4.egress.dst.noroute"} {
		egressRules(t, id, egress{
			"healthy":              {stayed, "stays-inside"},
			"a packet":             {with(frame(routed, "udp", ownIP)), "leaves"},
			"a SYN":                {with(frame(routed, "tcp SYN", ownIP)), "leaves"},
			"only a question":      {with(frame(unrouted, "arp request", ownIP)), "arp"},
			"question and packet":  {with(frame(unrouted, "arp request", ownIP), frame(unrouted, "udp", ownIP)), "leaves"},
			"every send refused":   {observe.Set{sent("send", routed, observe.Unreachable, "ENETUNREACH"), silence(routed, "127.0.0.1")}, "stays-inside"},
			"no socket, no answer": {observe.Set{sent("socket", routed, observe.Denied, "EPERM")}, ""},
			"nothing":              {nil, ""},
		})
	}
}

func TestEgressOfTiedSockets(t *testing.T) {
	lacks := observe.Observation{Op: "setsockopt", Variant: routed + device, Outcome: observe.Unsupported, Errno: "ENOPROTOOPT", Count: 1}
	ignored := observe.Observation{Op: "setsockopt", Variant: routed + ", SO_BINDTOIFINDEX", Outcome: observe.Unsupported,
		Value: "setsockopt: accepted and ignored: it reads 0", Count: 1}
	dontRoute := routed + ", " + sock.DontRoute.String()
	egressRules(t, "v4.egress.dst.devbind", egress{
		"refused": {observe.Set{sent("send", routed+device, observe.Unreachable, "ENETUNREACH"), silence(routed+device, "127.0.0.1"),
			silence(dontRoute, "127.0.0.1")}, "stays-inside"},
		"as on Linux": {observe.Set{frame(routed+device, "udp", ownIP), frame(unrouted+device, "arp request", ownIP),
			silence(dontRoute, "127.0.0.1")}, "leaves"},
		"only a question":             {observe.Set{silence(routed+device, "127.0.0.1"), frame(unrouted+device, "arp request", ownIP)}, "arp"},
		"no option but DONTROUTE":     {observe.Set{lacks, sent("send", dontRoute, observe.OK, ""), silence(dontRoute, "127.0.0.1")}, "no-such-option"},
		"DONTROUTE alone leaks":       {observe.Set{lacks, frame(dontRoute, "udp", ownIP)}, "leaves"},
		"no option of any kind":       {observe.Set{lacks}, ""},
		"nothing":                     {nil, ""},
		"its controls hold":           {observe.Set{control(routed+device, observe.OK), silence(routed+device, "127.0.0.1")}, "stays-inside"},
		"no packet to the neighbour":  {observe.Set{control(routed+device, observe.Nothing), silence(routed+device, "127.0.0.1")}, ""},
		"tied to lo, and on the link": {observe.Set{control(routed+device, observe.Astray), silence(routed+device, "127.0.0.1")}, ""},
		"the control of one of two fails": {observe.Set{control(routed+device, observe.OK), silence(routed+device, "127.0.0.1"),
			control(routed+", IP_PKTINFO (send)", observe.Astray), silence(routed+", IP_PKTINFO (send)", "127.0.0.1")}, ""},
		"a control fails, and another option leaves": {observe.Set{control(routed+device, observe.OK), frame(routed+device, "udp", ownIP),
			control(routed+", IP_PKTINFO (send)", observe.Astray), silence(routed+", IP_PKTINFO (send)", "127.0.0.1")}, "leaves"},
		"nothing but controls":     {observe.Set{control(routed+device, observe.OK)}, ""},
		"accepted and ignored":     {observe.Set{ignored, silence(dontRoute, "127.0.0.1")}, "no-such-option"},
		"one option of two leaves": {observe.Set{silence(routed+device, "127.0.0.1"), frame(routed+", IP_UNICAST_IF", "udp", ownIP)}, "leaves"},
	})
}

func TestEgressARP(t *testing.T) {
	egressRules(t, "v4.egress.dst.noarp", egress{
		"healthy":                {stayed, "no-arp"},
		"packets and no ARP":     {with(frame(routed+device, "udp", ownIP)), "no-arp"},
		"for a tied socket":      {with(frame(unrouted+device, "arp request", ownIP)), "arp-if-bound"},
		"for an ordinary socket": {with(frame(unrouted, "arp request", ownIP)), "arp"},
		"a control fails":        {with(control(routed+device, observe.Nothing), silence(routed+device, "127.0.0.1")), ""},
		"ARP for a control":      {with(control(routed+device, observe.OK), silence(routed+device, "127.0.0.1")), "no-arp"},
		"for both":               {with(frame(unrouted+device, "arp request", ownIP), frame(unrouted, "arp request", ownIP)), "arp"},
		"nothing":                {nil, ""},
	})
	egressRules(t, "v4.egress.arp.src", egress{
		"healthy":            {with(frame(routed, "arp request", ownIP), frame(unrouted, "arp request", "0.0.0.0")), "never"},
		"no question at all": {stayed, "never"},
		"a loopback sender":  {with(frame(routed, "arp request", ownIP), frame(unrouted, "arp request", "127.0.0.1")), "arp-sender"},
		"a loopback packet":  {with(frame(routed, "udp", "127.0.0.1")), "never"},
		"no source":          {with(frame(routed, "arp request", "invalid IP")), "never"},
		"nothing":            {nil, ""},
	})
}

func TestEgressSources(t *testing.T) {
	const from = routed + ", from 127.0.0.1"
	refused := observe.Set{sent("send", from, observe.Invalid, "EINVAL"), silence(from, "192.0.2.1"),
		sent("connect", from, observe.Unreachable, "ENETUNREACH"), silence(from, "198.51.100.2")}
	lacks := sent("setsockopt", routed+", IP_BOUND_IF", observe.Unsupported, "ENOPROTOOPT")
	for _, id := range []string{"v4.egress.src.bound", "v4.egress.src.raw"} {
		egressRules(t, id, egress{
			"refused":                    {refused, "refused"},
			"refused, an option less":    {append(observe.Set{lacks}, refused...), "refused"},
			"accepted and dropped":       {append(observe.Set{sent("send", from, observe.OK, "")}, refused...), "stays-inside"},
			"a SYN that waits":           {append(observe.Set{sent("connect", from, observe.Timeout, "")}, refused...), "stays-inside"},
			"leaves":                     {append(observe.Set{frame(from, "udp", "127.0.0.1")}, refused...), "leaves"},
			"ARP in its name":            {append(observe.Set{frame(from, "arp request", "127.0.0.1")}, refused...), "leaves"},
			"with another source":        {append(observe.Set{frame(from, "udp", ownIP)}, refused...), "other-source"},
			"both":                       {append(observe.Set{frame(from, "udp", ownIP), frame(from, "udp", "127.0.0.2")}, refused...), "leaves"},
			"no raw socket":              {observe.Set{sent("socket", from, observe.Denied, "EPERM")}, ""},
			"nothing":                    {nil, ""},
			"the address can't be bound": {observe.Set{sent("send", from, observe.Unavailable, "EADDRNOTAVAIL"), silence(from, "192.0.2.1")}, "refused"},
		})
	}
}
