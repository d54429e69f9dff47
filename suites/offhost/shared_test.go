package offhost

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/observe"
)

func TestIngress(t *testing.T) {
	answered := arrived("answer", "tcp", routed, observe.OK)
	answered.Value = "tcp RST"
	quiet := called(routed, observe.Nothing)
	for _, id := range []string{"v4.ingress.dst", "v4.ingress.src"} {
		egressRules(t, id, egress{
			"dropped":   {quiet, "dropped"},
			"answered":  {sets(quiet, observe.Set{answered}), "answered"},
			"delivered": {sets(quiet, observe.Set{arrived("deliver", "icmp", routed, observe.OK)}), "delivered"},
			"no server": {observe.Set{arrived("listen", "udp", routed, observe.Unavailable)}, ""},
		})
	}
}

func TestForward(t *testing.T) {
	for _, id := range []string{"v4.forward.dst", "v4.forward.src"} {
		egressRules(t, id, egress{
			"dropped":      {observe.Set{arrived("forward", "udp", "", observe.Nothing)}, "dropped"},
			"one came out": {observe.Set{arrived("forward", "udp", "", observe.Nothing), arrived("forward", "tcp", "", observe.OK)}, "forwarded"},
			"other things": {called(routed, observe.OK), ""},
		})
	}
}

func TestAssign(t *testing.T) {
	refused := arrived("assign", "", "", observe.Unavailable)
	refused.Errno = "EADDRNOTAVAIL"
	egressRules(t, "v4.assign.nonlo", egress{
		"accepted":           {observe.Set{arrived("assign", "", "", observe.OK)}, "accepted"},
		"refused":            {observe.Set{refused}, "EADDRNOTAVAIL"},
		"taken and not kept": {observe.Set{arrived("assign", "", "", observe.Astray)}, ""},
	})
}
