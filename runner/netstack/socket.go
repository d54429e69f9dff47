package main

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv6"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/icmp"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/tcpip/transport/udp"
	"gvisor.dev/gvisor/pkg/waiter"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// netstack is a sock.Stack.
type netstack struct {
	stack *stack.Stack
	name  string
}

func (n netstack) Name() string    { return n.name }
func (n netstack) Release() string { return release() }

func (n netstack) Socket(f sock.Family, t sock.Type) (sock.Socket, error) {
	network, ping := ipv4.ProtocolNumber, icmp.ProtocolNumber4
	if f == sock.Inet6 {
		network, ping = ipv6.ProtocolNumber, icmp.ProtocolNumber6
	}
	transport, is := map[sock.Type]tcpip.TransportProtocolNumber{sock.TCP: tcp.ProtocolNumber, sock.UDP: udp.ProtocolNumber, sock.Ping: ping}[t]
	if !is { // wireguard-go gives its stack no raw sockets
		return nil, sock.Errno("socket", "EPROTONOSUPPORT", 0)
	}
	s := &socket{family: f, kind: t, queue: &waiter.Queue{}}
	ep, err := n.stack.NewEndpoint(transport, network, s.queue)
	if err != nil {
		return nil, fail("socket", err)
	}
	s.ep = ep
	return s, nil
}

// socket is a sock.Socket: an endpoint of gVisor.
type socket struct {
	ep     tcpip.Endpoint
	queue  *waiter.Queue
	family sock.Family
	kind   sock.Type
	closed bool
}

// errnos are the names of gVisor's errors, as pkg/sentry/syserr translates them.
var errnos = map[string]string{
	"Aborted": "EPIPE", "AddressFamilyNotSupported": "EAFNOSUPPORT", "AlreadyBound": "EINVAL", "AlreadyConnected": "EISCONN",
	"AlreadyConnecting": "EALREADY", "BadAddress": "EFAULT", "BadBuffer": "EFAULT", "BadLocalAddress": "EADDRNOTAVAIL",
	"BroadcastDisabled": "EACCES", "ClosedForReceive": "ESHUTDOWN", "ClosedForSend": "EPIPE", "ConnectionAborted": "ECONNABORTED",
	"ConnectionRefused": "ECONNREFUSED", "ConnectionReset": "ECONNRESET", "DestinationRequired": "EDESTADDRREQ",
	"HostDown": "EHOSTDOWN", "HostUnreachable": "EHOSTUNREACH", "InvalidEndpointState": "EINVAL", "InvalidOptionValue": "EINVAL",
	"InvalidPortRange": "EINVAL", "MessageTooLong": "EMSGSIZE", "NetworkUnreachable": "ENETUNREACH", "NoBufferSpace": "ENOBUFS",
	"NoNet": "ENONET", "NoPortAvailable": "EAGAIN", "NotConnected": "ENOTCONN", "NotPermitted": "EPERM", "NotSupported": "EOPNOTSUPP",
	"PortInUse": "EADDRINUSE", "Timeout": "ETIMEDOUT", "UnknownDevice": "ENODEV", "UnknownNICID": "ENODEV",
	"UnknownProtocol": "EINVAL", "UnknownProtocolOption": "ENOPROTOOPT",
}

// fail returns an error of gVisor as one of sock; nil for none.
func fail(op string, err tcpip.Error) error {
	if err == nil {
		return nil
	}
	name := strings.TrimPrefix(fmt.Sprintf("%T", err), "*tcpip.Err")
	return sock.Errno(op, errnos[name], 0)
}

// full returns an address for a call on a socket of this family, with the interface, and an
// unspecified one as it is, as wireguard-go passes it (tun/netstack, convertToFullAddr).
func full(f sock.Family, a netip.AddrPort) (tcpip.FullAddress, error) {
	if f == sock.Inet && !a.Addr().Is4() || f == sock.Inet6 && a.Addr().Is4() {
		return tcpip.FullAddress{}, sock.Errno("address", "EAFNOSUPPORT", 0)
	}
	return tcpip.FullAddress{NIC: nic, Addr: tcpip.AddrFromSlice(a.Addr().WithZone("").AsSlice()), Port: a.Port()}, nil
}

// address returns an address of gVisor as a socket of this family has it.
func address(f sock.Family, a tcpip.FullAddress) netip.AddrPort {
	out, is := netip.AddrFromSlice(a.Addr.AsSlice())
	switch {
	case !is && f == sock.Inet:
		out = netip.IPv4Unspecified()
	case !is:
		out = netip.IPv6Unspecified()
	case f == sock.Inet6 && out.Is4():
		out = netip.AddrFrom16(out.As16())
	}
	return netip.AddrPortFrom(out, a.Port)
}

// until repeats a call until it need not wait, at most so long. It waits for these events.
func (s *socket) until(op string, events waiter.EventMask, wait time.Duration, call func() tcpip.Error) error {
	entry, ready := waiter.NewChannelEntry(events | waiter.EventErr | waiter.EventHUp)
	s.queue.EventRegister(&entry)
	defer s.queue.EventUnregister(&entry)
	late := time.NewTimer(wait)
	defer late.Stop()
	for {
		err := call()
		if _, blocks := err.(*tcpip.ErrWouldBlock); !blocks {
			return fail(op, err)
		}
		select {
		case <-ready:
		case <-late.C:
			return sock.TimedOut(op)
		}
	}
}

func (s *socket) Family() sock.Family { return s.family }
func (s *socket) Type() sock.Type     { return s.kind }

func (s *socket) Bind(a netip.AddrPort) error {
	at, err := full(s.family, a)
	if err != nil {
		return err
	}
	if a.Addr().IsUnspecified() { // every address: what ListenTCP of wireguard-go passes for none, and no packet is for 0.0.0.0
		at.Addr = tcpip.Address{}
	}
	return fail("bind", s.ep.Bind(at))
}

func (s *socket) Listen(backlog int) error { return fail("listen", s.ep.Listen(backlog)) }

func (s *socket) Accept(wait time.Duration) (sock.Socket, netip.AddrPort, error) {
	var peer tcpip.FullAddress
	c := &socket{family: s.family, kind: s.kind}
	err := s.until("accept", waiter.ReadableEvents, wait, func() (err tcpip.Error) {
		c.ep, c.queue, err = s.ep.Accept(&peer)
		return err
	})
	if err != nil {
		return nil, netip.AddrPort{}, err
	}
	return c, address(s.family, peer), nil
}

func (s *socket) Connect(to netip.AddrPort, wait time.Duration) error {
	at, err := full(s.family, to)
	if err != nil {
		return err
	}
	started := false
	return s.until("connect", waiter.WritableEvents, wait, func() tcpip.Error {
		if !started {
			started = true
			switch err := s.ep.Connect(at); err.(type) {
			case *tcpip.ErrConnectStarted, *tcpip.ErrAlreadyConnecting:
			default:
				return err
			}
		}
		if s.ep.Readiness(waiter.WritableEvents|waiter.EventErr|waiter.EventHUp) == 0 {
			return &tcpip.ErrWouldBlock{}
		}
		return s.ep.LastError()
	})
}

// sendWait bounds the wait for room in the socket's buffer.
const sendWait = sock.Patience

func (s *socket) Send(b []byte) error { return s.write("send", b, nil) }

func (s *socket) SendTo(b []byte, to netip.AddrPort) error {
	at, err := full(s.family, to)
	if err != nil {
		return err
	}
	return s.write("sendto", b, &at)
}

func (s *socket) write(op string, b []byte, to *tcpip.FullAddress) error {
	rest := bytes.NewReader(b)
	return s.until(op, waiter.WritableEvents, sendWait, func() tcpip.Error {
		for {
			n, err := s.ep.Write(rest, tcpip.WriteOptions{To: to, Atomic: s.kind != sock.TCP})
			if err != nil {
				return err
			}
			if s.kind != sock.TCP || rest.Len() == 0 || n == 0 {
				return nil
			}
		}
	})
}

func (s *socket) Recv(size int, wait time.Duration) (sock.Message, error) {
	m := sock.Message{TTL: -1}
	var data bytes.Buffer
	err := s.until("recvmsg", waiter.ReadableEvents, wait, func() tcpip.Error {
		r, err := s.ep.Read(&tcpip.LimitedWriter{W: &data, N: int64(size)}, tcpip.ReadOptions{NeedRemoteAddr: s.kind != sock.TCP})
		if _, ended := err.(*tcpip.ErrClosedForReceive); ended && s.kind == sock.TCP {
			return nil
		}
		if err == nil && s.kind != sock.TCP {
			m.From = address(s.family, r.RemoteAddr)
			s.control(r.ControlMessages, &m)
		}
		return err
	})
	m.Data = data.Bytes()
	return m, err
}

// control reads what the options for it ask for.
func (s *socket) control(c tcpip.ReceivableControlMessages, m *sock.Message) {
	if c.HasTTL {
		m.TTL = int(c.TTL)
	}
	if c.HasHopLimit {
		m.TTL = int(c.HopLimit)
	}
	if c.HasIPPacketInfo {
		m.To, m.Index = address(s.family, tcpip.FullAddress{Addr: c.PacketInfo.DestinationAddr}).Addr(), int(c.PacketInfo.NIC)
	}
	if c.HasIPv6PacketInfo {
		m.To, m.Index = address(s.family, tcpip.FullAddress{Addr: c.IPv6PacketInfo.Addr}).Addr(), int(c.IPv6PacketInfo.NIC)
	}
}

func (s *socket) Name() (netip.AddrPort, error) {
	a, err := s.ep.GetLocalAddress()
	return address(s.family, a), fail("getsockname", err)
}

func (s *socket) PeerName() (netip.AddrPort, error) {
	a, err := s.ep.GetRemoteAddress()
	return address(s.family, a), fail("getpeername", err)
}

func (s *socket) JoinGroup(group netip.Addr, index int) error {
	return fail("setsockopt", s.ep.SetSockOpt(&tcpip.AddMembershipOption{NIC: tcpip.NICID(index), MulticastAddr: tcpip.AddrFromSlice(group.AsSlice())}))
}

func (s *socket) Close() error {
	if s.closed {
		return &sock.Error{Op: "close", Errno: "EBADF", Outcome: observation.Failed}
	}
	s.closed = true
	s.ep.Close()
	return nil
}
