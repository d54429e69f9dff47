package sock_test

import (
	"errors"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// reader is a socket whose options read as it is told.
type reader struct {
	sock.Socket
	family sock.Family
	value  int
	err    error
}

func (r reader) Family() sock.Family             { return r.family }
func (r reader) Option(sock.Option) (int, error) { return r.value, r.err }

func TestReadBack(t *testing.T) {
	unknown, broken := sock.Errno("getsockopt", "ENOPROTOOPT", 92), sock.Errno("getsockopt", "EINVAL", 22)
	for _, c := range []struct {
		name    string
		option  sock.Option
		set     int
		reads   reader
		ignored bool
	}{
		{"an index that is in force", sock.BindIndex, 2, reader{value: 2}, false},
		{"an index that reads 0", sock.BindIndex, 2, reader{value: 0}, true},
		{"another index", sock.BindDevice, 2, reader{value: 3}, true},
		{"an option that can be set and not be read", sock.BindIndex, 2, reader{err: unknown}, true},
		{"an error that says nothing about the option", sock.BindIndex, 2, reader{err: broken}, false},
		{"a switch that reads as its bit", sock.ReuseAddr, 1, reader{value: 4}, false},
		{"a switch that stays off", sock.V6Only, 1, reader{value: 0}, true},
		{"a switch that stays on", sock.V6Only, 0, reader{value: 1}, true},
		{"a number", sock.TTL, 7, reader{value: 64}, true},
		{"a size, of which systems make another", sock.SendBuffer, 1000, reader{value: 2304}, false},
		{"an interface that some systems read as an address", sock.MulticastIf, 1, reader{value: 0x0100007f}, false},
		{"an interface by its index", sock.MulticastIf, 1, reader{family: sock.Inet6, value: 2}, true},
	} {
		err := sock.ReadBack(c.reads, c.option, c.set)
		if errors.Is(err, sock.ErrIgnored) != c.ignored || (err != nil) != c.ignored {
			t.Errorf("%s: %v", c.name, err)
		}
		if o := sock.Describe(observation.Observation{}, err); c.ignored && (o.Outcome != observation.Unsupported || o.Value == "") {
			t.Errorf("%s: observed as %+v", c.name, o)
		}
	}
}
