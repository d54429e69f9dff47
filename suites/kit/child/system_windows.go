package child

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// lead makes a process the first of a group of its own, which keeps the console's Ctrl-C away.
func lead(a *syscall.SysProcAttr) { a.CreationFlags |= syscall.CREATE_NEW_PROCESS_GROUP }

// tie has nothing to set: join does it when the process is there.
func tie(*syscall.SysProcAttr) {}

// join puts a process into the job of the children of this one, which the system kills when the
// last handle of the job is closed: that of this process, at its end.
func join(p *os.Process) error {
	j, err := job()
	if err != nil {
		return fmt.Errorf("a job for children: %w", err)
	}
	unheld := p.WithHandle(func(handle uintptr) { err = windows.AssignProcessToJobObject(j, windows.Handle(handle)) })
	if unheld != nil || err != nil {
		return fmt.Errorf("a child into its job: %w", errors.Join(unheld, err))
	}
	return nil
}

var job = sync.OnceValues(func() (windows.Handle, error) {
	j, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return 0, err
	}
	limits := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{
		BasicLimitInformation: windows.JOBOBJECT_BASIC_LIMIT_INFORMATION{LimitFlags: windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE},
	}
	_, err = windows.SetInformationJobObject(j, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits)))
	return j, err
})
