package hilbert

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"slices"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// palette are the colours of the states. They differ in brightness as well as in hue, so that they
// can be told apart without seeing red and green.
var palette = color.Palette{
	Unasked: color.RGBA{0xee, 0xee, 0xea, 0xff},
	Alive:   color.RGBA{0x2a, 0x9d, 0x6f, 0xff},
	Refused: color.RGBA{0xe0, 0x9f, 0x1f, 0xff},
	Barred:  color.RGBA{0x5b, 0x2a, 0x86, 0xff},
	Silent:  color.RGBA{0xb3, 0x1b, 0x2c, 0xff},
	Odd:     color.RGBA{0x1d, 0x1d, 0x1f, 0xff},
}

// Sign is what a colour of a map means.
type Sign struct{ Colour, Means string }

// Key lists the colours of pictures and thumbnails: "#2a9d6f" works.
func Key() []Sign {
	out := make([]Sign, len(palette))
	for state, c := range palette {
		out[state] = Sign{hex(c), words[state]}
	}
	return out
}

// Picture draws sweeps, which have asked different parts of the block, with one pixel for each
// address.
func Picture(sweeps ...model.Sweep) (*image.Paletted, error) {
	parts, err := Squares(sweeps...)
	if err != nil {
		return nil, err
	}
	img := image.NewPaletted(image.Rect(0, 0, Side, Side), slices.Clone(palette))
	for _, p := range parts {
		first := img.Pix[p.Y*img.Stride+p.X:][:p.Side]
		for i := range first {
			first[i] = uint8(p.State)
		}
		for y := 1; y < p.Side; y++ {
			copy(img.Pix[(p.Y+y)*img.Stride+p.X:], first)
		}
	}
	return img, nil
}

// PNG is the picture as a file. The same sweeps give the same bytes.
func PNG(sweeps ...model.Sweep) ([]byte, error) {
	img, err := Picture(sweeps...)
	if err != nil {
		return nil, err
	}
	// With more than 16 colours the encoder copies whole lines, which is six times as fast; the
	// file is half as large again.
	for len(img.Palette) <= 16 {
		img.Palette = append(img.Palette, palette[Odd])
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img); err != nil {
		return nil, fmt.Errorf("the picture: %w", err)
	}
	return b.Bytes(), nil
}
