package interfaces

import (
	"bytes"
	"net/netip"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"

	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

var _ = claim.InPrivate(claim.Claim{
	ID:       "if.capture",
	Family:   claim.Interface,
	Level:    claim.Impl,
	Source:   free("pcap-linktype(7) lists DLT_NULL, DLT_LOOP and DLT_EN10MB, which systems use for it"),
	Sentence: "Loopback traffic is visible to a capture on the loopback interface.",
	Question: "Can I see loopback traffic with tcpdump, and with which link type?",
	Gates:    []claim.Gate{claim.Privileged},
	Behaviours: []claim.Behaviour{
		{Word: "partly", Means: "a capture shows what is sent to some loopback addresses, and not to others"},
		{Word: "none", Means: "a capture shows nothing"},
		{Word: claim.AnyText, Means: "a capture shows it with this link type"},
	},
	Rule:    visible,
	NoFault: "the system hands a packet to the capture before anything in a private host could keep it; with lo down nothing is delivered",
}, claim.Part{Name: "lo up", Spec: func(h *host.Host) observation.Set {
	probe.NeedDelivery(h, sock.UDP, host.One)
	lo := h.Lo()
	s, err := h.Sniff(lo.Name)
	if err != nil {
		h.NotRun("capture", err)
	}
	defer func() { _ = s.Close() }()
	seen := observation.Set{overheard(h, s, host.One), overheard(h, s, host.Two)}
	if six := overheard(h, s, host.One6); six.Outcome == observation.OK || six.Outcome == observation.Nothing {
		seen = append(seen, six)
	}
	return seen
}})

// overheard sends a datagram to an address of loopback and, once it has arrived, looks for it in
// what was captured: OK with the link type in Value, or Nothing.
func overheard(h *host.Host, s wire.Sniffer, to netip.Addr) observation.Observation {
	p := probe.Begin(h, "capture", "udp", "", to.String())
	nonce := probe.Nonce(h)
	if err := deliver(h, p, to, nonce); err != nil {
		return p.End(err)
	}
	captured, err := s.Captured()
	if err != nil {
		return p.End(err)
	}
	o := p.Value(s.LinkType()).End(nil)
	if !bytes.Contains(captured, nonce) {
		o.Value, o.Outcome = "", observation.Nothing
	}
	return o
}

// deliver sends a datagram to a server of its own and waits until it is there.
func deliver(h *host.Host, p *probe.Probe, to netip.Addr, nonce []byte) error {
	server, at, err := probe.ListenOn(p.Stack, sock.UDP, netip.AddrPortFrom(to, 0))
	if err != nil {
		return err
	}
	p.Keep(server)
	client, err := p.Socket(sock.FamilyOf(to), sock.UDP)
	if err == nil {
		err = client.SendTo(nonce, at)
	}
	if err == nil {
		_, err = server.Recv(probe.NonceSize, h.Wait)
	}
	return err
}

// visible reads whether the capture showed what was delivered, and with which link type.
func visible(seen observation.Set) claim.Answer {
	shown, missing := seen.Op("capture").Outcome(observation.OK), seen.Op("capture").Outcome(observation.Nothing)
	switch {
	case len(shown) > 0 && len(missing) > 0:
		return claim.Shows("partly", "%s to %s, but not to %s", strings.Join(shown.Values(), ", "), strings.Join(shown.Targets(), ", "), strings.Join(missing.Targets(), ", "))
	case len(shown) > 0:
		return claim.Shows(shown[0].Value, "datagrams to %s", strings.Join(shown.Targets(), ", "))
	case len(missing) > 0:
		return claim.Shows("none", "datagrams to %s were delivered and not captured", strings.Join(missing.Targets(), ", "))
	default:
		return claim.Unclear("nothing was delivered: %s", strings.Join(seen.Errors(), ", "))
	}
}
