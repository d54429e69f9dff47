package platform

import (
	"errors"
	"strings"

	"golang.org/x/sys/windows/registry"
)

// readFilter reads for which kinds of network the Windows firewall is on. Filters of others (WFP)
// are not seen by it.
func readFilter(f *findings, environment string) string {
	if environment == wine {
		return unknownFilter(f, errors.New("the sockets are those of the host below Wine, whose filter it does not show"))
	}
	var on []string
	for _, p := range []struct{ name, key string }{{"domain", "DomainProfile"}, {"private", "StandardProfile"}, {"public", "PublicProfile"}} {
		value, err := ask(f, filterFact, func() (uint64, error) { return firewall(p.key, "EnableFirewall") })
		if err != nil {
			return unknown(err)
		}
		if value != 0 {
			on = append(on, p.name)
		}
	}
	if len(on) == 0 {
		return filters()
	}
	return "Windows firewall: on for " + strings.Join(on, " ")
}

func firewall(profile, name string) (uint64, error) {
	k, err := registry.OpenKey(registry.LOCAL_MACHINE,
		`SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\`+profile, registry.QUERY_VALUE)
	if err != nil {
		return 0, err
	}
	defer func() { _ = k.Close() }()
	value, _, err := k.GetIntegerValue(name)
	return value, err
}
