package targets

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
)

// ErrCommand is behind the error for a text that is no command.
var ErrCommand = errors.New("that is no command")

// Words splits a command as a POSIX shell does, but expands nothing: blanks part words, '…' takes
// everything as it is, "…" as well but for \" and \\, and \ takes the next character as it is. On
// Windows \ is a character like others, since paths are made of it.
func Words(command string) ([]string, error) { return words(command, runtime.GOOS != "windows") }

func words(command string, escapes bool) ([]string, error) {
	var out []string
	var word strings.Builder
	in, quote, escaped := false, rune(0), false
	for _, c := range command {
		switch {
		case c == 0:
			return nil, fmt.Errorf("%w: it holds a zero byte", ErrCommand)
		case escaped:
			if quote == '"' && c != '"' && c != '\\' {
				word.WriteRune('\\')
			}
			word.WriteRune(c)
			escaped = false
		case c == '\\' && escapes && quote != '\'':
			in, escaped = true, true
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(c)
		case c == '\'', c == '"':
			in, quote = true, c
		case strings.ContainsRune(" \t\n", c):
			if in {
				out = append(out, word.String())
				word.Reset()
			}
			in = false
		default:
			in = true
			word.WriteRune(c)
		}
	}
	switch {
	case quote != 0:
		return nil, fmt.Errorf("%w: a %c is not closed", ErrCommand, quote)
	case escaped:
		return nil, fmt.Errorf("%w: it ends in a \\", ErrCommand)
	case in:
		out = append(out, word.String())
	}
	if len(out) == 0 || out[0] == "" {
		return nil, fmt.Errorf("%w: it names no program", ErrCommand)
	}
	return out, nil
}
