// Package sock is the raw socket layer: the system calls that observations are made of, with
// nothing in between.
//
// Go's net package hides what this kit measures (it sets SO_REUSEADDR and SO_BROADCAST, rewrites
// unspecified destinations, repeats dials), so nothing here uses it. A Stack is whatever opens
// sockets: the kernel of this machine (Kernel), a stack in another process (package remote), or an
// in-memory one (package fake).
//
// Layers around a Stack, from the inside out: Guard refuses what could leave the host, Patient
// makes a silent address cost its deadline only once, Trace writes the transcript.
package sock

import (
	"net/netip"
	"time"
)

// Family is an address family.
type Family int

// The address families.
const (
	Inet  Family = iota // AF_INET
	Inet6               // AF_INET6
)

// Families lists them all.
func Families() []Family { return []Family{Inet, Inet6} }

func (f Family) String() string { return [...]string{"AF_INET", "AF_INET6"}[f] }

// FamilyOf is the family whose sockets take this address: Inet for an IPv4 address, Inet6 for any
// other, IPv4-mapped addresses included.
func FamilyOf(a netip.Addr) Family {
	if a.Is4() {
		return Inet
	}
	return Inet6
}

// Type is a socket type together with its protocol.
type Type int

// The socket types.
const (
	TCP     Type = iota // SOCK_STREAM
	UDP                 // SOCK_DGRAM
	Ping                // SOCK_DGRAM with IPPROTO_ICMP or IPPROTO_ICMPV6: echo requests without privilege
	RawICMP             // SOCK_RAW with IPPROTO_ICMP or IPPROTO_ICMPV6
	RawIP               // SOCK_RAW with IPPROTO_RAW: what is sent begins with the IP header (raw(7); HeaderIncluded elsewhere)
)

// Types lists them all.
func Types() []Type { return []Type{TCP, UDP, Ping, RawICMP, RawIP} }

func (t Type) String() string {
	return [...]string{"SOCK_STREAM", "SOCK_DGRAM", "SOCK_DGRAM, ICMP", "SOCK_RAW, ICMP", "SOCK_RAW, IPPROTO_RAW"}[t]
}

// Option is a socket option that some claim needs. A stack that has no such option answers
// ENOPROTOOPT.
type Option int

// The socket options. The value is 0 or 1 for the switches.
const (
	ReuseAddr      Option = iota // SO_REUSEADDR
	ReusePort                    // SO_REUSEPORT
	ExclusiveAddr                // SO_EXCLUSIVEADDRUSE (Winsock only)
	Broadcast                    // SO_BROADCAST
	V6Only                       // IPV6_V6ONLY
	TTL                          // IP_TTL or IPV6_UNICAST_HOPS: 1 to 255
	RecvTTL                      // IP_RECVTTL or IPV6_RECVHOPLIMIT: fills Message.TTL
	RecvInfo                     // IP_PKTINFO, IP_RECVDSTADDR with IP_RECVIF, IPV6_RECVPKTINFO: fills Message.To and Message.Index
	MulticastIf                  // IP_MULTICAST_IF or IPV6_MULTICAST_IF: an interface index (IPv4 on some systems: 0 and 127.0.0.1)
	MulticastTTL                 // IP_MULTICAST_TTL or IPV6_MULTICAST_HOPS: 0 to 255, 0 never leaves the host
	MulticastLoop                // IP_MULTICAST_LOOP or IPV6_MULTICAST_LOOP
	SendBuffer                   // SO_SNDBUF, bytes
	ReceiveBuffer                // SO_RCVBUF, bytes
	Linger                       // SO_LINGER, on, with this many seconds: 0 makes close reset a TCP connection, which leaves no TIME-WAIT
	BindDevice                   // SO_BINDTODEVICE (Linux): tie the socket to the interface with this index, which is given by its name
	UnicastIf                    // IP_UNICAST_IF or IPV6_UNICAST_IF (Linux, Windows): send from the interface with this index
	BoundIf                      // IP_BOUND_IF or IPV6_BOUND_IF (macOS): likewise
	SendVia                      // IP_PKTINFO or IPV6_PKTINFO with each datagram sent: the index of the interface to use
	DontRoute                    // SO_DONTROUTE: use no gateway
	HeaderIncluded               // IP_HDRINCL: what is sent begins with the IP header
	BindIndex                    // SO_BINDTOIFINDEX (Linux): what BindDevice does, by the index itself
)

var optionNames = [...]string{"SO_REUSEADDR", "SO_REUSEPORT", "SO_EXCLUSIVEADDRUSE", "SO_BROADCAST", "IPV6_V6ONLY",
	"IP_TTL", "IP_RECVTTL", "IP_PKTINFO", "IP_MULTICAST_IF", "IP_MULTICAST_TTL", "IP_MULTICAST_LOOP", "SO_SNDBUF", "SO_RCVBUF",
	"SO_LINGER", "SO_BINDTODEVICE", "IP_UNICAST_IF", "IP_BOUND_IF", "IP_PKTINFO (send)", "SO_DONTROUTE", "IP_HDRINCL",
	"SO_BINDTOIFINDEX"}

// Options lists them all.
func Options() []Option {
	all := make([]Option, len(optionNames))
	for i := range all {
		all[i] = Option(i)
	}
	return all
}

func (o Option) String() string { return optionNames[o] }

// Message is a datagram that was received.
type Message struct {
	Data []byte
	// From is the sender's address as recvmsg gives it (for ICMP sockets with port 0).
	From netip.AddrPort
	// To is the destination address in the datagram; invalid unless RecvInfo is set and the system
	// told it.
	To netip.Addr
	// Index is the index of the interface it arrived on; 0 unless RecvInfo is set and the system
	// told it.
	Index int
	// TTL is the TTL or hop limit it arrived with; -1 unless RecvTTL is set and the system told it.
	TTL int
}

// Stack is whatever opens sockets. Its methods may be called from several goroutines.
type Stack interface {
	// Name says what kind of stack it is: "linux kernel", "fake bsd-like".
	Name() string
	// Socket opens a non-blocking socket. Every error of this package is an *Error.
	Socket(Family, Type) (Socket, error)
}

// Socket is one socket. Methods that can wait take the longest time to wait and return an Error
// with outcome observe.Timeout when it has passed; they return at once when the system answers at
// once. A Socket is used by one goroutine at a time.
type Socket interface {
	Family() Family
	Type() Type
	Bind(netip.AddrPort) error
	Listen(backlog int) error
	// Accept waits for a connection and gives its socket and the peer address that accept(2)
	// returned.
	Accept(wait time.Duration) (Socket, netip.AddrPort, error)
	// Connect starts a connection and waits until it is made or refused. On UDP sockets it only
	// fixes the peer. Where POSIX holds, a second Connect waits for the connection that the first
	// has started.
	Connect(to netip.AddrPort, wait time.Duration) error
	// Send sends on a connected socket, all of it.
	Send([]byte) error
	// SendTo sends one datagram.
	SendTo([]byte, netip.AddrPort) error
	// Recv reads up to size bytes; on TCP, no bytes and no error mean that the peer has closed.
	Recv(size int, wait time.Duration) (Message, error)
	// SetOption sets an option, and fails with ErrIgnored behind it if the system took it and then
	// reads otherwise (ReadBack).
	SetOption(Option, int) error
	Option(Option) (int, error)
	// JoinGroup joins a multicast group on the interface with this index.
	JoinGroup(group netip.Addr, index int) error
	// Name is getsockname(2).
	Name() (netip.AddrPort, error)
	// PeerName is getpeername(2).
	PeerName() (netip.AddrPort, error)
	// Close closes the socket. A second Close is an error, and does no harm.
	Close() error
}
