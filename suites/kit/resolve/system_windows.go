package resolve

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// What x/sys/windows lacks.
var procGetNameInfo = windows.NewLazySystemDLL("ws2_32.dll").NewProc("GetNameInfoW")

// system asks the system's own functions. Winsock must have been started for them.
func system() Resolver {
	var data windows.WSAData
	return &winsock{started: windows.WSAStartup(0x0202, &data)}
}

// winsock asks GetAddrInfoW, GetNameInfoW and DnsQuery_W.
type winsock struct {
	patience patience
	started  error
}

func (*winsock) Name() string { return "GetAddrInfoW" }

// ask runs a call that can't be interrupted, within the resolver's patience; a call that takes
// longer ends unheard.
func ask[T any](w *winsock, op string, call func() (T, error)) (T, error) {
	var none T
	if w.started != nil {
		return none, &Error{Op: op, Outcome: observation.Failed, Err: w.started}
	}
	type answer struct {
		value T
		err   error
	}
	ctx, cancel := w.patience.begin()
	defer cancel()
	answers := make(chan answer, 1)
	go func() {
		value, err := call()
		answers <- answer{value, err}
	}()
	select {
	case a := <-answers:
		return a.value, describe(op, a.err)
	case <-ctx.Done():
		w.patience.end(ctx)
		return none, &Error{Op: op, Outcome: observation.Timeout}
	}
}

// codes are the errors of the three functions: ws2tcpip.h defines each EAI_ name as a Winsock
// number, and the codes of DNS are those of windns.h.
var codes = map[syscall.Errno]Error{
	windows.WSAHOST_NOT_FOUND:              {Code: "EAI_NONAME", Outcome: observation.NoAnswer},
	windows.WSANO_DATA:                     {Code: "EAI_NODATA", Outcome: observation.NoAnswer},
	windows.WSATRY_AGAIN:                   {Code: "EAI_AGAIN", Outcome: observation.Failed},
	windows.WSANO_RECOVERY:                 {Code: "EAI_FAIL", Outcome: observation.Failed},
	windows.WSAEAFNOSUPPORT:                {Code: "EAI_FAMILY", Outcome: observation.Unsupported},
	windows.WSAEINVAL:                      {Code: "EAI_BADFLAGS", Outcome: observation.Invalid},
	windows.DNS_ERROR_RCODE_NAME_ERROR:     {Code: "NXDOMAIN", Outcome: observation.NoAnswer},
	windows.DNS_INFO_NO_RECORDS:            {Code: "NODATA", Outcome: observation.NoAnswer},
	windows.DNS_ERROR_RCODE_SERVER_FAILURE: {Code: "SERVFAIL", Outcome: observation.Failed},
	windows.DNS_ERROR_RCODE_REFUSED:        {Code: "REFUSED", Outcome: observation.Failed},
	windows.ERROR_TIMEOUT:                  {Code: "EAI_AGAIN", Outcome: observation.Timeout},
	eaiAddrFamily:                          {Code: "EAI_ADDRFAMILY", Outcome: observation.NoAnswer},
}

// eaiAddrFamily is EAI_ADDRFAMILY of glibc, -9, which Wine hands on as it is; Windows has no number
// for it.
const eaiAddrFamily syscall.Errno = 1<<32 - 9

func describe(op string, err error) error {
	if err == nil {
		return nil
	}
	var number syscall.Errno
	if errors.As(err, &number) {
		if e, known := codes[number]; known {
			e.Op = op
			return &e
		}
	}
	return &Error{Op: op, Outcome: observation.Failed, Err: err}
}

var winFamilies = map[string]int32{"ip": windows.AF_UNSPEC, "ip4": windows.AF_INET, "ip6": windows.AF_INET6}

const aiAddrConfig = 0x400 // AI_ADDRCONFIG (ws2def.h)

func (w *winsock) Addresses(name string, h Hints) ([]netip.Addr, error) {
	const op = "getaddrinfo"
	// Streams only, so that no address comes once for each socket type.
	hints := syscall.AddrinfoW{Family: winFamilies[h.Family], Socktype: windows.SOCK_STREAM}
	if h.AddrConfig {
		hints.Flags |= aiAddrConfig
	}
	if h.Passive {
		hints.Flags |= windows.AI_PASSIVE
	}
	var node, service *uint16
	var err error
	if name == "" { // a null node needs a service (RFC 3493 6.1)
		service, err = windows.UTF16PtrFromString("0")
	} else {
		node, err = windows.UTF16PtrFromString(name)
	}
	if err != nil {
		return nil, &Error{Op: op, Outcome: observation.Invalid, Err: err}
	}
	found, err := ask(w, op, func() ([]netip.Addr, error) {
		var first *syscall.AddrinfoW
		if err := syscall.GetAddrInfoW(node, service, &hints, &first); err != nil {
			return nil, err
		}
		defer syscall.FreeAddrInfoW(first)
		return addressesOf(first), nil
	})
	if err != nil {
		return nil, err
	}
	return inFamily(op, found, h.Family)
}

func addressesOf(first *syscall.AddrinfoW) []netip.Addr {
	var out []netip.Addr
	for i := first; i != nil; i = i.Next {
		switch i.Family {
		case windows.AF_INET:
			out = append(out, netip.AddrFrom4((*windows.RawSockaddrInet4)(unsafe.Pointer(i.Addr)).Addr))
		case windows.AF_INET6:
			sa := (*windows.RawSockaddrInet6)(unsafe.Pointer(i.Addr))
			a := netip.AddrFrom16(sa.Addr)
			if sa.Scope_id != 0 {
				a = a.WithZone(strconv.FormatUint(uint64(sa.Scope_id), 10))
			}
			out = append(out, a)
		}
	}
	return out
}

const (
	niNameReqd = 4    // NI_NAMEREQD (ws2def.h)
	niMaxHost  = 1025 // NI_MAXHOST
)

func (w *winsock) Names(addr netip.Addr) ([]string, error) {
	return ask(w, "getnameinfo", func() ([]string, error) {
		sa := windows.RawSockaddrInet6{Family: windows.AF_INET6, Addr: addr.As16()}
		size := unsafe.Sizeof(sa)
		if addr.Is4() {
			sa4 := (*windows.RawSockaddrInet4)(unsafe.Pointer(&sa))
			*sa4 = windows.RawSockaddrInet4{Family: windows.AF_INET, Addr: addr.As4()}
			size = unsafe.Sizeof(*sa4)
		}
		var name [niMaxHost]uint16
		code, _, _ := procGetNameInfo.Call(uintptr(unsafe.Pointer(&sa)), size, uintptr(unsafe.Pointer(&name[0])),
			uintptr(len(name)), 0, 0, niNameReqd)
		if code != 0 {
			return nil, syscall.Errno(code)
		}
		return []string{strings.TrimSuffix(windows.UTF16ToString(name[:]), ".")}, nil
	})
}
