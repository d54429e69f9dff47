package offhost

import (
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim/claimtest"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// sent is what the system answered, watched what was on the cable; the parts' names stand in the
// variants as they do in a report.
func sent(op, variant string, outcome observation.Outcome, errno string) observation.Observation {
	return observation.Observation{Op: op, Proto: "udp", Variant: variant, Targets: []string{"127.0.0.1"}, Outcome: outcome, Errno: errno, Count: 1}
}

func frame(variant, what, source string) observation.Observation {
	return observation.Observation{Op: "wire", Proto: "udp", Variant: variant, Targets: []string{"127.0.0.1"}, Outcome: observation.OK,
		Value: what, Source: source, Count: 1}
}

func silence(variant, target string) observation.Observation {
	return observation.Observation{Op: "wire", Proto: "udp", Variant: variant, Targets: []string{target}, Outcome: observation.Nothing, Count: 1}
}

// control tells whether an option does what it is for.
func control(variant string, outcome observation.Outcome) observation.Observation {
	return observation.Observation{Op: "control", Proto: "udp", Variant: variant, Targets: []string{"198.51.100.2"}, Outcome: outcome, Count: 1}
}

const (
	routed   = "default route"
	unrouted = "no default route"
	device   = ", SO_BINDTODEVICE"
	ownIP    = "198.51.100.1"
)

// stayed is a host from which nothing leaves.
var stayed = observation.Set{
	sent("send", routed, observation.OK, ""), silence(routed, "127.0.0.1"), silence(routed, "127.0.0.2"),
	sent("connect", unrouted, observation.Refused, "ECONNREFUSED"), silence(unrouted, "127.0.0.1"),
}

func with(more ...observation.Observation) observation.Set {
	return append(append(observation.Set{}, stayed...), more...)
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
	seen observation.Set
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
			"every send refused":   {observation.Set{sent("send", routed, observation.Unreachable, "ENETUNREACH"), silence(routed, "127.0.0.1")}, "stays-inside"},
			"no socket, no answer": {observation.Set{sent("socket", routed, observation.Denied, "EPERM")}, ""},
			"nothing":              {nil, ""},
		})
	}
}

func TestEgressOfTiedSockets(t *testing.T) {
	lacks := observation.Observation{Op: "setsockopt", Variant: routed + device, Outcome: observation.Unsupported, Errno: "ENOPROTOOPT", Count: 1}
	ignored := observation.Observation{Op: "setsockopt", Variant: routed + ", SO_BINDTOIFINDEX", Outcome: observation.Unsupported,
		Value: "setsockopt: accepted and ignored: it reads 0", Count: 1}
	dontRoute := routed + ", " + sock.DontRoute.String()
	egressRules(t, "v4.egress.dst.devbind", egress{
		"refused": {observation.Set{sent("send", routed+device, observation.Unreachable, "ENETUNREACH"), silence(routed+device, "127.0.0.1"),
			silence(dontRoute, "127.0.0.1")}, "stays-inside"},
		"as on Linux": {observation.Set{frame(routed+device, "udp", ownIP), frame(unrouted+device, "arp request", ownIP),
			silence(dontRoute, "127.0.0.1")}, "leaves"},
		"only a question":             {observation.Set{silence(routed+device, "127.0.0.1"), frame(unrouted+device, "arp request", ownIP)}, "arp"},
		"no option but DONTROUTE":     {observation.Set{lacks, sent("send", dontRoute, observation.OK, ""), silence(dontRoute, "127.0.0.1")}, "no-such-option"},
		"DONTROUTE alone leaks":       {observation.Set{lacks, frame(dontRoute, "udp", ownIP)}, "leaves"},
		"no option of any kind":       {observation.Set{lacks}, ""},
		"nothing":                     {nil, ""},
		"its controls hold":           {observation.Set{control(routed+device, observation.OK), silence(routed+device, "127.0.0.1")}, "stays-inside"},
		"no packet to the neighbour":  {observation.Set{control(routed+device, observation.Nothing), silence(routed+device, "127.0.0.1")}, ""},
		"tied to lo, and on the link": {observation.Set{control(routed+device, observation.Astray), silence(routed+device, "127.0.0.1")}, ""},
		"the control of one of two fails": {observation.Set{control(routed+device, observation.OK), silence(routed+device, "127.0.0.1"),
			control(routed+", IP_PKTINFO (send)", observation.Astray), silence(routed+", IP_PKTINFO (send)", "127.0.0.1")}, ""},
		"a control fails, and another option leaves": {observation.Set{control(routed+device, observation.OK), frame(routed+device, "udp", ownIP),
			control(routed+", IP_PKTINFO (send)", observation.Astray), silence(routed+", IP_PKTINFO (send)", "127.0.0.1")}, "leaves"},
		"nothing but controls":     {observation.Set{control(routed+device, observation.OK)}, ""},
		"accepted and ignored":     {observation.Set{ignored, silence(dontRoute, "127.0.0.1")}, "no-such-option"},
		"one option of two leaves": {observation.Set{silence(routed+device, "127.0.0.1"), frame(routed+", IP_UNICAST_IF", "udp", ownIP)}, "leaves"},
	})
}

func TestEgressARP(t *testing.T) {
	egressRules(t, "v4.egress.dst.noarp", egress{
		"healthy":                {stayed, "no-arp"},
		"packets and no ARP":     {with(frame(routed+device, "udp", ownIP)), "no-arp"},
		"for a tied socket":      {with(frame(unrouted+device, "arp request", ownIP)), "arp-if-bound"},
		"for an ordinary socket": {with(frame(unrouted, "arp request", ownIP)), "arp"},
		"a control fails":        {with(control(routed+device, observation.Nothing), silence(routed+device, "127.0.0.1")), ""},
		"ARP for a control":      {with(control(routed+device, observation.OK), silence(routed+device, "127.0.0.1")), "no-arp"},
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
	refused := observation.Set{sent("send", from, observation.Denied, "EPERM"), silence(from, "192.0.2.1"),
		sent("connect", from, observation.Unreachable, "ENETUNREACH"), silence(from, "198.51.100.2")}
	lacks := sent("setsockopt", routed+", IP_BOUND_IF", observation.Unsupported, "ENOPROTOOPT")
	for _, id := range []string{"v4.egress.src.bound", "v4.egress.src.raw"} {
		egressRules(t, id, egress{
			"refused":                    {refused, "refused"},
			"refused, an option less":    {append(observation.Set{lacks}, refused...), "refused"},
			"accepted and dropped":       {append(observation.Set{sent("send", from, observation.OK, "")}, refused...), "stays-inside"},
			"a SYN that waits":           {append(observation.Set{sent("connect", from, observation.Timeout, "")}, refused...), "stays-inside"},
			"leaves":                     {append(observation.Set{frame(from, "udp", "127.0.0.1")}, refused...), "leaves"},
			"ARP in its name":            {append(observation.Set{frame(from, "arp request", "127.0.0.1")}, refused...), "leaves"},
			"with another source":        {append(observation.Set{frame(from, "udp", ownIP)}, refused...), "other-source"},
			"both":                       {append(observation.Set{frame(from, "udp", ownIP), frame(from, "udp", "127.0.0.2")}, refused...), "leaves"},
			"no raw socket":              {observation.Set{sent("socket", from, observation.Denied, "EPERM")}, ""},
			"nothing":                    {nil, ""},
			"the address can't be bound": {observation.Set{sent("send", from, observation.Unavailable, "EADDRNOTAVAIL"), silence(from, "192.0.2.1")}, "refused"},
			"a control failed":           {append(observation.Set{control(routed+device, observation.Nothing)}, refused...), ""},
			"a control failed, but it leaves": {observation.Set{control(routed+device, observation.Nothing), sent("send", from, observation.OK, ""),
				frame(from, "udp", "127.0.0.1")}, "leaves"},
		})
	}
	malformed := observation.Set{sent("send", from, observation.Invalid, "EINVAL"), silence(from, "192.0.2.1")}
	egressRules(t, "v4.egress.src.bound", egress{"EINVAL": {malformed, "refused"}})
	egressRules(t, "v4.egress.src.raw", egress{
		"EINVAL, and no control":       {malformed, ""},
		"EINVAL, and a control failed": {append(observation.Set{control(routed, observation.Nothing)}, malformed...), ""},
		"EINVAL beside a control":      {append(observation.Set{control(routed, observation.OK)}, malformed...), "refused"},
	})
}
