package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/vishvananda/netlink"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// sends is the environment variable that makes this program one which sends a frame, given in
// hexadecimal, over the device own, or over one that it makes first if the name is another.
const sends, over = "WATCH_TEST_SENDS", "WATCH_TEST_OVER"

// own is the device of the machine under watch: a private host.
const own = "own0"

func TestMain(m *testing.M) {
	child.Main()
	if frame, is := os.LookupEnv(sends); is {
		if err := emit(os.Getenv(over), frame); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(7)
		}
		os.Exit(0)
	}
	os.Exit(privatehost.Within(m.Run))
}

func emit(name, frame string) error {
	b, err := hex.DecodeString(frame)
	if err != nil || len(b) == 0 {
		return err
	}
	if name == own {
		return sendOn(name, b)
	}
	end, err := wire.OpenTAP(name)
	if err == nil {
		err = errors.Join(sendOn(name, b), end.Close())
	}
	return err
}

// plugged gives this machine, which must be a private host, a device with an address for examples,
// and a neighbour.
func plugged(t *testing.T) {
	t.Helper()
	_, err := privatehost.Probe() // without private hosts this would be the machine itself
	unable.Skip(t, err)
	end, err := wire.OpenTAP(own)
	unable.Skip(t, err)
	t.Cleanup(func() { _ = end.Close() })
	link, err := netlink.LinkByName(own)
	if err == nil {
		err = os.WriteFile("/proc/sys/net/ipv6/conf/"+own+"/disable_ipv6", []byte("1"), 0)
	}
	address, _ := netlink.ParseAddr("192.0.2.2/24")
	if err == nil {
		err = errors.Join(netlink.LinkSetUp(link), netlink.AddrAdd(link, address),
			netlink.NeighSet(&netlink.Neigh{LinkIndex: link.Attrs().Index, State: netlink.NUD_PERMANENT, IP: net.IPv4(192, 0, 2, 1),
				HardwareAddr: net.HardwareAddr{2, 0, 0, 0, 0, 9}}))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// cable makes frames between two stations that are not the kit's.
var cable = &wire.Cable{Host: wire.Station{MAC: net.HardwareAddr{2, 0, 0, 0, 0, 1}}, Peer: wire.Station{MAC: net.HardwareAddr{2, 0, 0, 0, 0, 2}}}

func udp(source, destination string, payload ...byte) []byte {
	return cable.UDP(wire.Packet{Source: netip.MustParseAddrPort(source), Destination: netip.MustParseAddrPort(destination), Payload: payload})
}

func query(name string) []byte {
	b := gopacket.NewSerializeBuffer()
	message := &layers.DNS{ID: 1, RD: true, Questions: []layers.DNSQuestion{{Name: []byte(name), Type: layers.DNSTypeA, Class: layers.DNSClassIN}}}
	if err := message.SerializeTo(b, gopacket.SerializeOptions{FixLengths: true}); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// unreachable is an ICMP error about a packet.
func unreachable(about []byte) []byte {
	const ethernetHeader = 14
	p := gopacket.NewPacket(udp("192.0.2.2:1", "192.0.2.1:1"), layers.LayerTypeEthernet, gopacket.Default)
	ip := p.NetworkLayer().(*layers.IPv4)
	ip.Protocol = layers.IPProtocolICMPv4
	b := gopacket.NewSerializeBuffer()
	err := gopacket.SerializeLayers(b, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, p.LinkLayer().(*layers.Ethernet), ip,
		&layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(layers.ICMPv4TypeDestinationUnreachable, 3)}, gopacket.Payload(about[ethernetHeader:]))
	if err != nil {
		panic(err)
	}
	return b.Bytes()
}

func toKit(frame []byte) []byte {
	copy(frame, privatehost.Stations()[1].MAC)
	return frame
}

// TestWatch lets a command send over the device of a private host, and over one that it makes
// itself, while it is watched.
func TestWatch(t *testing.T) {
	unable.Long(t, "it watches hosts with cables")
	plugged(t)
	addr := netip.MustParseAddr
	for _, row := range []struct {
		name  string
		frame []byte
		says  string // empty if the frame is none of the kit's
	}{
		{"nothing", nil, ""},
		{"to the neighbour of the machine", udp("192.0.2.2:4000", "192.0.2.1:53", query("www.example.com")...), ""},
		{"to the world", udp("10.0.0.1:4000", "8.8.8.8:443"), ""},
		{"question for the neighbour", cable.WhoHas(addr("192.0.2.2"), addr("192.0.2.1")), ""},
		{"request for an address", udp("0.0.0.0:68", "255.255.255.255:67"), ""},
		{"to 127.0.0.1", udp("192.0.2.2:4000", "127.0.0.1:7"), "127.0.0.1, which is of this host"},
		{"from 127.0.0.2", udp("127.0.0.2:4000", "192.0.2.1:7"), "127.0.0.2, which is of this host"},
		{"to none", udp("192.0.2.2:4000", "0.0.0.0:7"), "0.0.0.0, which is of this host"},
		{"question in the name of 127.0.0.1", cable.WhoHas(addr("127.0.0.1"), addr("192.0.2.1")), "127.0.0.1, which"},
		{"question for an address for examples", cable.WhoHas(addr("192.0.2.2"), addr("203.0.113.1")), "203.0.113.1, which is for examples"},
		{"segment to an address for examples", cable.SYN(wire.Packet{Source: netip.MustParseAddrPort("192.0.2.2:40000"),
			Destination: netip.MustParseAddrPort("198.51.100.2:7")}, 1), "198.51.100.2, which is for examples"},
		{"to ::1", udp("[fd00::2]:4000", "[::1]:7"), "::1, which is of this host"},
		{"from ::1", udp("[::1]:4000", "[2001:4860:4860::8888]:7"), "::1, which is of this host"},
		{"to ::ffff:127.0.0.1", udp("[fd00::2]:4000", "[::ffff:127.0.0.1]:7"), "::ffff:127.0.0.1, which is of this host"},
		{"to a prefix of the kit", udp("[fd00::2]:4000", "[fd4c:4d58::2]:7"), "fd4c:4d58::2, which is for examples"},
		{"solicitation", cable.Solicit(addr("fd00::2"), addr("::1")), "::1, which is of this host"},
		{"error about 127.0.0.1", unreachable(udp("127.0.0.1:4000", "192.0.2.2:7")), "127.0.0.1, which is of this host"},
		{"query", udp("192.0.2.2:4000", "192.0.2.1:53", query("foo.LOCALHOST")...), `a question for "foo.localhost"`},
		{"reverse query", udp("192.0.2.2:4000", "192.0.2.1:53", query("2.0.0.127.in-addr.arpa")...), "a question for"},
		{"multicast query", udp("192.0.2.2:5353", "224.0.0.251:5353", query("localhost")...), "a question for"},
		{"to a station of the kit", toKit(udp("10.0.0.1:4000", "8.8.8.8:443")), "the hardware address 02:6c:6d"},
	} {
		for _, device := range []string{own, "new0"} {
			t.Run(row.name+" over "+device, func(t *testing.T) {
				var said strings.Builder
				command := exec.Command(os.Args[0])
				command.Env = append(os.Environ(), sends+"="+hex.EncodeToString(row.frame), over+"="+device)
				status, err := watch(command, &said)
				switch {
				case row.says == "" && (status != 0 || err != nil):
					t.Errorf("status %d, %v, and it says:\n%s", status, err, said.String())
				case row.says != "" && (status != exitOffended || !strings.Contains(said.String(), row.says) || !strings.Contains(said.String(), "watch: 1 frames of the kit")):
					t.Errorf("status %d, %v, want one frame with %q, and it says:\n%s", status, err, row.says, said.String())
				}
			})
		}
	}
}

// TestAnswers spares whoever answers over an interface that was there, and nobody else: not who
// speaks over another one, nor loopback.
func TestAnswers(t *testing.T) {
	const old, young = 1, 2
	segment := func(from, to string) []byte {
		return cable.SYN(wire.Packet{Source: netip.MustParseAddrPort(from), Destination: netip.MustParseAddrPort(to)}, 1)
	}
	asks, answers := segment("10.0.0.1:40000", "203.0.113.80:80"), segment("203.0.113.80:80", "10.0.0.1:40000")
	for name, row := range map[string]struct {
		all      []crossing
		offended int
	}{
		"asked and answered":         {[]crossing{{old, true, asks}, {old, false, answers}}, 0},
		"not answered":               {[]crossing{{old, true, asks}}, 1},
		"answered elsewhere":         {[]crossing{{old, true, asks}, {young, false, answers}}, 2},
		"another one":                {[]crossing{{old, true, segment("10.0.0.1:40000", "203.0.113.81:80")}, {old, false, answers}}, 1},
		"loopback that would answer": {[]crossing{{old, true, segment("10.0.0.1:40000", "127.0.0.1:80")}, {old, false, segment("127.0.0.1:80", "10.0.0.1:40000")}}, 1},
	} {
		m := machine{map[int]string{old: "eth0"}, map[netip.Addr]bool{}}
		var said strings.Builder
		if got := m.tell(&said, row.all); got != row.offended {
			t.Errorf("%s: %d frames of the kit, want %d:\n%s", name, got, row.offended, said.String())
		}
	}
}

// TestFailingCommand keeps the command's own status.
func TestFailingCommand(t *testing.T) {
	plugged(t)
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), sends+"=not hexadecimal")
	if status, err := watch(command, &strings.Builder{}); status != 7 || err != nil {
		t.Errorf("status %d, %v", status, err)
	}
	if status, err := watch(exec.Command("/nonexistent"), &strings.Builder{}); status != exitKit || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("status %d, %v", status, err)
	}
}

// TestLost notices that the kernel had no room for a frame.
func TestLost(t *testing.T) {
	plugged(t)
	c, err := open(1) // the kernel makes it some kilobytes
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if err := c.lost(); err != nil {
		t.Error(err)
	}
	frame := udp("10.0.0.1:4000", "8.8.8.8:443", make([]byte, 1000)...)
	for range 100 {
		if err := sendOn(own, frame); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.lost(); err == nil || !strings.Contains(err.Error(), "lost") {
		t.Error(err)
	}
}

// TestNoMarker can't say anything with a capture that has ended.
func TestNoMarker(t *testing.T) {
	plugged(t)
	c, err := open(bufferSize)
	if err != nil {
		t.Fatal(err)
	}
	l := follow(c)
	if err := errors.Join(l.mark("before"), c.Close()); err != nil {
		t.Fatal(err)
	}
	if err := l.mark("after"); err == nil || !strings.Contains(err.Error(), "marker after") {
		t.Error(err)
	}
}
