package targets

import (
	"errors"
	"slices"
	"testing"
)

func TestCommandWords(t *testing.T) {
	for _, c := range []struct {
		command string
		want    []string // nil for what is no command
		windows []string // if that is another
	}{
		{`python3 stack.py`, []string{"python3", "stack.py"}, nil},
		{" a \t b\n", []string{"a", "b"}, nil},
		{`sh -c 'exec "$0" $1; true'`, []string{"sh", "-c", `exec "$0" $1; true`}, nil},
		{`a "b c" d"e"'f' ""`, []string{"a", "b c", "def", ""}, nil},
		{`a b\ c \'`, []string{"a", "b c", "'"}, []string{}},
		{`a "\"\\\n"`, []string{"a", `"\\n`}, []string{}},
		{`C:\py\python.exe "C:\my stacks\s.py"`, []string{"C:pypython.exe", `C:\my stacks\s.py`}, []string{`C:\py\python.exe`, `C:\my stacks\s.py`}},
		{`a 'b`, nil, nil},
		{`a "b`, nil, nil},
		{`a b\`, nil, []string{"a", `b\`}},
		{``, nil, nil},
		{` `, nil, nil},
		{`"" a`, nil, nil},
		{"a\x00b", nil, nil},
	} {
		if got, err := words(c.command, true); !slices.Equal(got, c.want) || (err == nil) != (c.want != nil) || err != nil && !errors.Is(err, ErrCommand) {
			t.Errorf("%q gives %q, %v", c.command, got, err)
		}
		if c.windows == nil {
			c.windows = c.want
		}
		if got, err := words(c.command, false); len(c.windows) > 0 && !slices.Equal(got, c.windows) || c.windows == nil && err == nil {
			t.Errorf("on Windows %q gives %q, %v", c.command, got, err)
		}
	}
}
