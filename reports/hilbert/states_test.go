package hilbert

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// TestStates draws one address for each outcome.
func TestStates(t *testing.T) {
	for outcome, want := range map[observation.Outcome]State{
		observation.OK: Alive, observation.Refused: Refused, observation.Denied: Barred, observation.Unavailable: Barred, observation.Unreachable: Barred,
		observation.Timeout: Silent, observation.Lost: Silent, observation.Astray: Odd, "": Odd,
	} {
		all, err := Squares(model.Sweep{Prefix: "127.0.0.0/9", Exceptions: []model.Exception{{CIDR: "127.0.0.0/32", Outcome: outcome}}})
		if err != nil {
			t.Fatal(err)
		}
		if got := all[len(all)-1].State; got != want {
			t.Errorf("%q is drawn as %v, want %v", outcome, got, want)
		}
	}
}

// TestWhatIsLeft: what an interrupted sweep has not come to looks like what nobody has asked.
func TestWhatIsLeft(t *testing.T) {
	img, err := Picture(model.Sweep{Prefix: "127.0.0.0/8", Left: []string{"127.128.0.0/9"}})
	if err != nil {
		t.Fatal(err)
	}
	for offset, want := range map[uint32]State{0: Alive, 1<<23 - 1: Alive, 1 << 23: Unasked, 1<<24 - 1: Unasked} {
		if x, y := Point(offset, order); State(img.Pix[y*img.Stride+x]) != want {
			t.Errorf("address %d is %v, want %v", offset, State(img.Pix[y*img.Stride+x]), want)
		}
	}
}

// TestNonsenseIsNotDrawn: a sweep comes from somebody else's file, and no kind of map draws what is
// no part of the block.
func TestNonsenseIsNotDrawn(t *testing.T) {
	for name, s := range map[string]model.Sweep{
		"prefix":    {Prefix: "10.0.0.0/8"},
		"exception": {Prefix: "127.0.0.0/8", Exceptions: []model.Exception{{CIDR: "128.0.0.0/32"}}},
		"left":      {Prefix: "127.0.0.0/8", Left: []string{"x"}},
	} {
		_, picture := PNG(s)
		_, thumbnail := SVG(name, s)
		_, text := Text(8, false, s)
		_, rest := few(model.Sweep{Prefix: s.Prefix, Exceptions: s.Exceptions, Left: s.Left, Addresses: 4, Delivered: 1})
		for kind, err := range map[string]error{"PNG": picture, "SVG": thumbnail, "text": text, "few": rest} {
			if err == nil {
				t.Errorf("%s: the %s was drawn", name, kind)
			}
		}
	}
}

// TestKey: every colour of a picture is explained, each by words of its own.
func TestKey(t *testing.T) {
	colours, meanings := map[string]bool{}, map[string]bool{}
	for _, sign := range Key() {
		colours[sign.Colour], meanings[sign.Means] = true, true
	}
	if len(colours) != len(palette) || len(meanings) != len(palette) || meanings[""] {
		t.Errorf("%d colours with %d meanings, want %d: %v", len(colours), len(meanings), len(palette), Key())
	}
}
