package hilbert

import (
	"bytes"
	"fmt"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// mixed is a part of a coarse map in which some addresses work and others don't.
const mixed = Odd + 1

// Text draws sweeps coarsely with so many columns, a power of two up to 128, in half blocks: each
// character is two squares above each other. Without colour, letters tell the states. A square with
// a single exception shows it.
func Text(columns int, colour bool, sweeps ...model.Sweep) ([]byte, error) {
	parts, err := Squares(sweeps...)
	if err != nil {
		return nil, err
	}
	cells := coarse(parts, columns)
	var b bytes.Buffer
	for y := 0; y < columns; y += 2 {
		for x := range columns {
			upper, lower := cells[y][x], cells[y+1][x]
			if colour {
				fmt.Fprintf(&b, "\x1b[38;5;%dm\x1b[48;5;%dm▀", shade[upper], shade[lower])
			} else {
				b.WriteByte(letter[worse(upper, lower)])
			}
		}
		if colour {
			b.WriteString("\x1b[0m")
		}
		b.WriteByte('\n')
	}
	b.WriteString(legend(cells, colour))
	return b.Bytes(), nil
}

// The states as colours of a terminal with 256 of them, and as letters.
var (
	shade  = [...]int{Unasked: 254, Alive: 35, Refused: 178, Barred: 54, Silent: 124, Odd: 234, mixed: 231}
	letter = [...]byte{Unasked: ' ', Alive: '#', Refused: 'r', Barred: 'x', Silent: '.', Odd: 'o', mixed: '%'}
	words  = [...]string{Unasked: "not asked", Alive: "works", Refused: "refused", Barred: "the system says no", Silent: "silent or lost", Odd: "other", mixed: "some work"}
)

// worse is what one character without colour shows of two squares.
func worse(a, b State) State {
	if a == b {
		return a
	}
	return mixed
}

// coarse reads for each square of the coarse map what its addresses have in common.
func coarse(parts []Square, columns int) [][]State {
	size := Side / columns
	cells := make([][]State, columns)
	for y := range cells {
		cells[y] = make([]State, columns)
	}
	for _, p := range parts {
		for y := p.Y / size; y*size < p.Y+p.Side; y++ {
			for x := p.X / size; x*size < p.X+p.Side; x++ {
				if p.Side >= size {
					cells[y][x] = p.State
				} else if cells[y][x] != p.State {
					cells[y][x] = mixed
				}
			}
		}
	}
	return cells
}

// legend explains what is on the map.
func legend(cells [][]State, colour bool) string {
	var on [mixed + 1]bool
	for _, row := range cells {
		for i := range row {
			on[row[i]] = true
		}
	}
	out := ""
	for state, is := range on {
		switch {
		case !is:
		case colour:
			out += fmt.Sprintf("\x1b[38;5;%dm█\x1b[0m %s   ", shade[state], words[state])
		default:
			out += fmt.Sprintf("%c %s   ", letter[state], words[state])
		}
	}
	return out + "\n"
}
