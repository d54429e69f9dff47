package wire_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// inNamespace is the environment variable that tells a child of this test which end to try.
const inNamespace = "LOOPMATRIX_WIRE_TEST"

// cannot precedes the error of an end that can't be had here.
const cannot = "can't have it: "

func TestMain(m *testing.M) {
	kind, child := os.LookupEnv(inNamespace)
	if !child {
		os.Exit(m.Run())
	}
	if err := tryEnd(kind); err != nil {
		fmt.Println(err) // the parent reads it
		os.Exit(1)
	}
	os.Exit(0)
}

// TestEnds sends through each kind of cable, both ways, in a network namespace of a child process.
func TestEnds(t *testing.T) {
	for _, kind := range []string{"tap", "veth"} {
		t.Run(kind, func(t *testing.T) {
			child := exec.Command(os.Args[0])
			child.Env = append(os.Environ(), inNamespace+"="+kind)
			child.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
			if os.Geteuid() != 0 {
				child.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
				child.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Geteuid(), Size: 1}}
				child.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getegid(), Size: 1}}
			}
			out, err := child.Output()
			var failed *exec.ExitError
			if !errors.As(err, &failed) {
				unable.Skip(t, err) // no namespace
				return
			}
			if why, is := strings.CutPrefix(string(out), cannot); is {
				unable.Skip(t, errors.New(strings.TrimSpace(why)))
			}
			t.Errorf("%s%s", out, failed.Stderr)
		})
	}
}

// tryEnd is what the child does.
func tryEnd(kind string) error {
	open := map[string]func(string) (wire.End, error){"tap": wire.OpenTAP, "veth": wire.OpenVeth}[kind]
	end, err := open("end0")
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.EPERM) {
		return fmt.Errorf("%s%w", cannot, err)
	}
	if err != nil {
		return err
	}
	c := blank()
	if err := configure("end0", c.Host); err != nil {
		return err
	}
	wire.Plug(c, end)
	if err := bothWays(c); err != nil {
		return err
	}
	if err := c.Close(); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	if _, err := end.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("read after close: %w", err)
	}
	_, err = netlink.LinkByName("end0")
	if kind == "tap" && err == nil { // that of a veth pair lives as long as the second namespace
		return errors.New("the device outlives its end")
	}
	return nil
}

func configure(name string, own wire.Station) error {
	link, err := netlink.LinkByName(name)
	if err != nil {
		return err
	}
	address := &netlink.Addr{IPNet: &net.IPNet{IP: own.IPv4.AsSlice(), Mask: net.CIDRMask(24, 32)}}
	return errors.Join(netlink.LinkSetHardwareAddr(link, own.MAC), netlink.LinkSetUp(link), netlink.AddrAdd(link, address))
}

// bothWays lets the host send to the neighbour, for which it must ask by ARP first, and the
// neighbour to the host.
func bothWays(c *wire.Cable) error {
	const port = 4242
	s, err := net.ListenUDP("udp4", &net.UDPAddr{IP: c.Host.IPv4.AsSlice(), Port: port})
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	if _, err := s.WriteToUDP([]byte("out"), &net.UDPAddr{IP: c.Peer.IPv4.AsSlice(), Port: port}); err != nil {
		return fmt.Errorf("the host sends: %w", err)
	}
	if _, err := c.Await(0, func(f wire.Frame) bool {
		return f.Direction == wire.Out && string(f.Read().Payload) == "out"
	}, long); err != nil {
		return fmt.Errorf("what the host sends: %w", err)
	}
	frame := c.UDP(wire.Packet{Source: netip.AddrPortFrom(c.Peer.IPv4, port), Destination: netip.AddrPortFrom(c.Host.IPv4, port), Payload: []byte("in")})
	if err := c.Inject(frame); err != nil {
		return fmt.Errorf("the neighbour sends: %w", err)
	}
	b := make([]byte, 10)
	n, from, err := s.ReadFromUDP(b)
	if err != nil || string(b[:n]) != "in" || !from.IP.Equal(c.Peer.IPv4.AsSlice()) {
		return fmt.Errorf("the host received %q of %v: %w", b[:n], from, err)
	}
	return nil
}
