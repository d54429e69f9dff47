package hilbert

import (
	"bytes"
	"fmt"
	"html"
	"image/color"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// mostShapes bounds a thumbnail; a host on which every second address is dead is shown by the PNG.
const mostShapes = 4096

// least is the side of the smallest square that is still seen, in addresses: a single dead one must
// not vanish.
const least = 48

// SVG draws sweeps, which have asked different parts of the block, as a thumbnail with the names of
// the sixteen /12 on it. The title says what it shows; what comes from a report is escaped. What
// nobody has asked is dark where the page is.
func SVG(title string, sweeps ...model.Sweep) ([]byte, error) {
	parts, err := Squares(sweeps...)
	if err != nil {
		return nil, err
	}
	parts = parts[:min(len(parts), mostShapes)]
	for _, s := range sweeps {
		alive, err := few(s)
		if err != nil {
			return nil, err
		}
		parts = append(parts, alive[:min(len(alive), mostShapes)]...)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">`+"\n", Side, Side, html.EscapeString(title))
	fmt.Fprintf(&b, "<title>%s</title>\n", html.EscapeString(title))
	fmt.Fprintf(&b, "<style>@media screen and (prefers-color-scheme: dark) { [fill=%q] { fill: #2b313a } }</style>\n", hex(palette[Unasked]))
	for _, p := range parts {
		x, y, side := p.X, p.Y, p.Side
		if side < least {
			x, y, side = around(x, side), around(y, side), least
		}
		fmt.Fprintf(&b, `<path fill="%s" d="M%d %dh%dv%dh-%dz"/>`+"\n", hex(palette[p.State]), x, y, side, side, side)
	}
	labels(&b)
	b.WriteString("</svg>\n")
	return b.Bytes(), nil
}

// around is where a square that is drawn larger begins, still within the map.
func around(at, side int) int { return min(max(at+side/2-least/2, 0), Side-least) }

// labels writes the name of each /12 into its square.
func labels(b *bytes.Buffer) {
	const side = Side / 4
	b.WriteString(`<g fill="none" stroke="#fff" stroke-opacity=".35" stroke-width="6">` + "\n")
	for i := range 16 {
		x, y := Point(uint32(i), 2)
		fmt.Fprintf(b, `<path d="M%d %dh%dv%dh-%dz"/>`+"\n", x*side, y*side, side, side, side)
	}
	b.WriteString(`</g>` + "\n" + `<g font-family="system-ui,sans-serif" font-size="170" text-anchor="middle" fill="#fff" stroke="#222" stroke-width="18" paint-order="stroke">` + "\n")
	for i := range 16 {
		x, y := Point(uint32(i), 2)
		fmt.Fprintf(b, `<text x="%d" y="%d">127.%d/12</text>`+"\n", x*side+side/2, y*side+side/2+56, i*16)
	}
	b.WriteString("</g>\n")
}

func hex(c color.Color) string {
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}
