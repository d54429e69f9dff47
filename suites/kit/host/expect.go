package host

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/go-multierror"
	"github.com/onsi/gomega"
	"github.com/onsi/gomega/matchers"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Expect is gomega's. Of an error that should not be there the message has the call and the number,
// in one line, where gomega prints the value.
func (h *Host) Expect(actual any, extra ...any) gomega.Assertion {
	a := h.Gomega.Expect(actual, extra...)
	if err, is := actual.(error); is && err != nil {
		return unexpected{a, err}
	}
	return a
}

// unexpected is an assertion about an error.
type unexpected struct {
	gomega.Assertion
	err error
}

func (u unexpected) To(m gomega.OmegaMatcher, description ...any) bool {
	if _, is := m.(*matchers.SucceedMatcher); is {
		return u.To(absent{u.err, description})
	}
	return u.Assertion.To(m, description...)
}

func (u unexpected) NotTo(m gomega.OmegaMatcher, description ...any) bool {
	if _, is := m.(*matchers.HaveOccurredMatcher); is {
		return u.To(absent{u.err, description})
	}
	return u.Assertion.NotTo(m, description...)
}

// absent is a matcher that an error does not match. Its message is the description of the assertion
// and the error.
type absent struct {
	err         error
	description []any // as gomega takes it: a format and its arguments
}

func (absent) Match(any) (bool, error) { return false, nil }

func (m absent) FailureMessage(any) string {
	text := oneLine(m.err)
	if len(m.description) > 0 {
		text = fmt.Sprintf(fmt.Sprint(m.description[0]), m.description[1:]...) + ": " + text
	}
	if e, is := errors.AsType[*sock.Error](m.err); is && e.Outcome == observation.Exhausted && sock.Shortage(e.Errno) != "" {
		text = "the kit ran out of " + sock.Shortage(e.Errno) + ": " + text
	}
	return text
}

func (m absent) NegatedFailureMessage(actual any) string { return m.FailureMessage(actual) }

// oneLine is sock.Reason, with several errors behind one another.
func oneLine(err error) string {
	several, is := err.(*multierror.Error) //nolint:errorlint // one that is wrapped has words of its own around it
	if !is {
		return sock.Reason(err)
	}
	all := make([]string, len(several.Errors))
	for i, e := range several.Errors {
		all[i] = oneLine(e)
	}
	return strings.Join(all, "; ")
}
