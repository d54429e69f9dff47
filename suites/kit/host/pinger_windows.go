package host

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// x/sys/windows has none of the ICMP functions (icmpapi.h).
var (
	iphlpapi        = windows.NewLazySystemDLL("iphlpapi.dll")
	procCreateFile  = iphlpapi.NewProc("IcmpCreateFile")
	procCreateFile6 = iphlpapi.NewProc("Icmp6CreateFile")
	procClose       = iphlpapi.NewProc("IcmpCloseHandle")
	procSendEcho    = iphlpapi.NewProc("IcmpSendEcho2")
	procSendEcho6   = iphlpapi.NewProc("Icmp6SendEcho2")
)

func pinger() Pinger { return icmpAPI{} }

// icmpAPI sends echo requests by IcmpSendEcho2 and Icmp6SendEcho2, which need no privilege. They
// choose id and sequence and take no other reply.
type icmpAPI struct{}

func (icmpAPI) Name() string { return "IcmpSendEcho2" }

func (icmpAPI) Echo(to netip.Addr, wait time.Duration) (netip.Addr, error) {
	create, send := procCreateFile, echo4
	if !to.Is4() {
		create, send = procCreateFile6, echo6
	}
	handle, _, err := create.Call()
	if windows.Handle(handle) == windows.InvalidHandle {
		return netip.Addr{}, echoError("socket", fmt.Errorf("%s: %w", create.Name, err))
	}
	defer func() { _, _, _ = procClose.Call(handle) }()
	milliseconds := (wait + time.Millisecond - 1) / time.Millisecond
	return send(handle, to, []byte("loopmatrix echo!"), uintptr(milliseconds))
}

// statuses are the IP_STATUS numbers that have a POSIX counterpart (ipexport.h).
var statuses = map[syscall.Errno]string{
	11002: "ENETUNREACH",  // IP_DEST_NET_UNREACHABLE
	11003: "EHOSTUNREACH", // IP_DEST_HOST_UNREACHABLE
	11005: "ECONNREFUSED", // IP_DEST_PORT_UNREACHABLE
	11006: "ENOBUFS",      // IP_NO_RESOURCES
	11009: "EMSGSIZE",     // IP_PACKET_TOO_BIG
	11018: "EINVAL",       // IP_BAD_DESTINATION
}

const timedOut syscall.Errno = 11010 // IP_REQ_TIMED_OUT

// echoError names an IP_STATUS or a number of winerror.h.
func echoError(op string, err error) error {
	var number syscall.Errno
	if !errors.As(err, &number) {
		return &sock.Error{Op: op, Outcome: observation.Failed, Err: err}
	}
	switch number {
	case timedOut:
		return sock.TimedOut(op)
	case windows.ERROR_ACCESS_DENIED: // no matter which address: Wine, whose ICMP sockets are those of the system below
		op, err = "socket", fmt.Errorf("%s: %w", op, err)
	}
	if name, known := statuses[number]; known {
		return sock.Errno(op, name, int(number))
	}
	e := sock.Winsock(op, int(number))
	e.Err = err
	return e
}

// altered is the error of a reply whose payload is not the one that was sent.
func altered(op string) error {
	return &sock.Error{Op: op, Outcome: observation.Astray, Err: errors.New("the payload came back altered")}
}

// replyRoom is what a reply buffer must have room for besides reply and payload: an ICMP error of 8
// bytes and an IO_STATUS_BLOCK (documentation of IcmpSendEcho2), and IPv6's larger addresses.
const replyRoom = 128

// reply4 is an ICMP_ECHO_REPLY (ipexport.h); the options that follow are not read.
type reply4 struct {
	address   [4]byte
	status    uint32
	roundTrip uint32
	size      uint16
	_         uint16
	data      *byte
	_         [2]uintptr
}

func echo4(handle uintptr, to netip.Addr, payload []byte, milliseconds uintptr) (netip.Addr, error) {
	address := to.As4()
	network := binary.LittleEndian.Uint32(address[:]) // an IPAddr holds the bytes in network order
	buffer := make([]uint64, (int(unsafe.Sizeof(reply4{}))+len(payload)+replyRoom)/8)
	n, _, err := procSendEcho.Call(handle, 0, 0, 0, uintptr(network),
		uintptr(unsafe.Pointer(&payload[0])), uintptr(len(payload)), 0,
		uintptr(unsafe.Pointer(&buffer[0])), uintptr(8*len(buffer)), milliseconds)
	if n == 0 {
		return netip.Addr{}, echoError("IcmpSendEcho2", err)
	}
	r := (*reply4)(unsafe.Pointer(&buffer[0]))
	from := netip.AddrFrom4(r.address)
	switch {
	case r.status != 0:
		return from, echoError("IcmpSendEcho2", syscall.Errno(r.status))
	case !bytes.Equal(unsafe.Slice(r.data, r.size), payload):
		return from, altered("IcmpSendEcho2")
	default:
		return from, nil
	}
}

// reply6 is an ICMPV6_ECHO_REPLY. Its address is packed (port, flow, address, scope), two bytes
// short of a multiple of four; the payload follows.
type reply6 struct {
	_         [6]byte
	address   [16]byte
	_         [4]byte
	_         [2]byte
	status    uint32
	roundTrip uint32
}

func echo6(handle uintptr, to netip.Addr, payload []byte, milliseconds uintptr) (netip.Addr, error) {
	source := windows.RawSockaddrInet6{Family: windows.AF_INET6}
	dest := windows.RawSockaddrInet6{Family: windows.AF_INET6, Addr: to.As16()}
	buffer := make([]uint64, (int(unsafe.Sizeof(reply6{}))+len(payload)+replyRoom)/8)
	n, _, err := procSendEcho6.Call(handle, 0, 0, 0, uintptr(unsafe.Pointer(&source)), uintptr(unsafe.Pointer(&dest)),
		uintptr(unsafe.Pointer(&payload[0])), uintptr(len(payload)), 0,
		uintptr(unsafe.Pointer(&buffer[0])), uintptr(8*len(buffer)), milliseconds)
	if n == 0 {
		return netip.Addr{}, echoError("Icmp6SendEcho2", err)
	}
	r := (*reply6)(unsafe.Pointer(&buffer[0]))
	from := netip.AddrFrom16(r.address)
	switch {
	case r.status != 0:
		return from, echoError("Icmp6SendEcho2", syscall.Errno(r.status))
	case !bytes.Equal(unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(r), unsafe.Sizeof(*r))), len(payload)), payload):
		return from, altered("Icmp6SendEcho2")
	default:
		return from, nil
	}
}
