package privatehost

import "github.com/loopmatrix/loopmatrix/suites/kit/host"

// noCable is why there are no cables on illumos: it has simulated links (dladm create-simnet) and
// zones to put them into, and the kit does not use them.
const noCable = "whose simulated links this kit does not know how to use"

// filter is none: there are no private hosts on illumos.
func filter() host.Filter { return nil }
