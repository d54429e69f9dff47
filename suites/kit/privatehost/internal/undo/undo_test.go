package undo

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

// noted are kinds that write down what was taken back, in order.
func noted(into *[]string) Kinds {
	note := func(s Step) error { *into = append(*into, strings.Join(s.Args, " ")); return nil }
	return Kinds{"note": note, "fail": func(s Step) error { _ = note(s); return errors.New("no") }}
}

func TestServe(t *testing.T) {
	const one, two = `{"Step":{"Kind":"note","Args":["one"]}}` + "\n", `{"Step":{"Kind":"note","Args":["two"]}}` + "\n"
	for _, c := range []struct {
		name, in string
		taken    []string
		answers  int
		fails    bool
	}{
		{"nothing to do", "", nil, 1, false},
		{"the last first", one + two, []string{"two", "one"}, 3, false},
		{"forgotten", one + two + `{"Forget":true}` + "\n", []string{"one"}, 4, false},
		{"forgotten twice", one + `{"Forget":true}` + "\n" + `{"Forget":true}` + "\n", nil, 4, false},
		{"half a line was never answered", one + two[:len(two)-3], []string{"one"}, 2, false},
		{"nonsense", one + "nonsense\n" + two, []string{"one"}, 2, true},
		{"unknown kind", `{"Step":{"Kind":"what"}}` + "\n" + one, []string{"one"}, 3, true},
		{"a failure keeps nobody from their turn", one + `{"Step":{"Kind":"fail","Args":["bad"]}}` + "\n" + two,
			[]string{"two", "bad", "one"}, 4, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			var taken []string
			var out bytes.Buffer
			err := serve(strings.NewReader(c.in), &out, noted(&taken))
			if !slices.Equal(taken, c.taken) || out.Len() != c.answers || (err != nil) != c.fails {
				t.Errorf("took back %q, answered %d times, %v", taken, out.Len(), err)
			}
		})
	}
}

// TestServeToNobody: whoever can't be answered is gone.
func TestServeToNobody(t *testing.T) {
	in, out := io.Pipe()
	_ = in.Close()
	var taken []string
	if err := serve(strings.NewReader("x\n"), out, noted(&taken)); err != nil || taken != nil {
		t.Errorf("%v, took back %q", err, taken)
	}
}
