//go:build !windows && !darwin

package platform

// FirewallAsks reports whether this system has a firewall that asks its user about programs that
// listen: none is known here.
func FirewallAsks() bool { return false }
