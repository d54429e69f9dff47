package model

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/go-multierror"
)

// Problem is one thing that is wrong with a file.
type Problem struct {
	// File is the name of the file.
	File string
	// Path is the place in it, as a JSON path: "results[12].verdict"; empty for the file as a whole.
	Path string
	// Text says what is wrong, and the way out.
	Text string
}

// Error reads "r.json: results[12].verdict: ...". A name with control characters is quoted.
func (p Problem) Error() string {
	parts := []string{printable(p.File), p.Path, p.Text}
	if p.Path == "" {
		parts = []string{printable(p.File), p.Text}
	}
	return strings.Join(parts, ": ")
}

// printable quotes a string only if something in it could garble a terminal.
func printable(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return !strconv.IsPrint(r) }) {
		return strconv.Quote(s)
	}
	return s
}

// shown is how many problems of one file a message lists; more are not read by anybody.
const shown = 100

// longest is how long the text of a problem gets, in bytes: what it quotes may be as long as the file.
const longest = 2000

// problems collects everything that is wrong with one file.
type problems struct {
	file string
	all  *multierror.Error
}

func (p *problems) add(path, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest/2], "") + " ... " + strings.ToValidUTF8(text[len(text)-longest/2:], "")
	}
	p.all = multierror.Append(p.all, Problem{p.file, path, text})
	p.all.ErrorFormat = Lines
}

// unless adds a problem if a condition does not hold.
func (p *problems) unless(holds bool, path, format string, args ...any) {
	if !holds {
		p.add(path, format, args...)
	}
}

// Lines is a format for go-multierror: one problem a line.
func Lines(all []error) string {
	var b strings.Builder
	for i, err := range all {
		if i == shown {
			fmt.Fprintf(&b, "\nand %d more", len(all)-shown)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(err.Error())
	}
	return b.String()
}
