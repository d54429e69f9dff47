package link

import (
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// the is an observation of an operation; the others say more about it.
func the(op, proto string, outcome observation.Outcome) observation.Observation {
	return observation.Observation{Op: op, Proto: proto, Targets: []string{"127.0.0.1"}, Outcome: outcome, Count: 1}
}

func of(o observation.Observation, value string) observation.Observation {
	o.Value = value
	return o
}

func failing(o observation.Observation, errno string) observation.Observation {
	o.Outcome, o.Errno = observation.Failed, errno
	return o
}

// check asks a rule twice, with the observations as they are and folded; no word means that it
// can't tell.
func check(t *testing.T, rule claim.Rule, rows map[string]struct {
	seen observation.Set
	want string
},
) {
	t.Helper()
	for name, r := range rows {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			got, folded := rule(r.seen), rule(observation.Fold(r.seen))
			g.Expect(got.Word).To(gomega.Equal(r.want), got.Reason)
			g.Expect(got.Clear).To(gomega.Equal(r.want != ""))
			g.Expect(folded).To(gomega.Equal(got), "folded")
			g.Expect(got.Reason).NotTo(gomega.BeEmpty())
		})
	}
}

type rows = map[string]struct {
	seen observation.Set
	want string
}

func TestDiscarded(t *testing.T) {
	quiet := observation.Set{the("deliver", "udp", observation.Nothing), the("answer", "udp", observation.Nothing),
		the("deliver", "tcp", observation.Nothing), the("answer", "tcp", observation.Nothing)}
	with := func(more ...observation.Observation) observation.Set {
		return append(append(observation.Set{}, quiet...), more...)
	}
	check(t, Discarded, rows{
		"all dropped":                  {quiet, "dropped"},
		"twice":                        {with(quiet...), "dropped"},
		"one delivered":                {with(the("deliver", "icmp", observation.OK)), "delivered"},
		"delivered twice":              {with(the("deliver", "icmp", observation.OK), the("deliver", "icmp", observation.OK)), "delivered"},
		"one answered":                 {with(of(the("answer", "tcp", observation.OK), "tcp RST")), "answered"},
		"delivered and answered":       {with(the("deliver", "tcp", observation.OK), of(the("answer", "tcp", observation.OK), "tcp SYN,ACK")), "delivered"},
		"one address without a server": {with(failing(the("listen", "udp", observation.Failed), "EADDRNOTAVAIL")), "dropped"},
		"no server at all":             {observation.Set{failing(the("listen", "udp", observation.Failed), "EADDRNOTAVAIL")}, ""},
		"nobody looked at the cable":   {observation.Set{the("deliver", "udp", observation.Nothing)}, ""},
		"only a switch":                {observation.Set{of(the("read switch", "", observation.OK), "0")}, ""},
		"nothing":                      {nil, ""},
	})
}

func TestForwarded(t *testing.T) {
	check(t, Forwarded, rows{
		"dropped":         {observation.Set{the("forward", "udp", observation.Nothing), the("forward", "tcp", observation.Nothing)}, "dropped"},
		"one came out":    {observation.Set{the("forward", "udp", observation.Nothing), of(the("forward", "tcp", observation.OK), "tcp SYN")}, "forwarded"},
		"all came out":    {observation.Set{of(the("forward", "udp", observation.OK), "udp")}, "forwarded"},
		"other things":    {observation.Set{the("deliver", "udp", observation.OK)}, ""},
		"the probe broke": {observation.Set{the("forward", "udp", observation.Failed)}, ""},
		"nothing":         {nil, ""},
	})
}

func TestAssigned(t *testing.T) {
	check(t, Assigned("accepted"), rows{
		"taken":              {observation.Set{the("assign", "", observation.OK)}, "accepted"},
		"taken twice":        {observation.Set{the("assign", "", observation.OK), the("assign", "", observation.OK)}, "accepted"},
		"refused":            {observation.Set{failing(the("assign", "", observation.Failed), "EADDRNOTAVAIL")}, "EADDRNOTAVAIL"},
		"taken and not kept": {observation.Set{the("assign", "", observation.Astray)}, ""},
		"no number":          {observation.Set{the("assign", "", observation.Failed)}, ""},
		"two answers":        {observation.Set{failing(the("assign", "", observation.Failed), "EPERM"), failing(the("assign", "", observation.Failed), "EINVAL")}, ""},
		"nothing":            {nil, ""},
	})
}

func TestProtocols(t *testing.T) {
	g := gomega.NewWithT(t)
	g.Expect(Protocols(nil)).To(gomega.BeEmpty())
	g.Expect(Protocols(observation.Set{{Proto: "udp"}})).To(gomega.Equal("udp"))
	g.Expect(Protocols(observation.Set{{Proto: "udp"}, {Proto: "tcp"}, {Proto: "udp"}, {Proto: "icmp"}})).To(gomega.Equal("udp, tcp and icmp"))
}
