//go:build unix

package remote

import (
	"os"
	"os/exec"
	"syscall"

	"github.com/loopmatrix/loopmatrix/suites/sock"
)

// nobody is the user and group of StartOther: the number that most systems keep for nobody. It owns nothing that matters
// where it is somebody else's, since the process opens sockets only.
const nobody = 65534

// itself is a process's own executable, where the system has such a link (proc(5)).
const itself = "/proc/self/exe"

// StartOther is Start with a process of another user, which only root can make (setuid(2)).
func StartOther() (*Process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(itself); err == nil {
		self = itself // the other user may have no way to the file by its path
	}
	other := uint32(nobody)
	if os.Geteuid() == nobody {
		other--
	}
	cmd := exec.Command(self)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: other, Gid: other, NoSetGroups: os.Geteuid() != 0}}
	p, err := launch(cmd)
	return p, sock.SystemError("setuid", err)
}
