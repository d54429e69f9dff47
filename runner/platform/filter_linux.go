package platform

import (
	"errors"
	"os"

	"github.com/google/nftables"
	"golang.org/x/sys/unix"
)

// readFilter lists what nftables and the older iptables hold; both tell it to the network's root
// only. Files that are not there mean that the kernel has not loaded the filter.
func readFilter(f *findings, environment string) string {
	if environment == gvisor {
		return unknownFilter(f, errors.New("gVisor does not list its tables"))
	}
	sockets, err := ask(f, filterFact, func() ([]byte, error) { return os.ReadFile("/proc/net/netlink") })
	if err != nil {
		return unknown(err)
	}
	found := []string{""}
	if nfnetlink(string(sockets)) {
		if found[0], err = ask(f, filterFact, readNFTables); err != nil {
			return unknown(err)
		}
	}
	for _, p := range []struct{ program, path string }{
		{"iptables", "/proc/net/ip_tables_names"}, {"ip6tables", "/proc/net/ip6_tables_names"}} {
		names, err := ask(f, filterFact, func() ([]byte, error) {
			names, err := os.ReadFile(p.path)
			if errors.Is(err, os.ErrNotExist) {
				err = nil
			}
			return names, err
		})
		if err != nil {
			found = append(found, p.program+" "+unknown(err))
			continue
		}
		found = append(found, legacyTables(p.program, string(names)))
	}
	return filters(found...)
}

// readNFTables counts tables, rules, and policies that drop. Without nftables in the kernel its
// netfilter socket answers EINVAL.
func readNFTables() (string, error) {
	c, err := nftables.New()
	if err != nil {
		return "", err
	}
	tables, err := c.ListTables()
	if errors.Is(err, unix.EINVAL) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	chains, err := c.ListChains()
	if err != nil {
		return "", err
	}
	rules, drops := 0, 0
	for _, chain := range chains {
		some, err := c.GetRules(chain.Table, chain)
		if err != nil {
			return "", err
		}
		rules += len(some)
		if chain.Policy != nil && *chain.Policy == nftables.ChainPolicyDrop {
			drops++
		}
	}
	return nfTables(len(tables), rules, drops), nil
}
