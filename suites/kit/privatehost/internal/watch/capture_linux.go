package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// bufferSize is room for what leaves while the reader waits for a processor: thousands of full
// frames.
const bufferSize = 64 << 20

// largest is the largest packet that the capture keeps whole; that of generic segmentation offload
// is as large.
const largest = 1 << 16

// capture is a packet socket on all interfaces of this network namespace, those that appear later
// included, except lo.
type capture struct {
	file *os.File
	raw  interface {
		Read(func(fd uintptr) bool) error
		Control(func(fd uintptr)) error
	}
}

// crossing is a frame that crossed an interface.
type crossing struct {
	index    int  // of the interface
	outgoing bool // seen from this machine
	bytes    []byte
}

// open starts a capture with a receive buffer of so many bytes.
func open(buffer int) (*capture, error) {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0) // deaf until bind(2)
	if err != nil {
		return nil, fmt.Errorf("packet socket: %w", err)
	}
	filter, err := withoutLo()
	if err == nil {
		err = unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]})
	}
	if err == nil {
		err = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, buffer)
		if errors.Is(err, unix.EPERM) { // in a user namespace the limit of the system holds (net.core.rmem_max)
			err = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, buffer)
		}
	}
	if err == nil {
		err = unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: binary.NativeEndian.Uint16(binary.BigEndian.AppendUint16(nil, unix.ETH_P_ALL))})
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("packet socket: %w", err), unix.Close(fd))
	}
	c := &capture{file: os.NewFile(uintptr(fd), "packet socket")}
	c.raw, err = c.file.SyscallConn()
	return c, err
}

// withoutLo is a program that passes what crosses every interface but lo: the kit sends millions of
// packets over it.
func withoutLo() ([]unix.SockFilter, error) {
	all, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	lo := slices.IndexFunc(all, func(i net.Interface) bool { return i.Flags&net.FlagLoopback != 0 })
	if lo < 0 {
		return nil, errors.New("this machine has no lo")
	}
	program, err := bpf.Assemble([]bpf.Instruction{
		bpf.LoadExtension{Num: bpf.ExtInterfaceIndex},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(all[lo].Index), SkipTrue: 1},
		bpf.RetConstant{Val: largest},
		bpf.RetConstant{Val: 0},
	})
	if err != nil {
		return nil, err
	}
	out := make([]unix.SockFilter, len(program))
	for i, r := range program {
		out[i] = unix.SockFilter{Code: r.Op, Jt: r.Jt, Jf: r.Jf, K: r.K}
	}
	return out, nil
}

// read waits for the next frame.
func (c *capture) read() (crossing, error) {
	buffer := make([]byte, largest)
	var n int
	var from unix.Sockaddr
	var failed error
	err := c.raw.Read(func(fd uintptr) bool {
		n, from, failed = unix.Recvfrom(int(fd), buffer, 0)
		return !errors.Is(failed, unix.EAGAIN)
	})
	if err == nil {
		err = failed
	}
	if err != nil {
		return crossing{}, err
	}
	link, is := from.(*unix.SockaddrLinklayer)
	if !is {
		return crossing{}, fmt.Errorf("a frame from %T", from)
	}
	return crossing{link.Ifindex, link.Pkttype == unix.PACKET_OUTGOING, ethernet(link, slices.Clone(buffer[:n]))}, nil
}

// ethernet puts the header of Ethernet before a packet of an interface without one, so that all are
// read alike. lo and many others have that header though they are no Ethernet.
func ethernet(from *unix.SockaddrLinklayer, b []byte) []byte {
	switch from.Hatype {
	case unix.ARPHRD_ETHER, unix.ARPHRD_LOOPBACK:
		return b
	}
	return append(binary.NativeEndian.AppendUint16(make([]byte, 12), from.Protocol), b...)
}

// lost is an error if the kernel had no room for a frame (packet(7), PACKET_STATISTICS).
func (c *capture) lost() error {
	var stats *unix.TpacketStats
	var failed error
	err := c.raw.Control(func(fd uintptr) {
		stats, failed = unix.GetsockoptTpacketStats(int(fd), unix.SOL_PACKET, unix.PACKET_STATISTICS)
	})
	if err = errors.Join(err, failed); err == nil && stats.Drops > 0 {
		err = fmt.Errorf("the capture lost %d of %d frames", stats.Drops, stats.Packets)
	}
	return err
}

func (c *capture) Close() error { return c.file.Close() }
