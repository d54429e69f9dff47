package sweep

import (
	"net/netip"
	"time"

	"golang.org/x/net/icmp"
	"golang.org/x/net/ipv4"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// newCarrier opens the sockets of a worker: with batched calls if they are there and the stack is
// this machine's.
func newCarrier(p Plan, nonce [8]byte) (carrier, error) {
	if p.Stack == nil {
		if c, has, err := batched(p, nonce); has {
			return c, err
		}
	}
	if p.Protocol == ICMP {
		return newPings(p.stack(), nonce, p.Broadcast)
	}
	return newSingles(p.stack(), nonce, p.Broadcast)
}

// stack is what sockets are opened from, one call at a time.
func (p Plan) stack() sock.Stack {
	if p.Stack != nil {
		return p.Stack
	}
	return sock.Guard(sock.Kernel(), 0, nil) // what would leave was taken out before (Plan.Leaving); a sweep asks for no option that needs the loopback interface
}

// singles is the carrier of stacks without batched calls: one system call for each datagram.
type singles struct {
	out, in  sock.Socket
	nonce    [8]byte
	port     uint16
	request  [payloadSize]byte
	arrivals [batch]arrival
	encode   func(payload []byte) ([]byte, error)                  // what goes around the payload
	decode   func(sock.Message) (b []byte, at Offset, inside bool) // and what is inside it
}

// newSingles sends from one UDP socket to another on 0.0.0.0.
func newSingles(s sock.Stack, nonce [8]byte, broadcast bool) (*singles, error) {
	in, err := s.Socket(sock.Inet, sock.UDP)
	if err != nil {
		return nil, err
	}
	c := &singles{in: in, nonce: nonce, encode: func(b []byte) ([]byte, error) { return b, nil }}
	// A system that does not tell the destination is believed that it was the right one; it is all
	// that can be seen.
	tells := in.SetOption(sock.RecvInfo, 1) == nil
	c.decode = func(m sock.Message) ([]byte, Offset, bool) {
		if !tells || !m.To.IsValid() {
			what, _, _ := ours(m.Data, nonce)
			return m.Data, Offset(what), true
		}
		at, inside := offsetOf(m.To.Unmap().As4())
		return m.Data, at, inside
	}
	err = in.Bind(netip.AddrPortFrom(netip.IPv4Unspecified(), 0))
	var name netip.AddrPort
	if err == nil {
		name, err = in.Name()
	}
	if err == nil {
		c.out, err = s.Socket(sock.Inet, sock.UDP)
	}
	if err != nil {
		_ = in.Close()
		return nil, err
	}
	c.port = name.Port()
	return c, permit(c, c.out, broadcast)
}

// newPings sends echo requests from one socket and reads the replies there.
func newPings(s sock.Stack, nonce [8]byte, broadcast bool) (*singles, error) {
	kind := sock.Ping
	both, err := s.Socket(sock.Inet, kind)
	if err != nil {
		kind = sock.RawICMP
		both, err = s.Socket(sock.Inet, kind)
	}
	if err != nil {
		return nil, err
	}
	c := &singles{in: both, out: both, nonce: nonce, encode: func(b []byte) ([]byte, error) {
		m := icmp.Message{Type: ipv4.ICMPTypeEcho, Body: &icmp.Echo{ID: echoID, Data: b}}
		return m.Marshal(nil)
	}}
	c.decode = func(m sock.Message) ([]byte, Offset, bool) {
		at, inside := offsetOf(m.From.Addr().Unmap().As4())
		return echoed(m.Data), at, inside
	}
	return c, permit(c, both, broadcast)
}

// permit allows broadcast addresses on a socket, if that is asked for.
func permit(c *singles, s sock.Socket, broadcast bool) error {
	if !broadcast {
		return nil
	}
	if err := s.SetOption(sock.Broadcast, 1); err != nil {
		_ = c.close()
		return err
	}
	return nil
}

// echoID is the identifier of the requests, where the system does not choose one; the nonce tells
// ours from others'.
const echoID = 0x4c4d

// echoed is the payload of an echo reply, nil of anything else. Some raw sockets give the IP header
// before it.
func echoed(b []byte) []byte {
	if len(b) > 20 && b[0]>>4 == 4 && len(b) >= int(b[0]&15)*4 {
		b = b[int(b[0]&15)*4:]
	}
	if len(b) < 8 || b[0] != byte(ipv4.ICMPTypeEchoReply) {
		return nil
	}
	return b[8:]
}

func (c *singles) send(f *Field, to []Offset, what []uint32, serial uint32, _ bool, codes []Code) error {
	for i, o := range to {
		payload(c.request[:], c.nonce, what[i], serial)
		b, err := c.encode(c.request[:])
		if err != nil {
			return err
		}
		if err := c.out.SendTo(b, netip.AddrPortFrom(o.Addr(), c.port)); err != nil {
			codes[i] = f.codeOf(err)
		}
	}
	return nil
}

func (c *singles) receive(wait time.Duration) ([]arrival, error) {
	n := 0
	for n < batch {
		m, err := c.in.Recv(payloadSize+maxHeaders, wait)
		if n > 0 && sock.OutcomeOf(err) == observation.Timeout {
			break
		}
		if sock.OutcomeOf(err) == observation.Refused { // Winsock tells it of a datagram that was sent before
			continue
		}
		if err != nil {
			return nil, err
		}
		wait = 0
		b, at, inside := c.decode(m)
		if w, serial, is := ours(b, c.nonce); is {
			c.arrivals[n] = arrival{at, inside, w, serial}
			n++
		}
	}
	return c.arrivals[:n], nil
}

// maxHeaders is the room for an IPv4 header with options and that of ICMP.
const maxHeaders = 60 + 8

func (*singles) refusals(*Field) error { return nil }

func (c *singles) close() error {
	if c.out != nil && c.out != c.in {
		_ = c.out.Close()
	}
	return c.in.Close()
}

// codeOf is the code of a call's error.
func (w words) codeOf(err error) Code {
	o := sock.Describe(observation.Observation{}, err)
	return w.code(Result{o.Outcome, o.Errno})
}
