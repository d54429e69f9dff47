//go:build unix

package remote

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// TestStartOther proves that only root gets a process of another user, and that everybody else is
// told why not.
func TestStartOther(t *testing.T) {
	p, err := StartOther()
	if err != nil {
		if os.Geteuid() == 0 && sock.OutcomeOf(err) != observation.Denied && sock.OutcomeOf(err) != observation.Invalid {
			t.Fatal(err) // a user namespace may know no other user (EINVAL), or keep groups as they are (EPERM)
		}
		return
	}
	defer func() { must(t, p.Close()) }()
	if os.Geteuid() != 0 {
		t.Fatal("an ordinary user got a process of another one")
	}
	s := open(t, p, sock.TCP)
	if outcome := sock.OutcomeOf(s.Bind(loopback)); outcome != observation.OK {
		t.Errorf("bind: %s", outcome)
	}
	must(t, s.Close())
}

// TestStartOtherWithoutALink is StartOther where /proc/self/exe is missing, or can't be executed
// (NetBSD): the path of the program does as well.
func TestStartOtherWithoutALink(t *testing.T) {
	with, without := itself, filepath.Join(t.TempDir(), "exe")
	p, err := StartOther()
	if err != nil {
		unable.Skip(t, err)
	}
	must(t, p.Close())
	itself = without
	t.Cleanup(func() { itself = with })
	p, err = StartOther()
	if errors.Is(err, fs.ErrPermission) {
		return // the path was tried, which leads through a folder that is closed to the other user
	}
	if err != nil {
		t.Fatal(err)
	}
	must(t, p.Close())
}
