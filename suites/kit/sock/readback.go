package sock

import (
	"errors"
	"fmt"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// ErrIgnored is behind the error of an option that was taken without an error and is not in force.
var ErrIgnored = errors.New("accepted and ignored")

// reading is how an option that was set reads afterwards.
type reading int

const (
	unread   reading = iota // it can't be read, or the system may give another value than the one that was asked for
	asSwitch                // not 0, if it is on: the BSDs give the bit of a switch
	asNumber                // the number that was set
)

var readings = map[Option]reading{
	ReuseAddr: asSwitch, ReusePort: asSwitch, ExclusiveAddr: asSwitch, Broadcast: asSwitch, V6Only: asSwitch,
	RecvTTL: asSwitch, MulticastLoop: asSwitch, DontRoute: asSwitch,
	TTL: asNumber, MulticastTTL: asNumber, MulticastIf: asNumber,
	BindDevice: asNumber, BindIndex: asNumber, UnicastIf: asNumber, BoundIf: asNumber,
}

// ReadBack returns an error if an option that this socket has just taken is not in force: it reads
// otherwise, or the system does not know it when it is read. That is what a system does that lets
// options pass which it does not have (gVisor: SO_BINDTOIFINDEX). It returns nil where the system
// can't tell.
func ReadBack(s Socket, o Option, v int) error {
	how := readings[o]
	if how == unread || o == MulticastIf && s.Family() == Inet { // an address on some systems
		return nil
	}
	got, err := s.Option(o)
	switch {
	case IsErrno(err, "ENOPROTOOPT"):
		return ignored("the system does not know it when it is read")
	case err != nil:
		return nil //nolint:nilerr // the system can't tell
	case got == v, how == asSwitch && got != 0 && v != 0:
		return nil
	default:
		return ignored(fmt.Sprintf("it reads %d", got))
	}
}

// ignored gives the error of an option that is not in force: to a program it is one that the system
// does not have.
func ignored(why string) error {
	return &Error{Op: "setsockopt", Outcome: observation.Unsupported, Err: fmt.Errorf("%w: %s", ErrIgnored, why)}
}
