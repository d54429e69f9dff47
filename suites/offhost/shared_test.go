package offhost

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func TestIngress(t *testing.T) {
	answered := arrived("answer", "tcp", routed, observation.OK)
	answered.Value = "tcp RST"
	quiet := called(routed, observation.Nothing)
	for _, id := range []string{"v4.ingress.dst", "v4.ingress.src"} {
		egressRules(t, id, egress{
			"dropped":   {quiet, "dropped"},
			"answered":  {sets(quiet, observation.Set{answered}), "answered"},
			"delivered": {sets(quiet, observation.Set{arrived("deliver", "icmp", routed, observation.OK)}), "delivered"},
			"no server": {observation.Set{arrived("listen", "udp", routed, observation.Unavailable)}, ""},
		})
	}
}

func TestForward(t *testing.T) {
	for _, id := range []string{"v4.forward.dst", "v4.forward.src"} {
		egressRules(t, id, egress{
			"dropped":      {observation.Set{arrived("forward", "udp", "", observation.Nothing)}, "dropped"},
			"one came out": {observation.Set{arrived("forward", "udp", "", observation.Nothing), arrived("forward", "tcp", "", observation.OK)}, "forwarded"},
			"other things": {called(routed, observation.OK), ""},
		})
	}
}

func TestAssign(t *testing.T) {
	refused := arrived("assign", "", "", observation.Unavailable)
	refused.Errno = "EADDRNOTAVAIL"
	egressRules(t, "v4.assign.nonlo", egress{
		"accepted":           {observation.Set{arrived("assign", "", "", observation.OK)}, "accepted"},
		"refused":            {observation.Set{refused}, "EADDRNOTAVAIL"},
		"taken and not kept": {observation.Set{arrived("assign", "", "", observation.Astray)}, ""},
	})
}
