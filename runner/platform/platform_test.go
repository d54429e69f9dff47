package platform

import (
	"runtime"
	"testing"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
)

// TestDetect describes the platform that the tests run on.
func TestDetect(t *testing.T) {
	p, err := Detect(netif.Kernel())
	if err != nil {
		t.Logf("not all could be read: %v", err)
	}
	if !model.ValidPlatformID(p.ID) || p.Title == "" || p.Family == "" || p.Kernel == "" || p.Arch != runtime.GOARCH || p.Environment == "" {
		t.Errorf("incomplete: %+v", p)
	}
	if err == nil != (len(p.State.Unknown) == 0) {
		t.Errorf("the error is %v, and the report says %q", err, p.State.Unknown)
	}
	again, _ := Detect(netif.Kernel())
	one, _ := model.Encode(p)
	two, _ := model.Encode(again)
	if string(one) != string(two) {
		t.Errorf("twice is not the same:\n%s\n%s", one, two)
	}
}
