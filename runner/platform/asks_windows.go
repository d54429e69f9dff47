package platform

// FirewallAsks reports whether this system has a firewall that asks its user about programs that
// listen: the one of Windows is on for some kind of network, and its notifications are not switched
// off.
func FirewallAsks() bool {
	for _, profile := range []string{"DomainProfile", "StandardProfile", "PublicProfile"} {
		if on, err := firewall(profile, "EnableFirewall"); err != nil || on == 0 {
			continue
		}
		if quiet, err := firewall(profile, "DisableNotifications"); err != nil || quiet == 0 {
			return true
		}
	}
	return false
}
