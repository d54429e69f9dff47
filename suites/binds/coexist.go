package binds

import (
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func list(words []string) string { return strings.Join(words, ", ") }

// coexist reads what a second socket on a held port got: allowed, refused with one errno or
// several, or allowed for one transport only.
func coexist(seen observation.Set) claim.Answer {
	bound := seen.Op("bind")
	tcp, udp, errnos := bound.Proto("tcp"), bound.Proto("udp"), bound.Errors()
	switch {
	case len(tcp) == 0 || len(udp) == 0:
		return claim.Unclear("the first socket could not be held: %s", list(seen.Op("hold").Errors()))
	case bound.AllOK():
		return claim.Shows("allowed", "over TCP and UDP")
	case len(bound.Outcome(observation.OK)) == 0 && len(errnos) == 1 && strings.HasPrefix(errnos[0], "E"):
		return claim.Shows(errnos[0], "over TCP and UDP")
	case len(bound.Outcome(observation.OK)) == 0:
		return claim.Shows("refused", "%s", list(errnos))
	case tcp.AllOK() && len(udp.Outcome(observation.OK)) == 0:
		return claim.Shows("tcp-only", "over UDP: %s", list(errnos))
	case udp.AllOK() && len(tcp.Outcome(observation.OK)) == 0:
		return claim.Shows("udp-only", "over TCP: %s", list(errnos))
	default:
		return claim.Shows("mixed", "allowed: %s; otherwise %s", list(cells(bound.Outcome(observation.OK))), list(errnos))
	}
}

// cells names the arrangements of observations, sorted: "tcp [::] first".
func cells(seen observation.Set) []string {
	var out []string
	for _, o := range seen {
		out = append(out, strings.TrimSpace(o.Proto+" "+o.Variant))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// coexistBehaviours are the words of coexist; conforming are those that the source asks for.
func coexistBehaviours(conforming ...string) []claim.Behaviour {
	out := []claim.Behaviour{
		{Word: "EADDRINUSE", Means: "the second bind is refused with EADDRINUSE, over TCP and UDP"},
		{Word: "allowed", Means: "both sockets hold the port, over TCP and UDP"},
		{Word: "tcp-only", Means: "both sockets hold the port over TCP, and not over UDP"},
		{Word: "udp-only", Means: "both sockets hold the port over UDP, and not over TCP"},
		{Word: "mixed", Means: "it depends on the arrangement, as the reason says"},
		{Word: "refused", Means: "the second bind is refused, with several errors"},
		{Word: claim.AnyErrno, Means: "the second bind is refused with this error, over TCP and UDP"},
	}
	return conform(out, conforming)
}

// conform marks the behaviours that the source asks for.
func conform(all []claim.Behaviour, words []string) []claim.Behaviour {
	for i := range all {
		all[i].Conforms = slices.Contains(words, all[i].Word)
	}
	return all
}

// variants lists the arrangements of observations, sorted.
func variants(seen observation.Set) []string {
	var out []string
	for _, o := range seen {
		out = append(out, o.Variant)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
