package sweep

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// binder is the lane of Bind: a UDP socket for each address, bound and closed. All are bound to one
// port, which was free on 0.0.0.0: to choose one for each address would cost more than to bind it.
type binder struct {
	stack sock.Stack
	// one binds an address and says what came of it.
	one  func(f *Field, o Offset, port uint16) Code
	port uint16
}

func newBinder(p Plan) (lane, error) {
	b := &binder{stack: p.stack()}
	if p.Stack == nil {
		b.one = rawBind()
	}
	if b.one == nil {
		b.one = b.bind
	}
	return b, b.choose()
}

func (b *binder) choose() (err error) {
	b.port, err = FreePort(b.stack, sock.UDP)
	return err
}

// FreePort returns a port that no socket held on 0.0.0.0 a moment ago, and so on no address of the
// block. The error is that of socket, bind or getsockname.
func FreePort(stack sock.Stack, t sock.Type) (uint16, error) {
	s, err := stack.Socket(sock.Inet, t)
	if err != nil {
		return 0, err
	}
	defer func() { _ = s.Close() }()
	if err := s.Bind(netip.AddrPortFrom(netip.IPv4Unspecified(), 0)); err != nil {
		return 0, err
	}
	name, err := s.Name()
	return name.Port(), err
}

// bind is one by the stack, call by call.
func (b *binder) bind(f *Field, o Offset, port uint16) Code {
	s, err := b.stack.Socket(sock.Inet, sock.UDP)
	if err == nil {
		err = s.Bind(netip.AddrPortFrom(o.Addr(), port))
		_ = s.Close()
	}
	if err != nil {
		return f.codeOf(err)
	}
	return OK
}

func (b *binder) first(f *Field, from, to Offset) error {
	for o := from; o < to; o++ {
		if f.codes[o] == Unasked {
			f.codes[o] = b.try(f, o, false)
		}
	}
	return nil
}

// again tries the addresses on which another process may have taken the port in the meantime with
// another one.
func (b *binder) again(f *Field, from, to Offset, last bool) error {
	if err := b.choose(); err != nil {
		return err
	}
	for o := from; o < to; o++ {
		if f.codes[o] == Missing {
			f.codes[o] = b.try(f, o, last)
		}
	}
	return nil
}

func (b *binder) try(f *Field, o Offset, last bool) Code {
	c := b.one(f, o, b.port)
	if c == OK {
		return c
	}
	if r := f.Result(c); !last && (r.Outcome == observation.InUse || r.Outcome == observation.Exhausted) {
		return Missing
	}
	return c
}

func (*binder) losses() (lost, of int) { return 0, 1 << 20 } // nothing is sent, so nothing is lost

func (*binder) close() error { return nil }
