package resolve

import (
	"errors"
	"net/netip"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// addressesIn reads the output of getent and getaddrinfo(1): each line holds one address, in the
// first column or, after type, family and protocol, in the fourth.
func addressesIn(output string) []netip.Addr {
	var out []netip.Addr
	for line := range strings.Lines(output) {
		for _, field := range strings.Fields(line) {
			if a, err := netip.ParseAddr(field); err == nil {
				out = append(out, a)
				break
			}
		}
	}
	return out
}

// namesIn reads the answer of `getent hosts` for an address: the name, then its aliases, behind the
// address. OpenBSD's shows the address in place of a name if there is none.
func namesIn(op, output string) ([]string, error) {
	fields := strings.Fields(firstLine(output))
	if len(fields) < 2 {
		return nil, &Error{Op: op, Outcome: observation.NoAnswer}
	}
	if _, err := netip.ParseAddr(fields[1]); err == nil {
		return nil, &Error{Op: op, Outcome: observation.NoAnswer}
	}
	return fields[1:], nil
}

// complaints are the texts of gai_strerror that getaddrinfo(1) writes, those of NetBSD and of older
// and newer FreeBSD.
var complaints = []struct {
	text, code string
	outcome    observation.Outcome
}{
	{"Temporary failure", "EAI_AGAIN", observation.Failed},
	{"at this time", "EAI_AGAIN", observation.Failed},
	{"Non-recoverable", "EAI_FAIL", observation.Failed},
	{"No address associated", "EAI_NODATA", observation.NoAnswer},
	{"Address family for hostname", "EAI_ADDRFAMILY", observation.NoAnswer},
	{"not known", "EAI_NONAME", observation.NoAnswer},
	{"does not resolve", "EAI_NONAME", observation.NoAnswer},
}

// complaint is the error of a command that wrote this.
func complaint(op, stderr string) error {
	for _, c := range complaints {
		if strings.Contains(stderr, c.text) {
			return &Error{Op: op, Code: c.code, Outcome: c.outcome}
		}
	}
	return &Error{Op: op, Outcome: observation.Failed, Err: errors.New(firstLine(stderr))}
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

func outcomeOf(err error) observation.Outcome {
	var e *Error
	switch {
	case err == nil:
		return observation.OK
	case errors.As(err, &e):
		return e.Outcome
	default:
		return observation.Failed
	}
}
