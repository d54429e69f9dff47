//go:build unix

package sock

import (
	"net/netip"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func kernel() Stack { return unixStack{} }

type unixStack struct{}

func (unixStack) Name() string { return runtime.GOOS + " kernel" }

type (
	systemAddr  = unix.Sockaddr
	systemAddr4 = unix.SockaddrInet4
	systemAddr6 = unix.SockaddrInet6
)

var domains = [...]int{Inet: unix.AF_INET, Inet6: unix.AF_INET6}

var types = [...]int{TCP: unix.SOCK_STREAM, UDP: unix.SOCK_DGRAM, Ping: unix.SOCK_DGRAM, RawICMP: unix.SOCK_RAW, RawIP: unix.SOCK_RAW}

func protocolOf(f Family, t Type) int {
	switch {
	case t == RawIP:
		return unix.IPPROTO_RAW
	case t != Ping && t != RawICMP:
		return 0
	case f == Inet6:
		return unix.IPPROTO_ICMPV6
	default:
		return unix.IPPROTO_ICMP
	}
}

func (unixStack) Socket(f Family, t Type) (Socket, error) {
	fd, err := open(domains[f], types[t], protocolOf(f, t))
	if err != nil {
		return nil, fail("socket", err)
	}
	return &unixSocket{fd: fd, family: f, kind: t}, nil
}

type unixSocket struct {
	fd     int
	family Family
	kind   Type
	// sendControl goes with every datagram sent (SendVia).
	sendControl []byte
}

// fail names the error of a system call.
func fail(op string, err error) error {
	number, is := err.(syscall.Errno) //nolint:errorlint // x/sys/unix returns the bare number
	if !is {
		return &Error{Op: op, Outcome: observation.Failed, Err: err}
	}
	e := Errno(op, portable(unix.ErrnoName(number)), int(number))
	e.Err = number
	return e
}

func (s *unixSocket) Family() Family { return s.family }
func (s *unixSocket) Type() Type     { return s.kind }

func (s *unixSocket) Bind(a netip.AddrPort) error {
	sa, err := sockaddr(s.family, a)
	if err != nil {
		return &Error{Op: "bind", Outcome: observation.Invalid, Err: err}
	}
	return failOr("bind", unix.Bind(s.fd, sa))
}

func (s *unixSocket) Listen(backlog int) error { return failOr("listen", unix.Listen(s.fd, backlog)) }

// ready waits until the socket is ready for events, at most until the deadline.
func (s *unixSocket) ready(op string, events int16, deadline time.Time) error {
	for {
		left := time.Until(deadline)
		if left < 0 {
			left = 0
		}
		ms := int((left + time.Millisecond - 1) / time.Millisecond) // up, so that a rest below 1 ms is no busy loop
		fds := []unix.PollFd{{Fd: int32(s.fd), Events: events}}
		n, err := unix.Poll(fds, ms)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return fail("poll", err)
		case n > 0:
			return nil
		case left == 0:
			return TimedOut(op)
		}
	}
}

func (s *unixSocket) Accept(wait time.Duration) (Socket, netip.AddrPort, error) {
	deadline := time.Now().Add(wait)
	for {
		syscall.ForkLock.RLock()
		fd, sa, err := unix.Accept(s.fd)
		if err == nil {
			unix.CloseOnExec(fd)
		}
		syscall.ForkLock.RUnlock()
		switch err {
		case nil:
			if err := unix.SetNonblock(fd, true); err != nil {
				_ = unix.Close(fd)
				return nil, netip.AddrPort{}, fail("fcntl", err)
			}
			return &unixSocket{fd: fd, family: s.family, kind: s.kind}, addrPort(sa), nil
		case unix.EINTR:
		case unix.EAGAIN:
			if err := s.ready("accept", unix.POLLIN, deadline); err != nil {
				return nil, netip.AddrPort{}, err
			}
		default:
			return nil, netip.AddrPort{}, fail("accept", err)
		}
	}
}

func (s *unixSocket) Connect(to netip.AddrPort, wait time.Duration) error {
	deadline := time.Now().Add(wait)
	sa, err := sockaddr(s.family, to)
	if err != nil {
		return &Error{Op: "connect", Outcome: observation.Invalid, Err: err}
	}
	switch err := unix.Connect(s.fd, sa); err {
	case nil:
		return nil
	case unix.EINPROGRESS, unix.EALREADY, unix.EINTR: // POSIX: after EINTR the connection goes on by itself
	default:
		return fail("connect", err)
	}
	if err := s.ready("connect", unix.POLLOUT, deadline); err != nil {
		return err
	}
	number, err := unix.GetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err != nil {
		return fail("connect", err)
	}
	if number != 0 {
		return fail("connect", syscall.Errno(number))
	}
	return nil
}

func (s *unixSocket) Send(b []byte) error { return s.sendmsg("send", b, nil) }

func (s *unixSocket) SendTo(b []byte, to netip.AddrPort) error {
	sa, err := sockaddr(s.family, to)
	if err != nil {
		return &Error{Op: "sendto", Outcome: observation.Invalid, Err: err}
	}
	return s.sendmsg("sendto", b, sa)
}

// sendWait bounds the wait for room in the socket's buffer, which the peer on the same host makes
// at once.
const sendWait = Patience

func (s *unixSocket) sendmsg(op string, b []byte, to unix.Sockaddr) error {
	deadline := time.Now().Add(sendWait)
	for waited := false; ; {
		n, err := unix.SendmsgN(s.fd, b, s.sendControl, to, 0)
		switch err {
		case nil:
			if b = b[n:]; len(b) == 0 || s.kind != TCP {
				return nil
			}
		case unix.EINTR:
		case unix.EAGAIN:
			if waited && s.kind != TCP { // not for want of room in the buffer: there is no port (Linux, inet_autobind)
				return fail(op, err)
			}
			if err := s.ready(op, unix.POLLOUT, deadline); err != nil {
				return err
			}
			waited = true
		default:
			return fail(op, err)
		}
	}
}

// controlSpace holds the control messages of RecvInfo and RecvTTL of any system, which are below
// 200 bytes together.
const controlSpace = 512

func (s *unixSocket) Recv(size int, wait time.Duration) (Message, error) {
	deadline := time.Now().Add(wait)
	data := make([]byte, size)
	var control []byte
	if s.kind != TCP { // a stream has none, though gVisor leaves the length of the buffer as it was at its end
		control = make([]byte, controlSpace)
	}
	for {
		n, oobn, _, from, err := unix.Recvmsg(s.fd, data, control, 0)
		switch err {
		case nil:
			m := Message{Data: data[:n], From: addrPort(from), TTL: -1}
			return m, failOr("recvmsg", parseControl(control[:oobn], &m))
		case unix.EINTR:
		case unix.EAGAIN:
			if err := s.ready("recvmsg", unix.POLLIN, deadline); err != nil {
				return Message{}, err
			}
		default:
			return Message{}, fail("recvmsg", err)
		}
	}
}

func (s *unixSocket) Name() (netip.AddrPort, error) {
	sa, err := unix.Getsockname(s.fd)
	return addrPort(sa), failOr("getsockname", err)
}

func (s *unixSocket) PeerName() (netip.AddrPort, error) {
	sa, err := unix.Getpeername(s.fd)
	return addrPort(sa), failOr("getpeername", err)
}

// Close closes the descriptor once: a second close gives EBADF, and never hits another socket that
// got its number.
func (s *unixSocket) Close() error {
	fd := s.fd
	s.fd = -1
	return failOr("close", unix.Close(fd))
}
