package netif

import "github.com/loopmatrix/loopmatrix/suites/kit/sock"

// rules has nothing to ask: the Windows Filtering Platform has no listing of what its callouts do
// to loopback.
func rules() (Ruleset, error) { return Ruleset{}, sock.Errno("list rules", "ENOSYS", 0) }
