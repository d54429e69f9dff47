package lab

import "github.com/loopmatrix/loopmatrix/suites/host"

// filter is none: there are no private hosts on Windows.
func filter() host.Filter { return nil }
