//go:build unix

package sock

import (
	"encoding/binary"
	"net/netip"

	"golang.org/x/sys/unix"
)

// parseControl reads the control messages that RecvInfo and RecvTTL ask for. What was not asked for
// is passed over.
func parseControl(control []byte, m *Message) error {
	all, err := unix.ParseSocketControlMessage(control)
	if err != nil {
		return err
	}
	for _, c := range all {
		switch c.Header.Level {
		case unix.IPPROTO_IP:
			parseControl4(int(c.Header.Type), c.Data, m)
		case unix.IPPROTO_IPV6:
			parseControl6(int(c.Header.Type), c.Data, m)
		}
	}
	return nil
}

// parseControl6 reads an in6_pktinfo and a hop limit (RFC 3542 6.1, 6.2, 6.3).
func parseControl6(kind int, data []byte, m *Message) {
	switch {
	case kind == unix.IPV6_PKTINFO && len(data) >= 20:
		m.To = netip.AddrFrom16([16]byte(data))
		m.Index = int(binary.NativeEndian.Uint32(data[16:]))
	case kind == unix.IPV6_HOPLIMIT && len(data) >= 4:
		m.TTL = int(binary.NativeEndian.Uint32(data))
	}
}
