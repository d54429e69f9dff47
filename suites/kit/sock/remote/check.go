package remote

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

var (
	errnoName = regexp.MustCompile(`^[A-Z][A-Z0-9_]{0,39}$`)
	callName  = regexp.MustCompile(`^[a-zA-Z0-9_ ]{1,40}$`)
)

// valid returns an error for an answer that is none to this request. A failure has its text made
// fit for a report.
func (a *response) valid(q request) error {
	if a.Error != nil {
		return a.Error.valid()
	}
	switch q.Call {
	case "socket", "accept":
		if a.Socket <= 0 {
			return fmt.Errorf("\"socket\" is %d; it takes a number above 0", a.Socket)
		}
		if q.Call == "accept" && !a.Address.IsValid() {
			return errors.New("\"address\" is missing, that of the peer")
		}
	case "getsockname", "getpeername":
		if !a.Address.IsValid() {
			return errors.New("\"address\" is missing")
		}
	case "recvmsg":
		return a.datagram(q)
	}
	return nil
}

func (a *response) datagram(q request) error {
	switch {
	case len(a.Data) > q.Size:
		return fmt.Errorf("\"data\" has %d bytes, and %d are the most that were asked for", len(a.Data), q.Size)
	case a.TTL != nil && (*a.TTL < 0 || *a.TTL > 255):
		return fmt.Errorf("\"ttl\" is %d; it takes 0 to 255", *a.TTL)
	case a.Interface < 0:
		return fmt.Errorf("\"interface\" is %d; it takes an index", a.Interface)
	}
	return nil
}

func (f *failure) valid() error {
	if f.Errno != "" && !errnoName.MatchString(f.Errno) {
		return fmt.Errorf("\"errno\" is %.60q; it takes the name of an error number, such as EADDRINUSE", f.Errno)
	}
	if f.Outcome != "" && (f.Outcome == observation.OK || !slices.Contains(observation.Outcomes(), f.Outcome)) {
		return fmt.Errorf("\"outcome\" is %.60q, which is none of an error", f.Outcome)
	}
	if !callName.MatchString(f.Call) {
		return fmt.Errorf("\"call\" is %.60q; it takes the name of the call that failed", f.Call)
	}
	f.Text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, f.Text)
	f.Text = strings.ToValidUTF8(f.Text[:min(len(f.Text), mostWords)], "")
	return nil
}

// String returns what a request is, for messages: "bind on socket 4".
func (q request) String() string {
	if q.Socket == 0 {
		return q.Call
	}
	return fmt.Sprintf("%s on socket %d", q.Call, q.Socket)
}
