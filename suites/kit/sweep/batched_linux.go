package sweep

import (
	"encoding/binary"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// mmsg is the carrier with sendmmsg(2) and recvmmsg(2). golang.org/x/net has both, but packs every
// message anew and asks Go's poller each time, which halves the rate; here all headers are made
// once and point into the same arrays.
type mmsg struct {
	in, out  int // the same descriptor for ICMP
	patient  int // the one that reads refusals (IP_RECVERR)
	icmp     bool
	raw      bool
	nonce    [8]byte
	sent     messages
	got      messages
	to       [batch]unix.RawSockaddrInet4
	from     [batch]unix.RawSockaddrInet4
	requests [batch][echoHeader + payloadSize]byte
	replies  [batch][128]byte // room for an IPv4 header with options before an echo reply
	controls [batch][64]byte  // room for one in_pktinfo
	arrivals [batch]arrival
	byNumber [256]Code // of error numbers that were seen; Unasked for the others
}

// messages are the headers of a batch.
type messages struct {
	headers [batch]struct {
		unix.Msghdr
		n uint32 // bytes sent or received
	}
	data [batch]unix.Iovec
}

const echoHeader = 8

// batched opens the carrier with batched calls, which every Linux has that Go runs on.
func batched(p Plan, nonce [8]byte) (c carrier, has bool, err error) {
	m := &mmsg{in: -1, out: -1, patient: -1, nonce: nonce, icmp: p.Protocol == ICMP}
	if err := m.open(p.Broadcast); err != nil {
		_ = m.close()
		return nil, true, err
	}
	for i := range batch {
		m.to[i].Family = unix.AF_INET
		request, header := m.requests[i][:], &m.sent.headers[i].Msghdr
		if m.icmp {
			request[0] = 8 // ICMP_ECHO
			binary.BigEndian.PutUint16(request[4:], echoID)
		} else {
			request = request[echoHeader:]
		}
		m.sent.data[i].Base = &request[0]
		m.sent.data[i].SetLen(len(request))
		header.Name, header.Namelen = (*byte)(unsafe.Pointer(&m.to[i])), unix.SizeofSockaddrInet4
		header.Iov = &m.sent.data[i]
		header.SetIovlen(1)
		header = &m.got.headers[i].Msghdr
		m.got.data[i].Base = &m.replies[i][0]
		m.got.data[i].SetLen(len(m.replies[i]))
		header.Name = (*byte)(unsafe.Pointer(&m.from[i]))
		header.Iov = &m.got.data[i]
		header.SetIovlen(1)
		header.Control = &m.controls[i][0]
	}
	return m, true, nil
}

func (m *mmsg) open(broadcast bool) (err error) {
	if m.icmp {
		return m.openICMP(broadcast)
	}
	if m.in, err = socket(unix.SOCK_DGRAM, 0); err != nil {
		return err
	}
	if err := unix.SetsockoptInt(m.in, unix.IPPROTO_IP, unix.IP_PKTINFO, 1); err != nil {
		return sock.SystemError("setsockopt", err)
	}
	if err := unix.Bind(m.in, &unix.SockaddrInet4{}); err != nil {
		return sock.SystemError("bind", err)
	}
	name, err := unix.Getsockname(m.in)
	if err != nil {
		return sock.SystemError("getsockname", err)
	}
	for i := range m.to {
		m.to[i].Port = networkOrder(uint16(name.(*unix.SockaddrInet4).Port))
	}
	if m.out, err = socket(unix.SOCK_DGRAM, 0); err != nil {
		return err
	}
	if m.patient, err = socket(unix.SOCK_DGRAM, 0); err != nil {
		return err
	}
	return m.prepare(broadcast)
}

// openICMP takes the datagram ICMP socket if this user may have one (net.ipv4.ping_group_range),
// otherwise a raw one, which receives only echo replies then (icmp_filter, raw(7)).
func (m *mmsg) openICMP(broadcast bool) (err error) {
	if m.out, err = socket(unix.SOCK_DGRAM, unix.IPPROTO_ICMP); err != nil {
		if m.out, err = socket(unix.SOCK_RAW, unix.IPPROTO_ICMP); err != nil {
			return err
		}
		m.raw = true
		const icmpFilter, echoReply = 1, 0
		if err := unix.SetsockoptInt(m.out, unix.SOL_RAW, icmpFilter, ^(1 << echoReply)); err != nil {
			return sock.SystemError("setsockopt", err)
		}
	}
	m.in = m.out
	return m.prepare(broadcast)
}

func (m *mmsg) prepare(broadcast bool) error {
	for _, fd := range []int{m.out, m.patient} {
		if fd < 0 {
			continue
		}
		if broadcast {
			if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_BROADCAST, 1); err != nil {
				return sock.SystemError("setsockopt", err)
			}
		}
	}
	if m.patient < 0 {
		return nil
	}
	return sock.SystemError("setsockopt", unix.SetsockoptInt(m.patient, unix.IPPROTO_IP, unix.IP_RECVERR, 1))
}

func socket(kind, protocol int) (int, error) {
	fd, err := unix.Socket(unix.AF_INET, kind|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, protocol)
	if err != nil {
		return -1, sock.SystemError("socket", err)
	}
	return fd, nil
}

func (m *mmsg) send(f *Field, to []Offset, what []uint32, serial uint32, patient bool, codes []Code) error {
	for i, o := range to {
		m.to[i].Addr = o.bytes()
		payload(m.requests[i][echoHeader:], m.nonce, what[i], serial)
		if m.icmp {
			m.checksum(i)
		}
	}
	fd := m.out
	if patient && m.patient >= 0 {
		fd = m.patient
	}
	for done := 0; done < len(to); {
		n, _, number := unix.Syscall6(unix.SYS_SENDMMSG, uintptr(fd), uintptr(unsafe.Pointer(&m.sent.headers[done])), uintptr(len(to)-done), 0, 0, 0)
		switch number {
		case 0:
			done += int(n)
		case unix.EINTR:
		case unix.EAGAIN:
			if err := ready(fd, unix.POLLOUT, sock.Patience); err != nil {
				return err
			}
		default:
			if fd == m.patient {
				// The error may be that of a datagram before, which is in the queue then, and was
				// not sent for it.
				before, err := m.heard(f)
				if err != nil {
					return err
				}
				if before {
					continue
				}
			}
			codes[done] = m.code(f, number)
			done++
		}
	}
	return nil
}

// checksum is that of the echo request i, which the kernel makes only on datagram ICMP sockets.
func (m *mmsg) checksum(i int) {
	b := &m.requests[i]
	b[2], b[3] = 0, 0
	sum := uint32(0)
	for j := 0; j < len(b); j += 2 {
		sum += uint32(b[j])<<8 | uint32(b[j+1])
	}
	sum = sum&0xffff + sum>>16
	sum += sum >> 16
	binary.BigEndian.PutUint16(b[2:], ^uint16(sum))
}

func (m *mmsg) code(f *Field, number unix.Errno) Code {
	if int(number) >= len(m.byNumber) {
		return f.codeOf(sock.SystemError("sendmmsg", number))
	}
	if m.byNumber[number] == Unasked {
		m.byNumber[number] = f.codeOf(sock.SystemError("sendmmsg", number))
	}
	return m.byNumber[number]
}

func (m *mmsg) receive(wait time.Duration) ([]arrival, error) {
	for {
		for i := range m.got.headers {
			h := &m.got.headers[i].Msghdr
			h.Namelen = unix.SizeofSockaddrInet4
			h.SetControllen(len(m.controls[i]))
		}
		n, _, number := unix.Syscall6(unix.SYS_RECVMMSG, uintptr(m.in), uintptr(unsafe.Pointer(&m.got.headers)), batch, unix.MSG_DONTWAIT, 0, 0)
		switch number {
		case 0:
			return m.arrived(int(n)), nil
		case unix.EINTR:
		case unix.EAGAIN:
			if err := ready(m.in, unix.POLLIN, wait); err != nil {
				return nil, err
			}
		default:
			return nil, sock.SystemError("recvmmsg", number)
		}
	}
}

// arrived reads the n datagrams that recvmmsg has given.
func (m *mmsg) arrived(n int) []arrival {
	count := 0
	for i := range n {
		b := m.replies[i][:min(int(m.got.headers[i].n), len(m.replies[i]))]
		at, inside := m.destination(i)
		if m.icmp {
			b = echoed(b)
			at, inside = offsetOf(m.from[i].Addr)
		}
		if what, serial, is := ours(b, m.nonce); is {
			m.arrivals[count] = arrival{at, inside, what, serial}
			count++
		}
	}
	return m.arrivals[:count]
}

// destination is the address that datagram i was for, from its one control message (ip(7),
// IP_PKTINFO: ipi_addr, the last field of in_pktinfo).
func (m *mmsg) destination(i int) (Offset, bool) {
	level, kind, b := control(m.controls[i][:min(int(m.got.headers[i].Controllen), len(m.controls[i]))])
	if level != unix.IPPROTO_IP || kind != unix.IP_PKTINFO || len(b) < unix.SizeofInet4Pktinfo {
		return 0, false
	}
	return offsetOf([4]byte(b[unix.SizeofInet4Pktinfo-4:]))
}

// control reads the first control message of a buffer: cmsg_len, cmsg_level, cmsg_type (cmsg(3)),
// and what follows.
func control(b []byte) (level, kind uint32, data []byte) {
	if len(b) < unix.SizeofCmsghdr {
		return 0, 0, nil
	}
	return binary.NativeEndian.Uint32(b[unix.SizeofCmsghdr-8:]), binary.NativeEndian.Uint32(b[unix.SizeofCmsghdr-4:]), b[unix.SizeofCmsghdr:]
}

// networkOrder is a number as the kernel reads it from a structure (htons(3)).
func networkOrder(n uint16) uint16 {
	var b [2]byte
	binary.BigEndian.PutUint16(b[:], n)
	return binary.NativeEndian.Uint16(b[:])
}

func (m *mmsg) refusals(f *Field) error {
	if m.patient < 0 {
		return nil
	}
	_, err := m.heard(f)
	return err
}

// heard reads the error queue (ip(7), IP_RECVERR): the address that a datagram was for, and what
// came back.
func (m *mmsg) heard(f *Field) (something bool, err error) {
	var data, control [256]byte
	for {
		_, n, _, from, err := unix.Recvmsg(m.patient, data[:], control[:], unix.MSG_ERRQUEUE|unix.MSG_DONTWAIT)
		switch err {
		case nil:
			something = true
			m.refused(f, from, control[:n])
		case unix.EINTR:
		case unix.EAGAIN:
			return something, nil
		default:
			return something, sock.SystemError("recvmsg", err)
		}
	}
}

// refused writes the code of an address about which the error queue has something:
// sock_extended_err begins with the error number.
func (m *mmsg) refused(f *Field, from unix.Sockaddr, b []byte) {
	to, is := from.(*unix.SockaddrInet4)
	_, _, said := control(b)
	if !is || len(said) < 4 || f.codes == nil {
		return
	}
	if o, inside := offsetOf(to.Addr); inside && f.codes[o] == Missing {
		f.codes[o] = m.code(f, unix.Errno(binary.NativeEndian.Uint32(said)))
	}
}

// ready waits until a socket is ready for an event.
func ready(fd int, event int16, wait time.Duration) error {
	deadline := time.Now().Add(wait)
	for {
		left := max(time.Until(deadline), 0)
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: event}}, int((left+time.Millisecond-1)/time.Millisecond))
		switch {
		case err == unix.EINTR:
		case err != nil:
			return sock.SystemError("poll", err)
		case n > 0:
			return nil
		case left == 0:
			return sock.TimedOut("poll")
		}
	}
}

func (m *mmsg) close() error {
	if m.in == m.out {
		m.in = -1
	}
	var first error
	for _, fd := range []int{m.in, m.out, m.patient} {
		if fd < 0 {
			continue
		}
		if err := unix.Close(fd); err != nil && first == nil {
			first = sock.SystemError("close", err)
		}
	}
	return first
}
