//go:build unix

package remote

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"syscall"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
)

// groupRole is that of a process that kills a group when the process that started it has ended: the
// system kills the leader of the group at most.
const groupRole = "stack-group"

func init() { child.Handle(groupRole, killAtEOF) }

func killAtEOF(group string) error {
	leader, err := strconv.Atoi(group)
	if err != nil || leader <= 1 {
		return fmt.Errorf("there is no group %q", group)
	}
	_, _ = io.Copy(io.Discard, os.Stdin)       // an error ends it as well
	_ = syscall.Kill(-leader, syscall.SIGKILL) // it may be empty
	return nil
}

// tied has a process and its group end with this process, however that ends. release ends that.
func tied(p *os.Process) (release func(), err error) {
	guard, err := child.Start(groupRole, child.Options{Argument: strconv.Itoa(p.Pid), Outlives: true})
	if err != nil {
		return func() {}, err
	}
	return func() { _ = guard.Kill(nil) }, nil
}

// endGroup kills a process and its group. A group's number is free for another only when no process
// is left in it, and then none is killed.
func endGroup(leader *os.Process) { _ = syscall.Kill(-leader.Pid, syscall.SIGKILL) }
