package wire_test

import (
	"net"
	"net/netip"
	"sync"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// memory is an end of a cable in memory: the test plays the host.
type memory struct {
	leaving  chan []byte
	arrived  chan []byte
	close    sync.Once
	unplug   chan struct{}
	breaking error
}

func newMemory() *memory {
	return &memory{leaving: make(chan []byte, 100), arrived: make(chan []byte, 100), unplug: make(chan struct{})}
}

func (m *memory) Read(b []byte) (int, error) {
	select {
	case f, open := <-m.leaving:
		if !open {
			return 0, m.breaking
		}
		return copy(b, f), nil
	case <-m.unplug:
		return 0, net.ErrClosed
	}
}

func (m *memory) Write(b []byte) (int, error) {
	m.arrived <- append([]byte(nil), b...)
	return len(b), nil
}

func (m *memory) Close() error {
	m.close.Do(func() { close(m.unplug) })
	return nil
}

// blank is a cable that is plugged nowhere, with two stations.
func blank() *wire.Cable {
	return &wire.Cable{Name: "wire0", Index: 7, Kind: "memory",
		Host: wire.Station{MAC: net.HardwareAddr{2, 0, 0, 0, 0, 1}, IPv4: netip.MustParseAddr("198.51.100.1"), IPv6: netip.MustParseAddr("fd4c:4d58::1")},
		Peer: wire.Station{MAC: net.HardwareAddr{2, 0, 0, 0, 0, 2}, IPv4: netip.MustParseAddr("198.51.100.2"), IPv6: netip.MustParseAddr("fd4c:4d58::2")}}
}

// plugged is that cable with an end in memory.
func plugged(t *testing.T) (*wire.Cable, *memory) {
	t.Helper()
	m := newMemory()
	c := wire.Plug(blank(), m)
	t.Cleanup(func() { _ = c.Close() })
	return c, m
}

// mirrored is the cable seen from the host: what it makes are the frames of the host.
func mirrored() *wire.Cable {
	c := blank()
	c.Host, c.Peer = c.Peer, c.Host
	return c
}

func port(address string, number uint16) netip.AddrPort {
	return netip.AddrPortFrom(netip.MustParseAddr(address), number)
}
