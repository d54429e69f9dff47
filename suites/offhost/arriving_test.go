package offhost

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

// arrived is what became of a packet that the neighbour sent.
func arrived(op, proto, variant string, outcome observation.Outcome) observation.Observation {
	return observation.Observation{Op: op, Proto: proto, Variant: variant, Targets: []string{"127.0.0.1"}, Outcome: outcome, Count: 1}
}

// called is what became of a datagram and a connection in one state of the switch.
func called(variant string, outcome observation.Outcome) observation.Set {
	return observation.Set{arrived("deliver", "udp", variant, outcome), arrived("answer", "udp", variant, observation.Nothing),
		arrived("deliver", "tcp", variant, outcome), arrived("answer", "tcp", variant, outcome)}
}

func sets(all ...observation.Set) (out observation.Set) {
	for _, s := range all {
		out = append(out, s...)
	}
	return out
}

func TestNoICMP(t *testing.T) {
	silent := arrived(probe.Complaint, "udp", routed, observation.Nothing)
	noisy := arrived(probe.Complaint, "udp", routed, observation.OK)
	noisy.Value = "icmp DestinationUnreachable(Port)"
	egressRules(t, "v4.ingress.noicmp", egress{
		"silent":    {observation.Set{silent, silent}, "silent"},
		"one error": {observation.Set{silent, noisy}, "icmp-error"},
		"other":     {observation.Set{arrived("deliver", "udp", "", observation.Nothing)}, ""},
		"nothing":   {nil, ""},
	})
}

func TestARP(t *testing.T) {
	asked := arrived(probe.Resolve, "arp", routed, observation.Nothing)
	told := arrived(probe.Resolve, "arp", routed, observation.OK)
	told.Value = "arp reply 127.0.0.1 > 198.51.100.2"
	absent, present := arrived(listNeighbours, "", routed, observation.NoAnswer), arrived(listNeighbours, "", routed, observation.OK)
	unread := arrived(listNeighbours, "", routed, observation.Denied)
	egressRules(t, "v4.ingress.noarpreply", egress{
		"no reply":  {observation.Set{asked, asked}, "no-reply"},
		"one reply": {observation.Set{asked, told}, "replies"},
		"nothing":   {nil, ""},
	})
	egressRules(t, "v4.ingress.arpsender", egress{
		"ignored":           {observation.Set{asked, absent, asked, absent}, "ignored"},
		"only a reply":      {observation.Set{told, absent}, "replies"},
		"an entry":          {observation.Set{asked, present}, "learned"},
		"reply and entry":   {observation.Set{told, present}, "learned"},
		"no table":          {observation.Set{asked, unread}, ""},
		"table, no request": {observation.Set{absent}, ""},
		"nothing":           {nil, ""},
	})
}

func TestBypass(t *testing.T) {
	refused := arrived("answer", "tcp", routed, observation.OK)
	refused.Value = "tcp RST,ACK 127.0.0.1 > 198.51.100.2"
	egressRules(t, "v4.neighbour.bypass", egress{
		"unreachable": {called(routed, observation.Nothing), "unreachable"},
		"refused":     {append(called(routed, observation.Nothing), refused), "refused"},
		"reached":     {called(routed, observation.OK), "reached"},
		"no service":  {observation.Set{arrived("listen", "udp", routed, observation.Unavailable)}, ""},
		"nothing":     {nil, ""},
	})
	before, after := "default route, "+untouched, "default route, "+opened
	egressRules(t, "v4.neighbour.bypass.opt", egress{
		"opens":         {sets(called(before, observation.Nothing), called(after, observation.OK)), "opens"},
		"no effect":     {sets(called(before, observation.Nothing), called(after, observation.Nothing)), "no-effect"},
		"open anyway":   {sets(called(before, observation.OK), called(after, observation.OK)), "open-anyway"},
		"only before":   {called(before, observation.Nothing), ""},
		"only after":    {called(after, observation.OK), ""},
		"without parts": {sets(called(untouched, observation.Nothing), called(opened, observation.OK)), "opens"},
		"nothing":       {nil, ""},
	})
}

func TestAlias(t *testing.T) {
	udp, tcp := arrived("deliver", "udp", routed, observation.OK), arrived("deliver", "tcp", routed, observation.OK)
	noUDP, noTCP := arrived("deliver", "udp", routed, observation.Nothing), arrived("deliver", "tcp", routed, observation.Nothing)
	egressRules(t, "v4.weakhost.lo-alias", egress{
		"weak":      {observation.Set{udp, tcp}, "weak"},
		"strong":    {observation.Set{noUDP, noTCP, arrived("answer", "udp", routed, observation.Nothing)}, "strong"},
		"partly":    {observation.Set{udp, noTCP}, "partly"},
		"no server": {observation.Set{arrived("listen", "udp", routed, observation.Unavailable)}, ""},
		"nothing":   {nil, ""},
	})
}

func TestRedirected(t *testing.T) {
	at := func(socket, state string) string { return "default route, " + socket + ", " + state }
	none := sets(called(at(onLoopback, untouched), observation.Nothing), called(at(onWildcard, untouched), observation.Nothing))
	works := called(at(onLoopback, opened), observation.OK)
	egressRules(t, "v4.redirect.rdr", egress{
		"dropped":                {sets(none, works), "dropped"},
		"accepted":               {sets(none, called(at(onLoopback, untouched), observation.OK), works), "accepted"},
		"accepted by datagrams":  {append(sets(none, works), arrived("deliver", "udp", at(onLoopback, untouched), observation.OK)), "accepted"},
		"only by a wildcard":     {sets(none, called(at(onWildcard, untouched), observation.OK), works), "wildcard-only"},
		"the rule does nothing":  {sets(none, called(at(onLoopback, opened), observation.Nothing)), ""},
		"no switch, and dropped": {none, ""},
		"nothing":                {nil, ""},
	})
}
