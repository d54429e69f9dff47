//go:build unix

package remote

import (
	"os"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/observe"
	"github.com/loopmatrix/loopmatrix/suites/sock"
)

// TestStartOther proves that only root gets a process of another user, and that everybody else is told why not.
func TestStartOther(t *testing.T) {
	p, err := StartOther()
	if err != nil {
		if os.Geteuid() == 0 && sock.OutcomeOf(err) != observe.Denied && sock.OutcomeOf(err) != observe.Invalid {
			t.Fatal(err) // a user namespace may know no other user (EINVAL), or keep groups as they are (EPERM)
		}
		return
	}
	defer func() { must(t, p.Close()) }()
	if os.Geteuid() != 0 {
		t.Fatal("an ordinary user got a process of another one")
	}
	s := open(t, p, sock.TCP)
	if outcome := sock.OutcomeOf(s.Bind(loopback)); outcome != observe.OK {
		t.Errorf("bind: %s", outcome)
	}
	must(t, s.Close())
}
