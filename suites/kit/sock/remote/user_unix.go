//go:build unix

package remote

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// nobody is the user and group of StartOther: the number that most systems keep for nobody. It owns
// nothing that matters where it is somebody else's, since the process opens sockets only.
const nobody = 65534

// itself is a process's own executable on Linux (proc(5)): another user may have no way to the file
// by its path, and the file may have been replaced. Other systems have no such name; NetBSD has
// one, and to execute it gives ENOENT.
var itself = "/proc/self/exe"

// StartOther is Start with a process of another user, which only root can make (setuid(2)).
func StartOther() (*Process, error) {
	p, err := startOther(itself)
	if errors.Is(err, fs.ErrNotExist) {
		p, err = startOther("")
	}
	return p, sock.SystemError("setuid", err)
}

func startOther(program string) (*Process, error) {
	other := uint32(nobody)
	if os.Geteuid() == nobody {
		other--
	}
	return start(child.Options{Program: program,
		System: &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: other, Gid: other, NoSetGroups: os.Geteuid() != 0}}})
}
