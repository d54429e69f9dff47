package targets

import (
	"errors"
	"io"
	"strings"
	"testing"
)

// TestBounded copies as a process's output is copied, which takes any short cut that the buffer
// offers.
func TestBounded(t *testing.T) {
	for n, fits := range map[int]bool{0: true, 100: true, 101: false, 100000: false} {
		b := bounded{limit: 100}
		_, err := io.Copy(&b, struct{ io.Reader }{strings.NewReader(strings.Repeat("y", n))})
		if (err == nil) != fits || !errors.Is(err, b.refused) || fits != (b.buffer.Len() == n) {
			t.Errorf("of %d bytes it took %d: %v, %v", n, b.buffer.Len(), err, b.refused)
		}
	}
}
