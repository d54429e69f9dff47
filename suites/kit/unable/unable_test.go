package unable

import (
	"flag"
	"fmt"
	"testing"
)

// recorder is a test that keeps why it is skipped.
type recorder struct {
	testing.TB
	skipped string
}

func (r *recorder) Helper()          {}
func (r *recorder) Skip(args ...any) { r.skipped = fmt.Sprint(args...) }

func TestLong(t *testing.T) {
	short := flag.Lookup("test.short")
	before := short.Value.String()
	defer func() { _ = short.Value.Set(before) }()
	for _, c := range []struct{ short, system, want string }{
		{"false", "", ""}, {"true", "", "left out by -short: it takes seconds"}, {"true", "1", ""},
	} {
		t.Setenv(EverySystem, c.system)
		if err := short.Value.Set(c.short); err != nil {
			t.Fatal(err)
		}
		r := &recorder{TB: t}
		Long(r, "it takes seconds")
		if r.skipped != c.want {
			t.Errorf("-short=%s, %s=%q: %q, want %q", c.short, EverySystem, c.system, r.skipped, c.want)
		}
	}
}
