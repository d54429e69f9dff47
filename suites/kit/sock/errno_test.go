package sock

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func TestEveryClassIsAnOutcome(t *testing.T) {
	for name, class := range classes {
		if !slices.Contains(observation.Outcomes(), class) || class == observation.OK || class == observation.Failed {
			t.Errorf("%s has the class %q", name, class)
		}
		if portable(name) != name {
			t.Errorf("%s has a class, but is never seen: it becomes %s", name, portable(name))
		}
	}
	if got := ClassOf("ENOENT"); got != observation.Failed {
		t.Errorf("a name without a class is %q", got)
	}
}

func TestPortableNames(t *testing.T) {
	for name, want := range map[string]string{"EWOULDBLOCK": "EAGAIN", "ENOTSUP": "EOPNOTSUPP", "EINVAL": "EINVAL", "": ""} {
		if got := portable(name); got != want {
			t.Errorf("%s becomes %s, want %s", name, got, want)
		}
	}
}

func TestWinsock(t *testing.T) {
	for number, want := range map[int]struct {
		name  string
		class observation.Outcome
	}{
		10013: {"EACCES", observation.Denied},
		10022: {"EINVAL", observation.Invalid},
		10024: {"EMFILE", observation.Exhausted},
		10040: {"EMSGSIZE", observation.TooBig},
		10042: {"ENOPROTOOPT", observation.Unsupported},
		10047: {"EAFNOSUPPORT", observation.Unsupported},
		10048: {"EADDRINUSE", observation.InUse},
		10049: {"EADDRNOTAVAIL", observation.Unavailable},
		10051: {"ENETUNREACH", observation.Unreachable},
		10054: {"ECONNRESET", observation.Refused},
		10060: {"ETIMEDOUT", observation.Timeout},
		10061: {"ECONNREFUSED", observation.Refused},
		10065: {"EHOSTUNREACH", observation.Unreachable},
		10067: {"", observation.Failed}, // WSAEPROCLIM has no POSIX name
	} {
		e := Winsock("connect", number)
		if e.Errno != want.name || e.Outcome != want.class || e.Number != number || e.Op != "connect" {
			t.Errorf("%d: %+v, want %s, %s", number, *e, want.name, want.class)
		}
	}
}

func TestWinsockNamesArePortable(t *testing.T) {
	for number, name := range winsock {
		if strings.HasPrefix(name, "WSA") || portable(name) != name {
			t.Errorf("%d is called %s", number, name)
		}
	}
}

func TestErrorText(t *testing.T) {
	for want, e := range map[string]*Error{
		"bind: EADDRNOTAVAIL (99)": Errno("bind", "EADDRNOTAVAIL", 99),
		"bind: EADDRNOTAVAIL":      Errno("bind", "EADDRNOTAVAIL", 0),
		"connect: timeout":         TimedOut("connect"),
		"recvmsg: EOF":             {Op: "recvmsg", Outcome: observation.Failed, Err: io.EOF},
	} {
		if got := e.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if e := (&Error{Err: io.EOF}); !errors.Is(e, io.EOF) {
		t.Error("the cause is hidden")
	}
}

func TestDescribe(t *testing.T) {
	for _, c := range []struct {
		err  error
		want observation.Observation
	}{
		{nil, observation.Observation{Outcome: observation.OK}},
		{Errno("bind", "EACCES", 13), observation.Observation{Outcome: observation.Denied, Errno: "EACCES", Number: 13}},
		{TimedOut("bind"), observation.Observation{Outcome: observation.Timeout}},
		{io.EOF, observation.Observation{Outcome: observation.Failed, Value: "EOF"}},
	} {
		if got := Describe(observation.Observation{}, c.err); got.Outcome != c.want.Outcome || got.Errno != c.want.Errno ||
			got.Number != c.want.Number || got.Value != c.want.Value {
			t.Errorf("%v: %+v", c.err, got)
		}
	}
	if !IsErrno(Errno("bind", "EACCES", 13), "EACCES") || IsErrno(io.EOF, "EACCES") || IsErrno(nil, "") {
		t.Error("IsErrno")
	}
}
