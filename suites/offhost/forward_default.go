package offhost

import (
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// checkedBy lists the switches that turn the check of RFC 1812 5.3.7 off, and their value with the
// check on, in order. Linux treats 127.0.0.0/8 as martian while route_localnet is 0
// (net/ipv4/route.c, ip_route_input_slow); "all" holds for every interface, "default" for those to
// come, and lo's own is moot. FreeBSD takes as many bits of 127 for loopback as loopback_prefixlen
// says (sys/netinet/in.c).
func checkedBy() [][2]string {
	return [][2]string{
		{"net.ipv4.conf.all.route_localnet", "0"},
		{"net.ipv4.conf.default.route_localnet", "0"},
		{"net.inet.ip.loopback_prefixlen", "8"},
	}
}

const readSwitch = "read switch"

var _ = claim.It(claim.Claim{
	ID:     "v4.forward.default",
	Family: claim.Offhost,
	Level:  claim.Must,
	Source: claim.Source{References: append([]claim.Reference{claim.RFC(1812, "5.3.7"), localnet}, martians().References[1:]...),
		Note: martians().Note + " What is read is the value that holds now, which somebody may have changed since the system started."},
	Sentence: "If the check for packets to or from 127.0.0.0/8 can be switched off, it is on by default.",
	Question: "Is the protection of 127.0.0.0/8 against the network switched on here?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "route-localnet-on",
	Behaviours: []claim.Behaviour{
		{Word: "checks", Means: "every switch that this system has stands at checking the whole block", Conforms: true},
		{Word: "off", Means: "a switch stands at not checking"},
		{Word: "narrowed", Means: "the check covers only a part of 127.0.0.0/8"},
	},
	Rule: checks,
}, func(h *host.Host) observation.Set {
	var seen observation.Set
	var first error
	for _, s := range checkedBy() {
		value, err := h.Network.Switch(s[0])
		o := observation.Observation{Op: readSwitch, Targets: []string{s[0]}, Value: strings.TrimSpace(value), Count: 1}
		seen = append(seen, sock.Describe(o, err))
		if first == nil {
			first = err
		}
	}
	if len(seen.Outcome(observation.OK)) == 0 {
		h.NotRun(readSwitch, first)
	}
	return seen
})

func checks(seen observation.Set) claim.Answer {
	word, why := "checks", []string{}
	for _, s := range checkedBy() {
		o, read := seen.Op(readSwitch).Outcome(observation.OK).Target(s[0]).First()
		switch {
		case !read:
			continue
		case o.Value == s[1]:
		case s[1] == "0" && o.Value == "1":
			word = "off"
		case s[1] == "8" && o.Value != "":
			word = "narrowed"
		default:
			return claim.Unclear("%s is %q, which this kit can't read", s[0], o.Value)
		}
		why = append(why, s[0]+" is "+o.Value)
	}
	if len(why) == 0 {
		return claim.Unclear("no switch was read")
	}
	return claim.Shows(word, "%s", strings.Join(why, ", "))
}
