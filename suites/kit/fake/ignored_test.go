package fake

import (
	"errors"
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// TestIgnoredOption sets options on a machine that accepts and ignores one of them: the call fails,
// and the transcript says why under the option's own name.
func TestIgnoredOption(t *testing.T) {
	m := Linux()
	m.Ignored = []sock.Option{sock.BindIndex}
	traced, transcript := sock.Trace(stack{m, process{}})
	s, err := traced.Socket(sock.Inet, sock.UDP)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetOption(sock.BindDevice, 2); err != nil {
		t.Errorf("an option that is in force: %v", err)
	}
	if err := s.SetOption(sock.BindIndex, 2); !errors.Is(err, sock.ErrIgnored) || sock.OutcomeOf(err) != observation.Unsupported {
		t.Errorf("an option that is ignored: %v", err)
	}
	const want = "setsockopt(s1, SO_BINDTOIFINDEX, 2) = accepted and ignored: it reads 0"
	if lines := strings.Join(transcript.Lines(), "\n"); !strings.Contains(lines, want) {
		t.Errorf("the transcript says:\n%s", lines)
	}
}
