package wire_test

import (
	"bytes"
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// long is a wait that no test comes to the end of.
const long = 10 * time.Second

func outgoing(f wire.Frame) bool { return f.Direction == wire.Out }

func TestAwait(t *testing.T) {
	g := NewWithT(t)
	c, host := plugged(t)
	first, second := frames()["udp"].bytes, frames()["syn"].bytes
	host.leaving <- first
	at, err := c.Await(0, outgoing, long)
	g.Expect(err).To(Succeed())
	g.Expect(at).To(BeEquivalentTo(0))

	behind := c.Now()
	g.Expect(behind).To(BeEquivalentTo(1))
	late := make(chan error)
	go func() {
		_, err := c.Await(behind, outgoing, long)
		late <- err
	}()
	host.leaving <- second
	g.Expect(<-late).To(Succeed(), "a frame that comes while it is awaited")
	g.Expect(c.After(behind)).To(HaveLen(1))
	g.Expect(c.After(behind)[0].Bytes).To(Equal(second))

	_, err = c.Await(c.Now(), outgoing, 0)
	g.Expect(err).To(MatchError(wire.ErrSilent))
	_, err = c.Await(0, func(f wire.Frame) bool { return f.Read().Kind == "arp" }, time.Millisecond)
	g.Expect(err).To(MatchError(wire.ErrSilent), "others have come")
}

func TestAwaitOnABrokenCable(t *testing.T) {
	c, host := plugged(t)
	host.breaking = errors.New("cut")
	waiting := make(chan error)
	go func() {
		_, err := c.Await(0, outgoing, long)
		waiting <- err
	}()
	close(host.leaving)
	if err := <-waiting; !errors.Is(err, host.breaking) {
		t.Error(err)
	}
}

func TestClose(t *testing.T) {
	c, _ := plugged(t)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Await(0, outgoing, long); !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
}

// TestInject keeps what the neighbour sends, in its place in the order.
func TestInject(t *testing.T) {
	g := NewWithT(t)
	c, host := plugged(t)
	frame := frames()["udp"].bytes
	g.Expect(c.Inject(frame)).To(Succeed())
	g.Expect(<-host.arrived).To(Equal(frame))
	host.leaving <- frame
	_, err := c.Await(0, outgoing, long)
	g.Expect(err).To(Succeed())
	all := c.After(0)
	g.Expect(all).To(HaveLen(2))
	g.Expect([]wire.Direction{all[0].Direction, all[1].Direction}).To(Equal([]wire.Direction{wire.In, wire.Out}))
}

// TestNeighbourAnswersForItself asks for addresses by ARP and neighbour discovery: the neighbour
// answers for its own, and for nothing else.
func TestNeighbourAnswersForItself(t *testing.T) {
	own, neighbour := blank().Host, blank().Peer
	a := netip.MustParseAddr
	for name, r := range map[string]struct {
		question []byte
		answer   string
	}{
		"ARP":                        {mirrored().WhoHas(own.IPv4, neighbour.IPv4), "in arp reply 198.51.100.2 > 198.51.100.1"},
		"ARP for the asker":          {mirrored().WhoHas(own.IPv4, own.IPv4), ""},
		"ARP for 127.0.0.1":          {mirrored().WhoHas(own.IPv4, a(one)), ""},
		"ARP from nobody":            {mirrored().WhoHas(netip.IPv4Unspecified(), neighbour.IPv4), "in arp reply 198.51.100.2 > 0.0.0.0"},
		"discovery":                  {mirrored().Solicit(own.IPv6, neighbour.IPv6), "in neighbour-advertisement"},
		"discovery of the asker":     {mirrored().Solicit(own.IPv6, own.IPv6), ""},
		"discovery of ::1":           {mirrored().Solicit(own.IPv6, a(six)), ""},
		"is this address still free": {mirrored().Solicit(netip.IPv6Unspecified(), neighbour.IPv6), ""},
		"a datagram":                 {mirrored().UDP(wire.Packet{Source: port("198.51.100.1", 1), Destination: port("198.51.100.2", 2)}), ""},
		"half a question":            {mirrored().WhoHas(own.IPv4, neighbour.IPv4)[:30], ""},
		"nothing":                    {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			c, host := plugged(t)
			last := frames()["udp"].bytes
			host.leaving <- r.question
			host.leaving <- last // once it is there, the question has been answered, or will not be
			_, err := c.Await(0, func(f wire.Frame) bool { return bytes.Equal(f.Bytes, last) }, long)
			g.Expect(err).To(Succeed())
			var answers []wire.Frame
			for _, f := range c.After(0) {
				if f.Direction == wire.In {
					answers = append(answers, f)
				}
			}
			if r.answer == "" {
				g.Expect(answers).To(BeEmpty())
				return
			}
			g.Expect(answers).To(HaveLen(1))
			g.Expect(answers[0].String()).To(HavePrefix(r.answer))
			g.Expect(<-host.arrived).To(Equal(answers[0].Bytes))
		})
	}
}
