package sock

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func (s *winSocket) Send(b []byte) error {
	return s.send("send", b, func(buffer *windows.WSABuf, sent *uint32) error {
		return windows.WSASend(s.handle, buffer, 1, sent, 0, nil, nil)
	})
}

func (s *winSocket) SendTo(b []byte, to netip.AddrPort) error {
	sa, err := sockaddr(s.family, to)
	if err != nil {
		return &Error{Op: "sendto", Outcome: observation.Invalid, Err: err}
	}
	if s.kind == RawICMP && s.family == Inet6 {
		b = s.checksummed(b, to.Addr())
	}
	return s.send("sendto", b, func(buffer *windows.WSABuf, sent *uint32) error {
		return windows.WSASendto(s.handle, buffer, 1, sent, 0, sa, nil, nil)
	})
}

// sendWait bounds the wait for room in the socket's buffer, which the peer on the same host makes
// at once.
const sendWait = Patience

func (s *winSocket) send(op string, b []byte, call func(*windows.WSABuf, *uint32) error) error {
	deadline := time.Now().Add(sendWait)
	for {
		var sent uint32
		err := call(bufferOf(b), &sent)
		switch {
		case err == nil:
			if b = b[sent:]; len(b) == 0 || s.kind != TCP {
				return nil
			}
		case errors.Is(err, windows.WSAEWOULDBLOCK):
			if err := s.ready(op, true, deadline); err != nil {
				return err
			}
		default:
			return fail(op, err)
		}
	}
}

func bufferOf(b []byte) *windows.WSABuf {
	return &windows.WSABuf{Len: uint32(len(b)), Buf: unsafe.SliceData(b)}
}

func (s *winSocket) Recv(size int, wait time.Duration) (Message, error) {
	deadline := time.Now().Add(wait)
	receive := s.recvMessage
	if s.kind == TCP {
		receive = s.recvStream // WSARecvMsg takes no stream sockets
	}
	for {
		m, err := receive(make([]byte, size))
		switch {
		case err == nil:
			return m, nil
		case errors.Is(err, windows.WSAEWOULDBLOCK):
			if err := s.ready("recvmsg", false, deadline); err != nil {
				return Message{}, err
			}
		default:
			return Message{}, fail("recvmsg", err)
		}
	}
}

func (s *winSocket) recvStream(data []byte) (Message, error) {
	var n, flags uint32
	err := windows.WSARecv(s.handle, bufferOf(data), 1, &n, &flags, nil, nil)
	return Message{Data: data[:n], TTL: -1}, err
}

// controlSpace holds the control messages of RecvInfo and RecvTTL, which are below 100 bytes
// together.
const controlSpace = 512

func (s *winSocket) recvMessage(data []byte) (Message, error) {
	var from syscall.RawSockaddrAny
	control := make([]byte, controlSpace)
	msg := windows.WSAMsg{Name: &from, Namelen: int32(unsafe.Sizeof(from)), Buffers: bufferOf(data), BufferCount: 1,
		Control: *bufferOf(control)}
	var n uint32
	err := windows.WSARecvMsg(s.handle, &msg, &n, nil, nil)
	if errors.Is(err, windows.WSAEMSGSIZE) { // cut to the size asked for, of which POSIX makes no error
		n, err = uint32(len(data)), nil
	}
	if err != nil {
		return Message{}, err
	}
	m := Message{Data: data[:n], TTL: -1}
	if sa, err := (*windows.RawSockaddrAny)(unsafe.Pointer(&from)).Sockaddr(); err == nil {
		m.From = addrPort(sa)
	}
	if int(msg.Control.Len) <= len(control) {
		s.parseControl(control[:msg.Control.Len], &m)
	}
	return m, nil
}

// controlHeader is the size of a WSACMSGHDR, and controlAlign the alignment of header and data
// (ws2def.h).
const (
	controlHeader = int(unsafe.Sizeof(windows.WSACMSGHDR{}))
	controlAlign  = int(unsafe.Alignof(windows.WSACMSGHDR{}))
)

func (s *winSocket) parseControl(control []byte, m *Message) {
	for len(control) >= controlHeader {
		header := (*windows.WSACMSGHDR)(unsafe.Pointer(unsafe.SliceData(control)))
		if header.Len < uintptr(controlHeader) || header.Len > uintptr(len(control)) {
			return
		}
		parseControlMessage(int(header.Level), int(header.Type), control[controlHeader:header.Len], m)
		next := (int(header.Len) + controlAlign - 1) &^ (controlAlign - 1)
		control = control[min(next, len(control)):]
	}
}

func parseControlMessage(level, kind int, data []byte, m *Message) {
	switch {
	case level == levelIP && kind == windows.IP_PKTINFO && len(data) >= 8: // IN_PKTINFO
		m.To = netip.AddrFrom4([4]byte(data))
		m.Index = int(binary.LittleEndian.Uint32(data[4:]))
	case level == levelIPv6 && kind == windows.IPV6_PKTINFO && len(data) >= 20: // IN6_PKTINFO
		m.To = netip.AddrFrom16([16]byte(data))
		m.Index = int(binary.LittleEndian.Uint32(data[16:]))
	case level == levelIP && (kind == ipHopLimit || kind == windows.IP_TTL) && len(data) >= 4,
		level == levelIPv6 && kind == ipv6HopLimit && len(data) >= 4:
		m.TTL = int(binary.LittleEndian.Uint32(data))
	}
}
