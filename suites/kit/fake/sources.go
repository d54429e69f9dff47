package fake

import (
	"embed"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

//go:embed faults_*.go
var sources embed.FS

// Place returns where the fault of this name is declared.
func Place(fault string) claim.Place { return claim.FaultPlace("suites/kit/fake", sources, fault) }
