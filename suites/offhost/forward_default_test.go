package offhost

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func TestChecks(t *testing.T) {
	value := func(name, value string) observation.Observation {
		return observation.Observation{Op: readSwitch, Targets: []string{name}, Value: value, Outcome: observation.OK, Count: 1}
	}
	absent := func(name string) observation.Observation {
		return observation.Observation{Op: readSwitch, Targets: []string{name}, Outcome: observation.Failed, Errno: "ENOENT", Count: 1}
	}
	const all, fresh, bits = "net.ipv4.conf.all.route_localnet", "net.ipv4.conf.default.route_localnet", "net.inet.ip.loopback_prefixlen"
	egressRules(t, "v4.forward.default", egress{
		"Linux":                   {observation.Set{value(all, "0"), value(fresh, "0"), absent(bits)}, "checks"},
		"Linux, for all":          {observation.Set{value(all, "1"), value(fresh, "0"), absent(bits)}, "off"},
		"Linux, for new ones":     {observation.Set{value(all, "0"), value(fresh, "1"), absent(bits)}, "off"},
		"Linux, for both":         {observation.Set{value(all, "1"), value(fresh, "1"), absent(bits)}, "off"},
		"FreeBSD":                 {observation.Set{absent(all), absent(fresh), value(bits, "8")}, "checks"},
		"FreeBSD, narrowed":       {observation.Set{absent(all), absent(fresh), value(bits, "16")}, "narrowed"},
		"a value out of the blue": {observation.Set{value(all, "maybe")}, ""},
		"an empty value":          {observation.Set{value(bits, "")}, ""},
		"no switch":               {observation.Set{absent(all), absent(fresh), absent(bits)}, ""},
		"nothing":                 {nil, ""},
	})
}
