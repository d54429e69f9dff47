package privatehost

import "github.com/loopmatrix/loopmatrix/suites/kit/host"

// noCable is why there are no cables on Windows: its own drivers give no frames to a program and
// take none from it. TAP and packet drivers are other people's, and the kit installs nothing.
const noCable = "which comes without a driver for the other end of a cable"

// filter is none: there are no private hosts on Windows.
func filter() host.Filter { return nil }
