package offhost

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/observe"
	"github.com/loopmatrix/loopmatrix/suites/probe"
)

// arrived is what became of a packet that the neighbour sent.
func arrived(op, proto, variant string, outcome observe.Outcome) observe.Observation {
	return observe.Observation{Op: op, Proto: proto, Variant: variant, Targets: []string{"127.0.0.1"}, Outcome: outcome, Count: 1}
}

// called is what became of a datagram and a connection in one state of the switch.
func called(variant string, outcome observe.Outcome) observe.Set {
	return observe.Set{arrived("deliver", "udp", variant, outcome), arrived("answer", "udp", variant, observe.Nothing),
		arrived("deliver", "tcp", variant, outcome), arrived("answer", "tcp", variant, outcome)}
}

func sets(all ...observe.Set) (out observe.Set) {
	for _, s := range all {
		out = append(out, s...)
	}
	return out
}

func TestNoICMP(t *testing.T) {
	silent := arrived(probe.Complaint, "udp", routed, observe.Nothing)
	noisy := arrived(probe.Complaint, "udp", routed, observe.OK)
	noisy.Value = "icmp DestinationUnreachable(Port)"
	egressRules(t, "v4.ingress.noicmp", egress{
		"silent":    {observe.Set{silent, silent}, "silent"},
		"one error": {observe.Set{silent, noisy}, "icmp-error"},
		"other":     {observe.Set{arrived("deliver", "udp", "", observe.Nothing)}, ""},
		"nothing":   {nil, ""},
	})
}

func TestARP(t *testing.T) {
	asked := arrived(probe.Resolve, "arp", routed, observe.Nothing)
	told := arrived(probe.Resolve, "arp", routed, observe.OK)
	told.Value = "arp reply 127.0.0.1 > 198.51.100.2"
	absent, present := arrived(listNeighbours, "", routed, observe.NoAnswer), arrived(listNeighbours, "", routed, observe.OK)
	unread := arrived(listNeighbours, "", routed, observe.Denied)
	egressRules(t, "v4.ingress.noarpreply", egress{
		"no reply":  {observe.Set{asked, asked}, "no-reply"},
		"one reply": {observe.Set{asked, told}, "replies"},
		"nothing":   {nil, ""},
	})
	egressRules(t, "v4.ingress.arpsender", egress{
		"ignored":           {observe.Set{asked, absent, asked, absent}, "ignored"},
		"only a reply":      {observe.Set{told, absent}, "replies"},
		"an entry":          {observe.Set{asked, present}, "learned"},
		"reply and entry":   {observe.Set{told, present}, "learned"},
		"no table":          {observe.Set{asked, unread}, ""},
		"table, no request": {observe.Set{absent}, ""},
		"nothing":           {nil, ""},
	})
}

func TestBypass(t *testing.T) {
	refused := arrived("answer", "tcp", routed, observe.OK)
	refused.Value = "tcp RST,ACK 127.0.0.1 > 198.51.100.2"
	egressRules(t, "v4.neighbour.bypass", egress{
		"unreachable": {called(routed, observe.Nothing), "unreachable"},
		"refused":     {append(called(routed, observe.Nothing), refused), "refused"},
		"reached":     {called(routed, observe.OK), "reached"},
		"no service":  {observe.Set{arrived("listen", "udp", routed, observe.Unavailable)}, ""},
		"nothing":     {nil, ""},
	})
	before, after := "default route, "+untouched, "default route, "+opened
	egressRules(t, "v4.neighbour.bypass.opt", egress{
		"opens":         {sets(called(before, observe.Nothing), called(after, observe.OK)), "opens"},
		"no effect":     {sets(called(before, observe.Nothing), called(after, observe.Nothing)), "no-effect"},
		"open anyway":   {sets(called(before, observe.OK), called(after, observe.OK)), "open-anyway"},
		"only before":   {called(before, observe.Nothing), ""},
		"only after":    {called(after, observe.OK), ""},
		"without parts": {sets(called(untouched, observe.Nothing), called(opened, observe.OK)), "opens"},
		"nothing":       {nil, ""},
	})
}

func TestAlias(t *testing.T) {
	udp, tcp := arrived("deliver", "udp", routed, observe.OK), arrived("deliver", "tcp", routed, observe.OK)
	noUDP, noTCP := arrived("deliver", "udp", routed, observe.Nothing), arrived("deliver", "tcp", routed, observe.Nothing)
	egressRules(t, "v4.weakhost.lo-alias", egress{
		"weak":      {observe.Set{udp, tcp}, "weak"},
		"strong":    {observe.Set{noUDP, noTCP, arrived("answer", "udp", routed, observe.Nothing)}, "strong"},
		"partly":    {observe.Set{udp, noTCP}, "partly"},
		"no server": {observe.Set{arrived("listen", "udp", routed, observe.Unavailable)}, ""},
		"nothing":   {nil, ""},
	})
}

func TestRedirected(t *testing.T) {
	at := func(socket, state string) string { return "default route, " + socket + ", " + state }
	none := sets(called(at(onLoopback, untouched), observe.Nothing), called(at(onWildcard, untouched), observe.Nothing))
	works := called(at(onLoopback, opened), observe.OK)
	egressRules(t, "v4.redirect.rdr", egress{
		"dropped":                {sets(none, works), "dropped"},
		"accepted":               {sets(none, called(at(onLoopback, untouched), observe.OK), works), "accepted"},
		"accepted by datagrams":  {append(sets(none, works), arrived("deliver", "udp", at(onLoopback, untouched), observe.OK)), "accepted"},
		"only by a wildcard":     {sets(none, called(at(onWildcard, untouched), observe.OK), works), "wildcard-only"},
		"the rule does nothing":  {sets(none, called(at(onLoopback, opened), observe.Nothing)), ""},
		"no switch, and dropped": {none, ""},
		"nothing":                {nil, ""},
	})
}
