package sock

import (
	"errors"
	"net/netip"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// What x/sys/windows lacks. Its accept is a stub.
var (
	ws2        = windows.NewLazySystemDLL("ws2_32.dll")
	procAccept = ws2.NewProc("accept")
	procSelect = ws2.NewProc("select")
)

type (
	systemAddr  = windows.Sockaddr
	systemAddr4 = windows.SockaddrInet4
	systemAddr6 = windows.SockaddrInet6
)

// winsockVersion is 2.2, the last one there is.
const winsockVersion = 0x0202

// kernel starts Winsock, which counts how often it was started, and is never stopped.
func kernel() Stack {
	var data windows.WSAData
	return winStack{windows.WSAStartup(winsockVersion, &data)}
}

type winStack struct {
	started error
}

func (winStack) Name() string { return "windows kernel" }

var domains = [...]int32{Inet: windows.AF_INET, Inet6: windows.AF_INET6}

var types = [...]int32{TCP: windows.SOCK_STREAM, UDP: windows.SOCK_DGRAM, Ping: windows.SOCK_DGRAM, RawICMP: windows.SOCK_RAW, RawIP: windows.SOCK_RAW}

// ipprotoRaw is IPPROTO_RAW of ws2def.h, which x/sys lacks.
const ipprotoRaw = 255

func protocolOf(f Family, t Type) int32 {
	switch {
	case t == RawIP:
		return ipprotoRaw
	case t != Ping && t != RawICMP:
		return 0
	case f == Inet6:
		return windows.IPPROTO_ICMPV6
	default:
		return windows.IPPROTO_ICMP
	}
}

func (k winStack) Socket(f Family, t Type) (Socket, error) {
	if k.started != nil {
		return nil, fail("WSAStartup", k.started)
	}
	h, err := windows.WSASocket(domains[f], types[t], protocolOf(f, t), nil, 0,
		windows.WSA_FLAG_OVERLAPPED|windows.WSA_FLAG_NO_HANDLE_INHERIT)
	if err != nil {
		return nil, fail("socket", err)
	}
	return newSocket(h, f, t)
}

// fionbio is FIONBIO: switch blocking off (winsock2.h).
const fionbio = 0x8004667e

// newSocket makes the handle non-blocking.
func newSocket(h windows.Handle, f Family, t Type) (*winSocket, error) {
	on, n := uint32(1), uint32(0)
	if err := windows.WSAIoctl(h, fionbio, (*byte)(unsafe.Pointer(&on)), uint32(unsafe.Sizeof(on)), nil, 0, &n, nil, 0); err != nil {
		_ = windows.Closesocket(h)
		return nil, fail("ioctlsocket", err)
	}
	return &winSocket{handle: h, family: f, kind: t}, nil
}

type winSocket struct {
	handle windows.Handle
	family Family
	kind   Type
}

// fail names the error of a system call.
func fail(op string, err error) error {
	var number syscall.Errno
	if !errors.As(err, &number) || number >= syscall.APPLICATION_ERROR { // numbers that package syscall invents
		return &Error{Op: op, Outcome: observation.Failed, Err: err}
	}
	e := Winsock(op, int(number))
	e.Err = number
	return e
}

func (s *winSocket) Family() Family { return s.family }
func (s *winSocket) Type() Type     { return s.kind }

func (s *winSocket) Bind(a netip.AddrPort) error {
	sa, err := sockaddr(s.family, a)
	if err != nil {
		return &Error{Op: "bind", Outcome: observation.Invalid, Err: err}
	}
	return failOr("bind", windows.Bind(s.handle, sa))
}

func (s *winSocket) Listen(backlog int) error {
	return failOr("listen", windows.Listen(s.handle, backlog))
}

// fdSet is an fd_set with room for one socket; Winsock goes by the count.
type fdSet struct {
	count  uint32
	socket windows.Handle
}

// timeval has 32-bit longs, as all of Windows.
type timeval struct {
	seconds, micros int32
}

// ready waits until the socket can be read or written, at most until the deadline. A connection
// that was refused shows in the set of exceptions only, and WSAPoll did not report it at all before
// Windows 10 2004: hence select.
func (s *winSocket) ready(op string, write bool, deadline time.Time) error {
	left := max(0, time.Until(deadline))
	micros := (left + time.Microsecond - 1) / time.Microsecond // up, so that it never returns before the deadline
	wait := timeval{int32(micros / 1e6), int32(micros % 1e6)}
	set, except := fdSet{1, s.handle}, fdSet{1, s.handle}
	read := &set
	if write {
		read = nil
	}
	written := &set
	if !write {
		written = nil
	}
	n, _, err := procSelect.Call(0, uintptr(unsafe.Pointer(read)), uintptr(unsafe.Pointer(written)),
		uintptr(unsafe.Pointer(&except)), uintptr(unsafe.Pointer(&wait)))
	switch {
	case int32(n) < 0:
		return fail("select", err)
	case n == 0:
		return TimedOut(op)
	default:
		return nil
	}
}

func (s *winSocket) Accept(wait time.Duration) (Socket, netip.AddrPort, error) {
	deadline := time.Now().Add(wait)
	for {
		var raw windows.RawSockaddrAny
		size := int32(unsafe.Sizeof(raw))
		h, _, err := procAccept.Call(uintptr(s.handle), uintptr(unsafe.Pointer(&raw)), uintptr(unsafe.Pointer(&size)))
		if windows.Handle(h) != windows.InvalidHandle {
			c, err := newSocket(windows.Handle(h), s.family, s.kind)
			if err != nil {
				return nil, netip.AddrPort{}, err
			}
			from, err := raw.Sockaddr()
			return c, addrPort(from), failOr("accept", err)
		}
		if !errors.Is(err, windows.WSAEWOULDBLOCK) {
			return nil, netip.AddrPort{}, fail("accept", err)
		}
		if err := s.ready("accept", false, deadline); err != nil {
			return nil, netip.AddrPort{}, err
		}
	}
}

func (s *winSocket) Connect(to netip.AddrPort, wait time.Duration) error {
	deadline := time.Now().Add(wait)
	sa, err := sockaddr(s.family, to)
	if err != nil {
		return &Error{Op: "connect", Outcome: observation.Invalid, Err: err}
	}
	err = windows.Connect(s.handle, sa)
	if !errors.Is(err, windows.WSAEWOULDBLOCK) {
		return failOr("connect", err)
	}
	if err := s.ready("connect", true, deadline); err != nil {
		return err
	}
	number, err := s.getInt(number{windows.SOL_SOCKET, soError})
	if err != nil {
		return fail("connect", err)
	}
	if number != 0 {
		return fail("connect", syscall.Errno(number))
	}
	return nil
}

func (s *winSocket) Name() (netip.AddrPort, error) {
	sa, err := windows.Getsockname(s.handle)
	return addrPort(sa), failOr("getsockname", err)
}

func (s *winSocket) PeerName() (netip.AddrPort, error) {
	sa, err := windows.Getpeername(s.handle)
	return addrPort(sa), failOr("getpeername", err)
}

// Close closes the handle once: a second close gives an error, and never hits another socket that
// got its number.
func (s *winSocket) Close() error {
	handle := s.handle
	s.handle = windows.InvalidHandle
	return failOr("close", windows.Closesocket(handle))
}
