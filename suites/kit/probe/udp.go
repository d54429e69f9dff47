package probe

import (
	"fmt"
	"net/netip"
	"strconv"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Datagrams describes datagrams to one server, each to another of its addresses.
type Datagrams struct {
	Server  sock.Socket // is bound already; with RecvInfo set, the destination address is checked
	Port    uint16      // its port
	Variant string      // for the observations
	From    netip.Addr  // the client binds this address first, if it is valid
	Options []Option    // of the client
	// Note, if set, reads the value of the observation from the message that arrived.
	Note func(sock.Message) string
}

// Send sends a nonce from a socket of its own to every target at the server's port and reads on the
// server what arrived. OK means that the nonce arrived on this very server; Source is the address
// that the server saw; a destination address other than the target is Astray. What did not arrive
// is Lost (see collect).
func Send(h *host.Host, d Datagrams, targets []netip.Addr) observation.Set {
	return Again(d.to(h, targets, false), targets, func(to []netip.Addr) observation.Set { return d.to(h, to, true) })
}

func (d Datagrams) to(h *host.Host, targets []netip.Addr, once bool) observation.Set {
	asks := make([]*ask, len(targets))
	byNonce := map[string]*ask{}
	for i, a := range targets {
		asks[i] = d.ask(h, a, byNonce)
	}
	collection{shared: true, once: once, read: func(wait time.Duration) error {
		m, err := d.Server.Recv(NonceSize, wait)
		if err != nil {
			return err
		}
		if a, known := byNonce[string(m.Data)]; known && !a.answered {
			a.answered = true
			a.Source(m.From.Addr(), a.target)
			a.t.Note("server received " + strconv.Itoa(len(m.Data)) + " bytes from " + m.From.String())
			if m.To.IsValid() && m.To.Unmap() != a.target.Unmap() {
				a.where = fmt.Sprintf("sent to %s, arrived for %s", a.target, m.To)
			}
			if d.Note != nil {
				a.Value(d.Note(m))
			}
		}
		return nil
	}}.collect(h, asks)
	out := make(observation.Set, len(asks))
	for i, a := range asks {
		out[i] = a.end()
	}
	return out
}

// ask prepares the client for one target; nothing is sent yet.
func (d Datagrams) ask(h *host.Host, to netip.Addr, byNonce map[string]*ask) *ask {
	a := &ask{Probe: Begin(h, "send", "udp", d.Variant, to.String()), target: to}
	nonce := Nonce(h)
	byNonce[string(nonce)] = a
	s, err := a.Socket(sock.FamilyOf(to), sock.UDP)
	if err == nil {
		err = Set(s, d.Options)
	}
	if err == nil && d.From.IsValid() {
		err = s.Bind(netip.AddrPortFrom(d.From, 0))
	}
	a.err = err
	a.send = func() error { return s.SendTo(nonce, netip.AddrPortFrom(to, d.Port)) }
	return a
}
