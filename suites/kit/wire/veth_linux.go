package wire

import (
	"errors"
	"fmt"
	"os"
	"runtime"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// OpenVeth makes a veth pair: one end of this name in the network namespace of this process, the
// other in a second namespace under a packet socket. It serves where /dev/net/tun can't be opened.
// The kernel removes both with the second namespace, which lives as long as the packet socket and
// this process.
func OpenVeth(name string) (End, error) {
	made := make(chan error, 1)
	var end End
	go func() {
		// The thread belongs to the second namespace from here on. It is never unlocked, so it ends
		// with this goroutine.
		runtime.LockOSThread()
		fd, err := farEnd(name)
		if err == nil {
			end = newFile(fd, "veth")
		}
		made <- err
	}()
	if err := <-made; err != nil {
		return nil, fmt.Errorf("make veth pair %s: %w", name, err)
	}
	return end, nil
}

func farEnd(name string) (fd int, err error) {
	near, err := netns.Get()
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, near.Close()) }()
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		return 0, fmt.Errorf("second network namespace: %w", err)
	}
	// The far end must say nothing of its own.
	if err := os.WriteFile("/proc/sys/net/ipv6/conf/default/disable_ipv6", []byte("1"), 0); err != nil && !errors.Is(err, os.ErrNotExist) {
		return 0, err
	}
	pair := &netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: "far"}, PeerName: name, PeerNamespace: netlink.NsFd(int(near))}
	if err := netlink.LinkAdd(pair); err != nil {
		return 0, err
	}
	if err := netlink.LinkSetUp(pair); err != nil {
		return 0, err
	}
	return packetSocket(pair.Index)
}

// everything is the protocol of a packet socket that takes all frames, in network byte order
// (packet(7)).
const everything = unix.ETH_P_ALL<<8&0xff00 | unix.ETH_P_ALL>>8

// packetSocket opens a packet socket on an interface that sees what comes in and not what it sends
// itself. What it sends bypasses the queue of the interface, which drops everything until the
// kernel has noticed in a work queue that the other end is up (linkwatch_run_queue).
func packetSocket(index int) (int, error) {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return 0, fmt.Errorf("packet socket: %w", err)
	}
	err = unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_IGNORE_OUTGOING, 1)
	if err == nil {
		err = unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_QDISC_BYPASS, 1)
	}
	if err == nil {
		err = unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: everything, Ifindex: index})
	}
	if err != nil {
		_ = unix.Close(fd)
		return 0, fmt.Errorf("packet socket: %w", err)
	}
	return fd, nil
}
