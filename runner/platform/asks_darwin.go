package platform

import (
	"context"
	"os/exec"
	"strings"
	"time"
)

// FirewallAsks reports whether this system has a firewall that asks its user about programs that
// listen: the application firewall of macOS is on.
func FirewallAsks() bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	said, err := exec.CommandContext(ctx, "/usr/libexec/ApplicationFirewall/socketfilterfw", "--getglobalstate").Output()
	return err == nil && strings.Contains(string(said), "is enabled")
}
