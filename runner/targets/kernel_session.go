package targets

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/loopmatrix/loopmatrix/runner/targets/guest"
)

// session follows what the kit in a machine says.
type session struct {
	order Order
	user  User
	// doing is the step under way, and limit the longest it may take.
	doing string
	limit time.Duration
	// ready: the kernel came to its marker.
	ready bool
}

// errNoMarker is behind the error for a kernel that wrote nothing.
var errNoMarker = errors.New("no marker from the kernel")

func (s *session) begin(step string, limit time.Duration) {
	s.doing, s.limit = step, limit
	s.order.Step(step)
}

// follow reads messages until the last, and makes of it what was returned.
func (s *session) follow(ctx context.Context, messages <-chan guest.Message) (Returned, error) {
	for {
		m, err := s.next(ctx, messages)
		if err != nil {
			return Returned{}, err
		}
		switch m.Kind {
		case guest.Ready:
			s.ready = true
			s.begin("run as "+string(s.user), s.order.Limits.Run)
		case guest.Failed:
			fmt.Fprintf(s.order.Log, "in the machine: %s\n", m.Text)
		case guest.Done:
			return s.conclude(m)
		}
	}
}

// next waits for a message as long as the step may take.
func (s *session) next(ctx context.Context, messages <-chan guest.Message) (guest.Message, error) {
	limit := time.NewTimer(s.limit)
	defer limit.Stop()
	var m guest.Message
	select {
	case m, more := <-messages:
		if more {
			return m, nil
		}
		return m, s.failed(cmp.Or(ctx.Err(), ErrCut))
	case <-ctx.Done():
		return m, s.failed(ctx.Err())
	case <-limit.C:
	}
	if !s.ready {
		return m, s.failed(fmt.Errorf("%w within %s", errNoMarker, s.limit))
	}
	return m, s.failed(fmt.Errorf("it was not done within %s", s.limit))
}

func (s *session) conclude(m guest.Message) (Returned, error) {
	output, err := m.Unpack(maxStream)
	if err != nil {
		return Returned{}, s.failed(err)
	}
	returned, err := concluded(s.user, output, m.Code)
	if err != nil {
		err = s.failed(err)
	}
	return returned, err
}

func (s *session) failed(err error) error { return fmt.Errorf("%s: %w", s.doing, err) }
