package wire

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// packetSniffer is a packet socket (packet(7)).
type packetSniffer struct {
	fd   int
	link string
}

func sniff(name string) (Sniffer, error) {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("packet socket: %w", err)
	}
	link, index, err := linkOf(fd, name)
	if err == nil {
		err = unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: everything, Ifindex: index})
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("packet socket on %s: %w", name, err), unix.Close(fd))
	}
	return &packetSniffer{fd, link}, nil
}

// linkOf reads the link type and the index of an interface. lo has a type of its own, but its
// frames have the header of Ethernet (eth_header in loopback_setup), and libpcap calls them so.
func linkOf(fd int, name string) (link string, index int, err error) {
	hardware, err := unix.NewIfreq(name)
	if err == nil {
		err = unix.IoctlIfreq(fd, unix.SIOCGIFHWADDR, hardware)
	}
	if err != nil {
		return "", 0, err
	}
	place, err := unix.NewIfreq(name)
	if err == nil {
		err = unix.IoctlIfreq(fd, unix.SIOCGIFINDEX, place)
	}
	if err != nil {
		return "", 0, err
	}
	switch kind := hardware.Uint16(); kind {
	case unix.ARPHRD_LOOPBACK, unix.ARPHRD_ETHER:
		link = "EN10MB"
	case unix.ARPHRD_NONE:
		link = "RAW"
	default:
		link = fmt.Sprint("ARPHRD ", kind)
	}
	return link, int(place.Uint32()), nil
}

func (s *packetSniffer) LinkType() string { return s.link }

func (s *packetSniffer) Captured() ([]byte, error) {
	var all []byte
	frame := make([]byte, 1<<16)
	for {
		n, err := unix.Read(s.fd, frame)
		switch {
		case errors.Is(err, unix.EAGAIN):
			return all, nil
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return all, fmt.Errorf("read the capture: %w", err)
		default:
			all = append(all, frame[:n]...)
		}
	}
}

func (s *packetSniffer) Close() error { return unix.Close(s.fd) }
