package offhost

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/observe"
)

func TestChecks(t *testing.T) {
	value := func(name, value string) observe.Observation {
		return observe.Observation{Op: readSwitch, Targets: []string{name}, Value: value, Outcome: observe.OK, Count: 1}
	}
	absent := func(name string) observe.Observation {
		return observe.Observation{Op: readSwitch, Targets: []string{name}, Outcome: observe.Failed, Errno: "ENOENT", Count: 1}
	}
	const all, fresh, bits = "net.ipv4.conf.all.route_localnet", "net.ipv4.conf.default.route_localnet", "net.inet.ip.loopback_prefixlen"
	egressRules(t, "v4.forward.default", egress{
		"Linux":                   {observe.Set{value(all, "0"), value(fresh, "0"), absent(bits)}, "checks"},
		"Linux, for all":          {observe.Set{value(all, "1"), value(fresh, "0"), absent(bits)}, "off"},
		"Linux, for new ones":     {observe.Set{value(all, "0"), value(fresh, "1"), absent(bits)}, "off"},
		"Linux, for both":         {observe.Set{value(all, "1"), value(fresh, "1"), absent(bits)}, "off"},
		"FreeBSD":                 {observe.Set{absent(all), absent(fresh), value(bits, "8")}, "checks"},
		"FreeBSD, narrowed":       {observe.Set{absent(all), absent(fresh), value(bits, "16")}, "narrowed"},
		"a value out of the blue": {observe.Set{value(all, "maybe")}, ""},
		"an empty value":          {observe.Set{value(bits, "")}, ""},
		"no switch":               {observe.Set{absent(all), absent(fresh), absent(bits)}, ""},
		"nothing":                 {nil, ""},
	})
}
