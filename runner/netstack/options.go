package main

import (
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// toggle is an option that is on or off.
type toggle struct {
	set func(bool)
	get func() bool
}

// toggles are the options of a socket that are on or off.
func (s *socket) toggles() map[sock.Option]toggle {
	o := s.ep.SocketOptions()
	all := map[sock.Option]toggle{
		sock.ReuseAddr:     {o.SetReuseAddress, o.GetReuseAddress},
		sock.ReusePort:     {o.SetReusePort, o.GetReusePort},
		sock.Broadcast:     {o.SetBroadcast, o.GetBroadcast},
		sock.MulticastLoop: {o.SetMulticastLoop, o.GetMulticastLoop},
		sock.RecvTTL:       {o.SetReceiveTTL, o.GetReceiveTTL},
		sock.RecvInfo:      {o.SetReceivePacketInfo, o.GetReceivePacketInfo},
	}
	if s.family == sock.Inet6 {
		all[sock.V6Only] = toggle{o.SetV6Only, o.GetV6Only}
		all[sock.RecvTTL] = toggle{o.SetReceiveHopLimit, o.GetReceiveHopLimit}
		all[sock.RecvInfo] = toggle{o.SetIPv6ReceivePacketInfo, o.GetIPv6ReceivePacketInfo}
	}
	return all
}

// number returns gVisor's number of an option that is one.
func (s *socket) number(o sock.Option) (number tcpip.SockOptInt, is bool) {
	switch {
	case o == sock.TTL && s.family == sock.Inet:
		return tcpip.IPv4TTLOption, true
	case o == sock.TTL:
		return tcpip.IPv6HopLimitOption, true
	case o == sock.MulticastTTL:
		return tcpip.MulticastTTLOption, true
	}
	return 0, false
}

func (s *socket) SetOption(o sock.Option, v int) error {
	all := s.ep.SocketOptions()
	if t, is := s.toggles()[o]; is {
		t.set(v != 0)
		return nil
	}
	if n, is := s.number(o); is {
		return fail("setsockopt", s.ep.SetSockOptInt(n, v))
	}
	switch o {
	case sock.SendBuffer:
		all.SetSendBufferSize(int64(v), true)
	case sock.ReceiveBuffer:
		all.SetReceiveBufferSize(int64(v), true)
	case sock.Linger:
		all.SetLinger(tcpip.LingerOption{Enabled: true, Timeout: time.Duration(v) * time.Second})
	case sock.BindDevice:
		return fail("setsockopt", all.SetBindToDevice(int32(v)))
	case sock.MulticastIf:
		return fail("setsockopt", s.ep.SetSockOpt(&tcpip.MulticastInterfaceOption{NIC: tcpip.NICID(v)}))
	default:
		return sock.Errno("setsockopt", "ENOPROTOOPT", 0)
	}
	return nil
}

func (s *socket) Option(o sock.Option) (int, error) {
	all := s.ep.SocketOptions()
	if t, is := s.toggles()[o]; is {
		if t.get() {
			return 1, nil
		}
		return 0, nil
	}
	if n, is := s.number(o); is {
		v, err := s.ep.GetSockOptInt(n)
		return v, fail("getsockopt", err)
	}
	switch o {
	case sock.SendBuffer:
		return int(all.GetSendBufferSize()), nil
	case sock.ReceiveBuffer:
		return int(all.GetReceiveBufferSize()), nil
	case sock.BindDevice:
		return int(all.GetBindToDevice()), nil
	}
	return 0, sock.Errno("getsockopt", "ENOPROTOOPT", 0)
}
