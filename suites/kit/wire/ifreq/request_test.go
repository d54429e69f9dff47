package ifreq

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// everywhere are the systems and architectures for which x/sys knows the numbers.
var everywhere = []string{"darwin/amd64", "darwin/arm64", "dragonfly/amd64", "freebsd/386", "freebsd/amd64", "freebsd/arm64",
	"netbsd/386", "netbsd/amd64", "netbsd/arm64", "openbsd/386", "openbsd/amd64", "openbsd/arm64"}

func system(t *testing.T, where string) System {
	t.Helper()
	goos, goarch, _ := strings.Cut(where, "/")
	s, err := For(goos, goarch)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// constants reads the numbers that the headers of a system gave to x/sys.
func constants(t *testing.T, where string) map[string]uint64 {
	t.Helper()
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", "golang.org/x/sys/unix").Output()
	unable.Skip(t, err)
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "zerrors_"+strings.ReplaceAll(where, "/", "_")+".go"))
	unable.Skip(t, err)
	known := map[string]uint64{}
	for _, line := range regexp.MustCompile(`(?m)^\t(\w+)\s+= (0x[0-9a-f]+)$`).FindAllStringSubmatch(string(text), -1) {
		if known[line[1]], err = strconv.ParseUint(line[2], 0, 64); err != nil {
			t.Fatal(err)
		}
	}
	return known
}

// TestNumbers compares every number with that of the system's own headers, where x/sys has it.
func TestNumbers(t *testing.T) {
	v4 := netip.MustParsePrefix("198.51.100.1/24")
	for _, where := range everywhere {
		known, s := constants(t, where), system(t, where)
		for name, r := range map[string]Request{"SIOCIFCREATE": s.Create("x"), "SIOCIFDESTROY": s.Destroy("x"),
			"SIOCGIFFLAGS": s.Flags("x"), "SIOCSIFFLAGS": s.WithUp(s.Flags("x"), true), "SIOCAIFADDR": s.Address("x", v4),
			"SIOCDIFADDR": s.RemoveAddress("x", v4.Addr()), "SIOCSIFLLADDR": s.SetMAC("x", make(net.HardwareAddr, 6))} {
			switch {
			case strings.HasPrefix(where, "netbsd") && name == "SIOCSIFLLADDR":
				name = "SIOCALIFADDR"
			case strings.HasPrefix(where, "freebsd") && name == "SIOCAIFADDR":
				continue // x/sys has that of FreeBSD 9; see TestWritten
			}
			if want := known[name]; uint64(r.Number) != want {
				t.Errorf("%s: %s is %#x, and the headers say %#x", where, name, r.Number, want)
			}
		}
		if want := known["AF_INET6"]; uint64(s.inet6) != want {
			t.Errorf("%s: AF_INET6 is %d and not %d", where, want, s.inet6)
		}
		if known["AF_INET"] != inet || known["AF_LINK"] != link || known["IFF_UP"] != up {
			t.Errorf("%s: AF_INET is %d, AF_LINK %d, IFF_UP %d", where, known["AF_INET"], known["AF_LINK"], known["IFF_UP"])
		}
	}
}

// TestWritten compares with numbers that x/sys does not have, computed by hand from the headers.
func TestWritten(t *testing.T) {
	v4, v6 := netip.MustParsePrefix("198.51.100.1/24"), netip.MustParsePrefix("fd4c:4d58::1/64")
	for _, c := range []struct {
		where  string
		r      func(System) Request
		number uintptr
	}{
		{"netbsd/386", func(s System) Request { return s.Address("x", v6) }, 0x8080696b},
		{"netbsd/amd64", func(s System) Request { return s.Address("x", v6) }, 0x8080696b},
		{"netbsd/amd64", System.Name, 0x40906500},
		{"netbsd/386", System.Name, 0x40906500},
		{"freebsd/386", func(s System) Request { return s.Address("x", v6) }, 0x807c691b},
		{"freebsd/amd64", func(s System) Request { return s.Address("x", v6) }, 0x8088691b},
		{"freebsd/386", func(s System) Request { return s.Address("x", v4) }, 0x8044692b},
		{"freebsd/amd64", func(s System) Request { return s.Address("x", v4) }, 0x8044692b},
		{"openbsd/386", func(s System) Request { return s.Address("x", v6) }, 0x8080691a},
		{"openbsd/amd64", func(s System) Request { return s.Address("x", v6) }, 0x8080691a},
		{"dragonfly/amd64", func(s System) Request { return s.Address("x", v6) }, 0x8080691a},
		{"darwin/arm64", func(s System) Request { return s.Address("x", v6) }, 0x8080691a},
		{"netbsd/386", func(s System) Request { return s.RemoveAddress("x", v6.Addr()) }, 0x81206919},
	} {
		r := c.r(system(t, c.where))
		if r.Number != c.number || len(r.Data) != int(c.number>>16&0x1fff) {
			t.Errorf("%s: %#x with %d bytes, want %#x", c.where, r.Number, len(r.Data), c.number)
		}
	}
}

func TestUnknownSystem(t *testing.T) {
	if _, err := For("plan9", "amd64"); err == nil {
		t.Error("no error")
	}
}

// fields says that these bytes stand at these offsets, and nothing but zeroes elsewhere.
func fields(t *testing.T, r Request, want map[int]string) {
	t.Helper()
	all := make([]byte, len(r.Data))
	for at, text := range want {
		b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		copy(all[at:], b)
	}
	if !bytes.Equal(all, r.Data) {
		t.Errorf("wrote\n%swant\n%s", hex.Dump(r.Data), hex.Dump(all))
	}
}

const tap0 = "74617030" // "tap0"

func TestAddressIPv4(t *testing.T) {
	for _, where := range everywhere {
		fields(t, system(t, where).Address("tap0", netip.MustParsePrefix("198.51.100.1/24")), map[int]string{
			0: tap0, 16: "10 02 0000 c6336401", 32: "10 02 0000 c63364ff", 48: "10 02 0000 ffffff00"})
	}
}

func TestAddressIPv6(t *testing.T) {
	for where, at := range map[string]int{"netbsd/386": 120, "netbsd/amd64": 120, "freebsd/386": 112, "freebsd/amd64": 120} {
		family := fmt.Sprintf("%02x", system(t, where).inet6)
		fields(t, system(t, where).Address("tap0", netip.MustParsePrefix("fd4c:4d58::1/64")), map[int]string{
			0: tap0, 16: "1c" + family, 24: "fd4c4d58 00000000 00000000 00000001",
			72: "1c" + family, 80: "ffffffffffffffff", at: "ffffffffffffffff"})
	}
}

func TestLinkAddress(t *testing.T) {
	mac := net.HardwareAddr{2, 'l', 'm', 0, 0, 1}
	fields(t, system(t, "freebsd/amd64").SetMAC("tap0", mac), map[int]string{0: tap0, 16: "06 12 02 6c6d 0000 01"})
	n := system(t, "netbsd/386")
	fields(t, n.SetMAC("tap0", mac), map[int]string{0: tap0, 16: "0040", 24: "14 12 0000 06 00 06 00 02 6c6d 0000 01"})
	if n.LinkFamily() != link || system(t, "darwin/arm64").LinkFamily() != inet {
		t.Error("the wrong family of sockets")
	}
}

func TestFlagsStay(t *testing.T) {
	for _, where := range everywhere {
		s := system(t, where)
		answer := s.Flags("tap0")
		copy(answer.Data[16:], []byte{0x02, 0x88, 0x07}) // broadcast, simplex, multicast, and something behind
		fields(t, s.WithUp(answer, true), map[int]string{0: tap0, 16: "03 88 07"})
		answer.Data[16] = 3
		fields(t, s.WithUp(answer, false), map[int]string{0: tap0, 16: "02 88 07"})
	}
}

func TestNames(t *testing.T) {
	s := system(t, "netbsd/386")
	r := s.Create("a-name-that-is-far-too-long")
	if got := r.NameIn(); got != "a-name-that-is-" {
		t.Error(got)
	}
	if got := s.Name().NameIn(); got != "" {
		t.Error(got)
	}
	fields(t, s.RemoveAddress("tap0", netip.MustParseAddr("127.0.0.1")), map[int]string{0: tap0, 16: "10 02 0000 7f000001"})
	fields(t, s.RemoveAddress("tap0", netip.MustParseAddr("::2")), map[int]string{0: tap0, 16: "1c 18", 39: "02"})
}
