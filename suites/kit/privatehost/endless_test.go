package privatehost_test

import (
	"context"
	"math/rand/v2"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
)

// endless is the environment variable that makes this program a run that does not end by itself.
const endless = "LAB_TEST_ENDLESS"

// measureForEver makes one private host after the other, for claims in random order. It ends when
// somebody kills it, and goes on when somebody kills what it started.
func measureForEver() {
	outside := &host.Host{Private: privatehost.Private("", seed), Seed: seed}
	all := claim.Catalogue()
	for {
		if e := all[rand.IntN(len(all))]; len(e.Parts) > 0 {
			claim.Measure(context.Background(), e, outside)
		}
	}
}
