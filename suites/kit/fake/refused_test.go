package fake_test

import (
	"net/netip"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/fake"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// refusing is a system that has no requests to change it, or to list its neighbours.
type refusing struct{ host.Admin }

func (refusing) Remove(int, netip.Prefix) error {
	return sock.Errno("remove address", "EOPNOTSUPP", 95)
}

func (refusing) Neighbours(int) ([]netip.Addr, error) {
	return nil, sock.Errno("list neighbours", "EOPNOTSUPP", 95)
}

// TestWhatTheSystemRefusesIsNotRun proves that a claim whose preparations the system refuses is not
// run, with the error of that request, and not inconclusive: nothing went wrong.
func TestWhatTheSystemRefusesIsNotRun(t *testing.T) {
	refused := map[string]string{
		"v4.ingress.arpsender": "list neighbours: EOPNOTSUPP (95)",
		"if.lo.alias":          "remove address: EOPNOTSUPP (95)",
		"filter.peraddr.errno": "add rule: ENOSYS",
	}
	for _, e := range claim.Catalogue() {
		want, is := refused[e.ID]
		if !is {
			continue
		}
		t.Run(e.ID, func(t *testing.T) {
			h := fake.Linux().Host(seed)
			h.Admin = refusing{}
			h.Cables = []*wire.Cable{{Index: 2}}
			defer func() {
				skipped, is := recover().(host.Skipped)
				if !is || skipped.Err.Error() != want || skipped.Probe.Outcome == observation.OK {
					t.Errorf("it ends with %v, not with %q", skipped, want)
				}
			}()
			seen := e.Parts[0].Spec(h)
			t.Errorf("it goes on, and sees %v", seen)
		})
	}
}
