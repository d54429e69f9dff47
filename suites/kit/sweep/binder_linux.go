package sweep

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// rawBind binds with three bare system calls and one sockaddr: none of them can block, so Go's
// scheduler need not know.
func rawBind() func(*Field, Offset, uint16) Code {
	name := &unix.RawSockaddrInet4{Family: unix.AF_INET}
	return func(f *Field, o Offset, port uint16) Code {
		fd, _, number := unix.RawSyscall(unix.SYS_SOCKET, unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
		if number != 0 {
			return f.codeOf(sock.SystemError("socket", number))
		}
		name.Port = networkOrder(port)
		name.Addr = o.bytes()
		_, _, number = unix.RawSyscall(unix.SYS_BIND, fd, uintptr(unsafe.Pointer(name)), unix.SizeofSockaddrInet4)
		_, _, _ = unix.RawSyscall(unix.SYS_CLOSE, fd, 0, 0)
		if number != 0 {
			return f.codeOf(sock.SystemError("bind", number))
		}
		return OK
	}
}
