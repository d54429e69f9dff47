// Package suites imports every family once, so that the catalogue is complete for whoever imports it.
package suites

import (
	_ "github.com/loopmatrix/loopmatrix/suites/block" // registers its claims
)
