// Package wire is the cable of the host under test, whose other end the kit holds: every frame that
// leaves the host is read here, and frames of an imaginary neighbour are written here. What crosses
// is evidence.
//
// The neighbour exists only on paper: its address resolution (ARP, neighbour discovery) is answered
// by Cable, so that the host can send to it; everything else that it says is put there by a spec.
package wire

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// Station is one end of a cable.
type Station struct {
	MAC  net.HardwareAddr
	IPv4 netip.Addr
	IPv6 netip.Addr
}

// End is the kit's end of a cable, as bytes: a TAP device, a packet socket.
type End interface {
	// Read waits for the next Ethernet frame that leaves the host. It returns net.ErrClosed after
	// Close.
	Read([]byte) (int, error)
	// Write lets an Ethernet frame arrive at the host.
	Write([]byte) (int, error)
	Close() error
}

// Direction says which way a frame went, seen from the host.
type Direction string

// The directions.
const (
	Out Direction = "out" // it left the host
	In  Direction = "in"  // it was put onto the cable for the host
)

// Frame is an Ethernet frame that crossed a cable.
type Frame struct {
	At        time.Time
	Direction Direction
	Bytes     []byte
	nth       uint64 // of all frames on all cables: where the clock is coarse, several have one time
}

// crossed counts the frames.
var crossed atomic.Uint64

// Cable is a cable with the host under test at one end.
type Cable struct {
	// Name and Index are those of the host's interface.
	Name  string
	Index int
	// Kind is by which means it was made: "tap", "veth".
	Kind string
	// Host and Peer are the two stations; Peer is the imaginary neighbour.
	Host, Peer Station

	end    End
	mu     sync.Mutex
	frames []Frame
	news   chan struct{} // closed and replaced when a frame comes
	broken error
	done   chan struct{}
}

// Plug starts to listen at the kit's end. Close it to stop.
func Plug(c *Cable, end End) *Cable {
	c.end, c.news, c.done = end, make(chan struct{}), make(chan struct{})
	go c.listen()
	return c
}

// Close gives the end back to the system.
func (c *Cable) Close() error {
	err := c.end.Close()
	<-c.done
	return err
}

// maxFrame is the largest frame on a cable with the usual MTU of 1500, with room for a VLAN tag.
const maxFrame = 2048

func (c *Cable) listen() {
	defer close(c.done)
	buffer := make([]byte, maxFrame)
	for {
		n, err := c.end.Read(buffer)
		if err != nil {
			c.mu.Lock()
			c.broken = err
			close(c.news)
			c.news = make(chan struct{})
			c.mu.Unlock()
			return
		}
		frame := append([]byte(nil), buffer[:n]...)
		c.keep(Out, frame)
		if answer := c.resolve(frame); answer != nil {
			_ = c.Inject(answer) // an unanswered question shows as a marker that does not come
		}
	}
}

func (c *Cable) keep(d Direction, b []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.frames = append(c.frames, Frame{time.Now(), d, b, crossed.Add(1)})
	close(c.news)
	c.news = make(chan struct{})
}

// Inject lets a frame arrive at the host.
func (c *Cable) Inject(frame []byte) error {
	c.keep(In, frame)
	_, err := c.end.Write(frame)
	return err
}

// Position is a point in the order of the frames; all that come later are after it.
type Position int

// Now is the position behind all frames so far.
func (c *Cable) Now() Position {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Position(len(c.frames))
}

// After gives the frames after a position, both directions.
func (c *Cable) After(p Position) []Frame {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Frame(nil), c.frames[p:]...)
}

// ErrSilent is the result of Await when no such frame came before the deadline.
var ErrSilent = errors.New("no such frame came")

// Await waits until a frame after this position matches, and gives its position.
func (c *Cable) Await(p Position, match func(Frame) bool, wait time.Duration) (Position, error) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		c.mu.Lock()
		for ; int(p) < len(c.frames); p++ {
			if match(c.frames[p]) {
				c.mu.Unlock()
				return p, nil
			}
		}
		news, broken := c.news, c.broken
		c.mu.Unlock()
		if broken != nil {
			return p, broken
		}
		select {
		case <-news:
		case <-timer.C:
			return p, ErrSilent
		}
	}
}
