package main

import (
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/runner/progress"
)

// plainWidth is for text that goes into a file or a pipe: as wide as a terminal on half a screen.
const plainWidth = 120

// plain returns how a text looks in a file.
func plain() render.Terminal { return render.Terminal{Width: plainWidth, ASCII: asciiOnly(os.Getenv)} }

// looking returns how a text looks on standard output: with colours and in the width of the
// terminal, if it is one.
func looking() render.Terminal {
	t := plain()
	fd := int(os.Stdout.Fd())
	if !term.IsTerminal(fd) {
		t.ASCII = t.ASCII || misread(os.Getenv, outputCodePage())
		return t
	}
	if width, _, err := term.GetSize(fd); err == nil && width > 0 {
		t.Width = width
	}
	t.Colour = colourful(os.Getenv)
	return t
}

// display returns where the progress of a run is shown. A kit on a target shows how far sweeps are,
// and nothing else.
func (f runFlags) display() *progress.Display {
	return &progress.Display{To: os.Stderr, Bars: term.IsTerminal(int(os.Stderr.Fd())) && !dumb(os.Getenv) && !f.bundle,
		ASCII: asciiOnly(os.Getenv), Every: f.verbose, Quiet: f.quiet && !f.bundle, Amounts: f.quiet && f.bundle}
}

// colourful reports whether a terminal is to show colours (https://no-color.org).
func colourful(env func(string) string) bool { return env("NO_COLOR") == "" && !dumb(env) }

// dumb reports whether a terminal takes no escape sequences (terminfo(5)).
func dumb(env func(string) string) bool { return env("TERM") == "dumb" }

// utf8CodePage is Windows's number for UTF-8.
const utf8CodePage = 65001

// misread reports whether what reads standard output from a pipe takes UTF-8 for something else: on
// Windows, more and PowerShell read it in the code page of the console, which a ✓ in UTF-8 turns
// into three letters. A page of 0 means that there is no such console; a locale, as Git's bash sets
// it, says what the terminal behind the pipe shows.
func misread(env func(string) string, page uint32) bool {
	return page != 0 && page != utf8CodePage && locale(env) == ""
}

// locale returns the one that holds for characters, in lower case; empty if none is set.
func locale(env func(string) string) string {
	for _, variable := range []string{"LC_ALL", "LC_CTYPE", "LANG"} { // the first that is set decides (locale(7))
		if l := env(variable); l != "" {
			return strings.ToLower(l)
		}
	}
	return ""
}

// asciiOnly reports whether the locale has no characters beyond ASCII that the kit writes: it names
// an encoding other than UTF-8, or is the POSIX locale. Where nothing is said, as in most
// containers, the terminal outside shows UTF-8.
func asciiOnly(env func(string) string) bool {
	l := locale(env)
	return !strings.Contains(l, "utf-8") && !strings.Contains(l, "utf8") && (strings.Contains(l, ".") || l == "c" || l == "posix")
}
