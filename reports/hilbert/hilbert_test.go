package hilbert

import (
	"bytes"
	"encoding/xml"
	"image/png"
	"net/netip"
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

var linux = model.Sweep{Protocol: "udp", Prefix: "127.0.0.0/8", Addresses: 1 << 24, Delivered: 1<<24 - 1,
	Exceptions: []model.Exception{{CIDR: "127.255.255.255/32", Outcome: observation.Denied, Errno: "EACCES"}}}

// bsd answers on 127.0.0.1 alone.
func bsd() model.Sweep {
	s := model.Sweep{Protocol: "udp", Prefix: "127.0.0.0/8", Addresses: 1 << 24, Delivered: 1}
	for _, cidr := range []string{"127.0.0.0/32", "127.0.0.2/31", "127.0.0.4/30"} {
		s.Exceptions = append(s.Exceptions, model.Exception{CIDR: cidr, Outcome: observation.Unreachable, Errno: "ENETUNREACH"})
	}
	for bits := 29; bits > 8; bits-- {
		offset := 1 << (32 - bits)
		s.Exceptions = append(s.Exceptions, model.Exception{CIDR: cidr(offset, bits), Outcome: observation.Unreachable, Errno: "ENETUNREACH"})
	}
	return s
}

func cidr(offset, bits int) string {
	return strings.Join([]string{"127", num(offset >> 16), num(offset >> 8), num(offset)}, ".") + "/" + num(bits)
}

func num(n int) string {
	const digits = "0123456789"
	n &= 255
	if n < 10 {
		return digits[n : n+1]
	}
	return num(n/10) + digits[n%10:n%10+1]
}

// TestPoint walks along the curve: every step goes to a neighbour, and every point is met once.
func TestPoint(t *testing.T) {
	const levels = 6
	met := map[[2]int]bool{}
	px, py := 0, 0
	for d := range uint32(1 << (2 * levels)) {
		x, y := Point(d, levels)
		if d == 0 && (x != 0 || y != 0) {
			t.Fatalf("it begins at %d, %d", x, y)
		}
		if step := abs(x-px) + abs(y-py); d > 0 && step != 1 {
			t.Fatalf("step %d is from %d, %d to %d, %d", d, px, py, x, y)
		}
		met[[2]int{x, y}] = true
		px, py = x, y
	}
	if px != 1<<levels-1 || py != 0 || len(met) != 1<<(2*levels) {
		t.Errorf("it ends at %d, %d after %d points", px, py, len(met))
	}
}

func abs(n int) int { return max(n, -n) }

// TestPixels compares the picture with where each address lies.
func TestPixels(t *testing.T) {
	s := bsd()
	img, err := Picture(s)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[State]int{}
	for _, p := range img.Pix {
		counts[State(p)]++
	}
	if counts[Alive] != 1 || counts[Barred] != 1<<24-1 {
		t.Errorf("%v, want one that works", counts)
	}
	x, y := Point(1, order)
	if State(img.Pix[y*img.Stride+x]) != Alive {
		t.Errorf("127.0.0.1 at %d, %d does not work", x, y)
	}
	if img, err = Picture(linux); err != nil {
		t.Fatal(err)
	}
	if State(img.Pix[Side-1]) != Barred { // the upper right corner is 127.255.255.255
		t.Error("the corner is not missing")
	}
}

func TestEveryPrefixIsItsAddresses(t *testing.T) {
	for _, cidr := range []string{"127.16.0.0/13", "127.3.0.0/17", "127.9.8.0/24", "127.9.8.6/31", "127.255.255.255/32"} {
		img, err := Picture(model.Sweep{Prefix: cidr})
		if err != nil {
			t.Fatal(err)
		}
		p := netip.MustParsePrefix(cidr)
		a := p.Addr().As4()
		first, size := uint32(a[1])<<16|uint32(a[2])<<8|uint32(a[3]), uint32(1)<<(32-p.Bits())
		for d := first; d < first+size; d++ {
			if x, y := Point(d, order); State(img.Pix[y*img.Stride+x]) != Alive {
				t.Fatalf("%s: address %d is not drawn", cidr, d)
			}
		}
		if n := bytes.Count(img.Pix, []byte{byte(Alive)}); n != int(size) {
			t.Errorf("%s: %d pixels, want %d", cidr, n, size)
		}
	}
}

func TestNoPartOfTheBlock(t *testing.T) {
	for _, cidr := range []string{"", "10.0.0.0/8", "126.0.0.0/7", "::1/128", "127.0.0.1"} {
		if _, err := Squares(model.Sweep{Prefix: cidr}); err == nil {
			t.Errorf("%q was drawn", cidr)
		}
	}
}

func TestPNG(t *testing.T) {
	b, err := PNG(linux)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil || img.Bounds().Dx() != Side || img.Bounds().Dy() != Side {
		t.Errorf("%v, %v", img.Bounds(), err)
	}
	if again, _ := PNG(linux); !bytes.Equal(b, again) {
		t.Error("the same sweep gives other bytes")
	}
}

func TestSVG(t *testing.T) {
	b, err := SVG(`udp on <script>"x"`, linux)
	if err != nil {
		t.Fatal(err)
	}
	var any struct{ XMLName xml.Name }
	if err := xml.Unmarshal(b, &any); err != nil || strings.Contains(string(b), "<script>") {
		t.Errorf("%v: %s", err, b)
	}
	for _, want := range []string{"127.0/12", "127.240/12", `fill="#5b2a86"`} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %s", want)
		}
	}
}

// TestOneAddressIsSeen wants the only one that works, or that does not, upon everything that is
// drawn larger than it is.
func TestOneAddressIsSeen(t *testing.T) {
	for name, c := range map[string]struct {
		sweep model.Sweep
		want  State
	}{"linux-like": {linux, Barred}, "bsd-like": {bsd(), Alive}} {
		b, err := SVG(name, c.sweep)
		if err != nil {
			t.Fatal(err)
		}
		shapes, _, _ := strings.Cut(string(b), "<g ")
		last := shapes[strings.LastIndex(shapes, "<path"):]
		if !strings.Contains(last, hex(palette[c.want])) || !strings.Contains(last, "h48v48") {
			t.Errorf("%s: the last is %s", name, last)
		}
	}
}

func TestText(t *testing.T) {
	for name, c := range map[string]struct {
		sweep []model.Sweep
		want  string
	}{
		"linux-like": {[]model.Sweep{linux}, "#######%\n########\n########\n########\n# works   % some work   \n"},
		"bsd-like":   {[]model.Sweep{bsd()}, "%xxxxxxx\nxxxxxxxx\nxxxxxxxx\nxxxxxxxx\nx the system says no   % some work   \n"},
		"a half":     {[]model.Sweep{{Prefix: "127.0.0.0/9"}}, "####    \n####    \n####    \n####    \n  not asked   # works   \n"},
		"both ends":  {[]model.Sweep{{Prefix: "127.0.0.0/12"}, {Prefix: "127.240.0.0/12"}}, "##    ##\n        \n        \n        \n  not asked   # works   \n"},
	} {
		got, err := Text(8, false, c.sweep...)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
	coloured, err := Text(64, true, linux)
	if err != nil || strings.Count(string(coloured), "▀") != 64*32 {
		t.Errorf("%v: %s", err, coloured)
	}
}
