//go:build unix

package platform

import (
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
)

func readForwarding(network netif.Network, f *findings) model.PerFamily {
	return model.PerFamily{
		IPv4: forwarded(network, f, "forwarding of IPv4", "net.ipv4.ip_forward", "net.inet.ip.forwarding"),
		IPv6: forwarded(network, f, "forwarding of IPv6", "net.ipv6.conf.all.forwarding", "net.inet6.ip6.forwarding"),
	}
}
