package sock

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/hashicorp/go-multierror"
)

// TestReasonTellsNoPath has an error of each kind of package os in each kind of wrapping.
func TestReasonTellsNoPath(t *testing.T) {
	number, _ := numbered(syscall.EACCES)
	odd := errors.New("odd")
	for _, c := range []struct {
		err  error
		want string
	}{
		{odd, "odd"},
		{syscall.EACCES, number},
		{Errno("bind", "EACCES", 13), "bind: EACCES (13)"},
		{&fs.PathError{Op: "open", Path: "/home/jane/x", Err: odd}, "open: odd"},
		{&fs.PathError{Op: "fork/exec", Path: "/home/jane/x", Err: syscall.EACCES}, "fork/exec: " + number},
		{&fs.PathError{Op: "CreateFile", Path: `C:\Users\Jane\x`, Err: syscall.EACCES}, "CreateFile: " + number},
		{&os.LinkError{Op: "rename", Old: "/home/jane/x", New: "/home/jane/y", Err: syscall.EACCES}, "rename: " + number},
		{os.NewSyscallError("unshare", syscall.EACCES), "unshare: " + number},
		{&exec.Error{Name: "/home/jane/bin/nft", Err: exec.ErrNotFound}, `exec: "nft": ` + exec.ErrNotFound.Error()},
		{&exec.Error{Name: `C:\Users\Jane\nft.exe`, Err: syscall.EACCES}, `exec: "nft.exe": ` + number},
		{&net.OpError{Op: "dial", Net: "unix", Addr: &net.UnixAddr{Name: "/home/jane/socket"}, Err: os.NewSyscallError("connect", syscall.EACCES)},
			"dial: connect: " + number},
		{&Error{Op: "recvmsg", Err: &fs.PathError{Op: "open", Path: "/home/jane/x", Err: odd}}, "recvmsg: open: odd"},
	} {
		for wrapping, in := range map[string]error{
			"%s":             c.err,
			"a host: %s":     fmt.Errorf("a host: %w", c.err),
			"no: a host: %s": fmt.Errorf("no: %w", fmt.Errorf("a host: %w", c.err)),
			"first\n%s":      errors.Join(errors.New("first"), c.err),
			"first, then %s": fmt.Errorf("%w, then %w", errors.New("first"), c.err),
		} {
			if got, want := Reason(in), fmt.Sprintf(wrapping, c.want); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		}
	}
	all := multierror.Append(nil, &fs.PathError{Op: "open", Path: "/home/jane/x", Err: odd}, fmt.Errorf("then %w", &fs.PathError{Op: "stat", Path: "/home/jane/y", Err: odd}))
	all.ErrorFormat = func(all []error) string { return all[0].Error() + "; " + all[1].Error() }
	if got := Reason(all); got != "open: odd; then stat: odd" {
		t.Errorf("%q", got)
	}
}
