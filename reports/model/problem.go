package model

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/go-multierror"
)

// Problem is one thing that is wrong with a file.
type Problem struct {
	// File is the name of the file.
	File string
	// Path is the place in it, as a JSON path: "results[12].verdict"; empty for the file as a
	// whole.
	Path string
	// Text says what is wrong, and the way out.
	Text string
}

// Error reads "r.json: results[12].verdict: ...". A name with control characters is quoted; in the
// rest they are written as escapes, since place and text repeat what the file holds.
func (p Problem) Error() string {
	parts := []string{printable(p.File), Escaped(clip(p.Path)), Escaped(clip(p.Text))}
	if p.Path == "" {
		parts = slices.Delete(parts, 1, 2)
	}
	return strings.Join(parts, ": ")
}

// Escaped returns a text in which what could garble a terminal (control characters, marks of the
// direction of writing, bytes that are no UTF-8) is an escape as in a Go string: "\x1b".
func Escaped(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return !strconv.IsPrint(r) || r == utf8.RuneError }) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if strconv.IsPrint(r) && (r != utf8.RuneError || size > 1) {
			b.WriteString(s[:size])
		} else {
			quoted := strconv.Quote(s[:size])
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		s = s[size:]
	}
	return b.String()
}

// longest is how long a part of a message gets, in bytes: what it quotes may be as long as the
// file.
const longest = 2000

// clip leaves the middle of a long text out.
func clip(s string) string {
	if len(s) <= longest {
		return s
	}
	return strings.ToValidUTF8(s[:longest/2], "") + " ... " + strings.ToValidUTF8(s[len(s)-longest/2:], "")
}

// Printable quotes a string only if something in it could garble a terminal.
func Printable(s string) string { return printable(s) }

// printable quotes a string only if something in it could garble a terminal.
func printable(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return !strconv.IsPrint(r) }) {
		return strconv.Quote(s)
	}
	return s
}

// shown is how many problems of one file a message lists; more are not read.
const shown = 100

// problems collects everything that is wrong with one file.
type problems struct {
	file string
	all  *multierror.Error
}

// kept is how many problems of one file are kept: more than are shown, and a bound for a file of
// nothing but problems.
const kept = 10 * shown

func (p *problems) add(path, format string, args ...any) {
	if p.all != nil && p.all.Len() >= kept {
		return
	}
	p.all = multierror.Append(p.all, Problem{p.file, path, fmt.Sprintf(format, args...)})
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
