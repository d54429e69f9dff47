package privatehost

import (
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// place is the private host that this process is in.
type place struct {
	cables []*wire.Cable
	admin  host.Admin
	// leave takes back what was changed. On Linux the kernel does that at the end of the process.
	leave func() error
}
