package target

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/runner/guest"
)

// session follows what the kit in a machine says.
type session struct {
	order Order
	// doing is the step under way, and limit the longest it may take.
	doing string
	limit time.Duration
	// ready: the kernel came to its marker.
	ready    bool
	returned []Returned
	errs     *multierror.Error
}

// errNoMarker is behind the error for a kernel from which nothing was heard.
var errNoMarker = errors.New("no marker from the kernel")

func (s *session) begin(step string, limit time.Duration) {
	s.doing, s.limit = step, limit
	s.order.Step(step)
}

// follow hears messages until the last. The error is that of the step which was not done.
func (s *session) follow(ctx context.Context, messages <-chan guest.Message) error {
	for {
		limit := time.NewTimer(s.limit)
		select {
		case m, more := <-messages:
			limit.Stop()
			switch {
			case !more && ctx.Err() != nil:
				return s.failed(ctx.Err())
			case !more:
				return s.failed(ErrCut)
			case m.Kind == guest.Done:
				return nil
			}
			s.hear(m)
		case <-limit.C:
			if !s.ready {
				return s.failed(fmt.Errorf("%w within %s", errNoMarker, s.limit))
			}
			return s.failed(fmt.Errorf("it was not done within %s", s.limit))
		case <-ctx.Done():
			return s.failed(ctx.Err())
		}
	}
}

func (s *session) failed(err error) error { return fmt.Errorf("%s: %w", s.doing, err) }

func (s *session) hear(m guest.Message) {
	switch m.Kind {
	case guest.Ready:
		s.ready = true
		s.begin("set the machine up", s.order.Limits.Prepare)
	case guest.Failed:
		fmt.Fprintf(s.order.Log, "in the machine: %s\n", m.Text)
	case guest.Runs:
		s.begin("run as "+m.Run, s.order.Limits.Run)
	case guest.Ran:
		r, err := ran(m)
		if err != nil {
			s.errs = multierror.Append(s.errs, s.failed(err))
		}
		if len(r.Report) > 0 {
			s.returned = append(s.returned, r)
		}
		s.begin("after the run as "+m.Run, s.order.Limits.Finish)
	}
}

// ran makes of a run what it returned.
func ran(m guest.Message) (Returned, error) {
	output, err := m.Unpack(maxStream)
	if err != nil {
		return Returned{}, err
	}
	return concluded(User(m.Run), output, m.Code)
}
