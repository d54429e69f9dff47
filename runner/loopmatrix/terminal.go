package main

import (
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/loopmatrix/loopmatrix/reports/render"
)

// plainWidth is for text that goes into a file or a pipe: as wide as a terminal on half a screen.
const plainWidth = 120

// plain is how a text looks in a file.
func plain() render.Terminal { return render.Terminal{Width: plainWidth, ASCII: asciiOnly(os.Getenv)} }

// looking is how a text looks for whoever is looking at standard output: with colours and in the width of the terminal,
// if it is one.
func looking() render.Terminal {
	t := plain()
	fd := int(os.Stdout.Fd())
	if !term.IsTerminal(fd) {
		return t
	}
	if width, _, err := term.GetSize(fd); err == nil && width > 0 {
		t.Width = width
	}
	t.Colour = colourful(os.Getenv)
	return t
}

// colourful says whether a terminal is to show colours (https://no-color.org).
func colourful(env func(string) string) bool { return env("NO_COLOR") == "" && !dumb(env) }

// dumb says whether a terminal knows no escape sequences (terminfo(5)).
func dumb(env func(string) string) bool { return env("TERM") == "dumb" }

// asciiOnly says whether the locale has no characters beyond ASCII that the kit writes: it names an encoding other than
// UTF-8, or is the POSIX locale. Where nothing is said, as in most containers, the terminal outside knows UTF-8.
func asciiOnly(env func(string) string) bool {
	for _, variable := range []string{"LC_ALL", "LC_CTYPE", "LANG"} { // the first that is set decides (locale(7))
		if locale := strings.ToLower(env(variable)); locale != "" {
			return !strings.Contains(locale, "utf-8") && !strings.Contains(locale, "utf8") &&
				(strings.Contains(locale, ".") || locale == "c" || locale == "posix")
		}
	}
	return false
}
