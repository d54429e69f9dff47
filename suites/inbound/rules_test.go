package inbound

import (
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/observe"
)

// the is an observation of an operation; the others say more about it.
func the(op, proto string, outcome observe.Outcome) observe.Observation {
	return observe.Observation{Op: op, Proto: proto, Targets: []string{"127.0.0.1"}, Outcome: outcome, Count: 1}
}

func of(o observe.Observation, value string) observe.Observation {
	o.Value = value
	return o
}

func failing(o observe.Observation, errno string) observe.Observation {
	o.Outcome, o.Errno = observe.Failed, errno
	return o
}

// check asks a rule twice, with the observations as they are and folded; no word means that it can't tell.
func check(t *testing.T, rule claim.Rule, rows map[string]struct {
	seen observe.Set
	want string
},
) {
	t.Helper()
	for name, r := range rows {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			got, folded := rule(r.seen), rule(observe.Fold(r.seen))
			g.Expect(got.Word).To(gomega.Equal(r.want), got.Reason)
			g.Expect(got.Clear).To(gomega.Equal(r.want != ""))
			g.Expect(folded).To(gomega.Equal(got), "folded")
			g.Expect(got.Reason).NotTo(gomega.BeEmpty())
		})
	}
}

type rows = map[string]struct {
	seen observe.Set
	want string
}

func TestDiscarded(t *testing.T) {
	quiet := observe.Set{the("deliver", "udp", observe.Nothing), the("answer", "udp", observe.Nothing),
		the("deliver", "tcp", observe.Nothing), the("answer", "tcp", observe.Nothing)}
	with := func(more ...observe.Observation) observe.Set { return append(append(observe.Set{}, quiet...), more...) }
	check(t, Discarded, rows{
		"all dropped":                  {quiet, "dropped"},
		"twice":                        {with(quiet...), "dropped"},
		"one delivered":                {with(the("deliver", "icmp", observe.OK)), "delivered"},
		"delivered twice":              {with(the("deliver", "icmp", observe.OK), the("deliver", "icmp", observe.OK)), "delivered"},
		"one answered":                 {with(of(the("answer", "tcp", observe.OK), "tcp RST")), "answered"},
		"delivered and answered":       {with(the("deliver", "tcp", observe.OK), of(the("answer", "tcp", observe.OK), "tcp SYN,ACK")), "delivered"},
		"one address without a server": {with(failing(the("listen", "udp", observe.Failed), "EADDRNOTAVAIL")), "dropped"},
		"no server at all":             {observe.Set{failing(the("listen", "udp", observe.Failed), "EADDRNOTAVAIL")}, ""},
		"nobody looked at the cable":   {observe.Set{the("deliver", "udp", observe.Nothing)}, ""},
		"only a switch":                {observe.Set{of(the("read switch", "", observe.OK), "0")}, ""},
		"nothing":                      {nil, ""},
	})
}

func TestForwarded(t *testing.T) {
	check(t, Forwarded, rows{
		"dropped":         {observe.Set{the("forward", "udp", observe.Nothing), the("forward", "tcp", observe.Nothing)}, "dropped"},
		"one came out":    {observe.Set{the("forward", "udp", observe.Nothing), of(the("forward", "tcp", observe.OK), "tcp SYN")}, "forwarded"},
		"all came out":    {observe.Set{of(the("forward", "udp", observe.OK), "udp")}, "forwarded"},
		"other things":    {observe.Set{the("deliver", "udp", observe.OK)}, ""},
		"the probe broke": {observe.Set{the("forward", "udp", observe.Failed)}, ""},
		"nothing":         {nil, ""},
	})
}

func TestAssigned(t *testing.T) {
	check(t, Assigned("accepted"), rows{
		"taken":              {observe.Set{the("assign", "", observe.OK)}, "accepted"},
		"taken twice":        {observe.Set{the("assign", "", observe.OK), the("assign", "", observe.OK)}, "accepted"},
		"refused":            {observe.Set{failing(the("assign", "", observe.Failed), "EADDRNOTAVAIL")}, "EADDRNOTAVAIL"},
		"taken and not kept": {observe.Set{the("assign", "", observe.Astray)}, ""},
		"no number":          {observe.Set{the("assign", "", observe.Failed)}, ""},
		"two answers":        {observe.Set{failing(the("assign", "", observe.Failed), "EPERM"), failing(the("assign", "", observe.Failed), "EINVAL")}, ""},
		"nothing":            {nil, ""},
	})
}

func TestProtocols(t *testing.T) {
	g := gomega.NewWithT(t)
	g.Expect(Protocols(nil)).To(gomega.BeEmpty())
	g.Expect(Protocols(observe.Set{{Proto: "udp"}})).To(gomega.Equal("udp"))
	g.Expect(Protocols(observe.Set{{Proto: "udp"}, {Proto: "tcp"}, {Proto: "udp"}, {Proto: "icmp"}})).To(gomega.Equal("udp, tcp and icmp"))
}
