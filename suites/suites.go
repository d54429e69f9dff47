// Package suites imports every family once, so that the catalogue is complete for whoever imports
// it.
package suites

import (
	_ "github.com/loopmatrix/loopmatrix/suites/binds"      // registers its claims
	_ "github.com/loopmatrix/loopmatrix/suites/block"      // registers its claims
	_ "github.com/loopmatrix/loopmatrix/suites/interfaces" // registers its claims
	_ "github.com/loopmatrix/loopmatrix/suites/ipv6"       // registers its claims
	_ "github.com/loopmatrix/loopmatrix/suites/names"      // registers its claims
	_ "github.com/loopmatrix/loopmatrix/suites/offhost"    // registers its claims
)
