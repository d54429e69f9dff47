package sock_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// TestScope ends a scope: what was opened in it does nothing any more, and is closed.
func TestScope(t *testing.T) {
	d := &double{}
	stack, scope := sock.Scoped(d)
	s, err := stack.Socket(sock.Inet, sock.UDP)
	if err != nil {
		t.Fatal(err)
	}
	c, _, err := s.Accept(0)
	if err != nil {
		t.Fatal(err)
	}
	scope.End()
	d.calls = nil
	_, unopened := stack.Socket(sock.Inet, sock.UDP)
	_, _, unaccepted := s.Accept(0)
	_, unread := c.Recv(1, 0)
	for name, err := range map[string]error{"socket": unopened, "accept": unaccepted, "recv": unread,
		"connect": c.Connect(doublePeer, 0), "sendto": c.SendTo(nil, doublePeer)} {
		if !errors.Is(err, sock.ErrEnded) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(d.calls) > 0 {
		t.Errorf("calls went through: %q", d.calls)
	}
	scope.Close()
	if want := []string{"close", "close"}; !slices.Equal(d.calls, want) {
		t.Errorf("calls are %q, want %q", d.calls, want)
	}
}
