package privatehost

import (
	"embed"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// sources are those of the faults, which other systems than Linux don't compile.
//
//go:embed faults_*_linux.go
var sources embed.FS

// Place returns where the fault of this name is declared.
func Place(fault string) claim.Place {
	return claim.FaultPlace("suites/kit/privatehost", sources, fault)
}
