package block

import (
	"bytes"
	"net/netip"
	"strconv"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// largest is the payload of the largest IPv4 datagram: 65535 bytes less 20 of the IP header (RFC
// 791 3.1) and 8 of the UDP header (RFC 768).
const largest = 65535 - 20 - 8

// The two arrangements of v4.udp.maxsize. The BSDs and macOS take the default of SO_SNDBUF, which
// is the sysctl net.inet.udp.maxdgram, for the largest datagram.
const (
	defaultBuffer = "default SO_SNDBUF"
	enlarged      = "SO_SNDBUF 65535"
)

var _ = claim.It(claim.Claim{
	ID:     "v4.udp.maxsize",
	Family: claim.Block,
	Level:  claim.Folk,
	Source: claim.Source{References: []claim.Reference{claim.RFC(768, ""), claim.RFC(791, "3.1")},
		Note: "The documents give the limit of the format, 65507 bytes; which smaller limit a system may have they don't say."},
	Sentence: "A datagram of 65507 bytes crosses loopback.",
	Question: "How large may a UDP datagram over loopback be?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "udp-at-most-9216",
	Behaviours: []claim.Behaviour{
		{Word: "65507", Means: "the largest datagram that the format allows arrives intact"},
		{Word: claim.AnyNumber, Means: "this many bytes arrive intact, and not one more"},
		{Word: "altered", Means: "what arrives is not what was sent"},
		{Word: "none", Means: "not even an empty datagram arrives"},
	},
	Rule: largestSize,
}, func(h *host.Host) observation.Set {
	seen := observation.Set{cross(h, defaultBuffer, largest)}
	if seen[0].Outcome == observation.OK {
		return seen
	}
	seen = append(seen, cross(h, enlarged, largest, probe.Option{Name: sock.SendBuffer, Value: 65535}))
	works, fails := -1, largest
	for fails-works > 1 { // the first step asks for half, the last for the exact border
		size := (works + fails) / 2
		if works < 0 {
			size = 0 // if nothing arrives at all, the search ends here
		}
		o := cross(h, defaultBuffer, size)
		seen = append(seen, o)
		switch {
		case o.Outcome == observation.OK:
			works = size
		case size == 0:
			return seen
		default:
			fails = size
		}
	}
	return seen
})

// cross sends one datagram of so many bytes to 127.0.0.1 and checks what arrives. A marker tells
// what is lost.
func cross(h *host.Host, variant string, size int, options ...probe.Option) observation.Observation {
	server, port := serve(h, sock.UDP, wildcard)
	defer func() { _ = server.Close() }()
	// Room for the datagram is a precondition where the system lets us ask for it; its default may
	// be less.
	_ = server.SetOption(sock.ReceiveBuffer, 4*largest)
	p := probe.Begin(h, "send", "udp", variant, host.One.String()).Value(strconv.Itoa(size))
	client, err := p.Socket(sock.Inet, sock.UDP)
	if err == nil {
		err = probe.Set(client, options)
	}
	payload := bytes.Repeat(probe.Nonce(h), size/probe.NonceSize+1)[:size]
	if err == nil {
		err = client.SendTo(payload, netip.AddrPortFrom(host.One, port))
	}
	if err != nil {
		return p.End(err)
	}
	probe.Marker(h, host.One)
	m, err := server.Recv(largest+1, probe.Lull(h, host.One))
	if sock.OutcomeOf(err) == observation.Timeout {
		err = probe.ErrLost
	}
	o := p.End(err)
	if err == nil && !bytes.Equal(m.Data, payload) {
		o.Outcome = observation.Astray
	}
	return o
}

// largestSize reads the largest size that arrived and checks that the next larger one was tried and
// did not.
func largestSize(seen observation.Set) claim.Answer {
	best, smallest := -1, largest+1
	for _, o := range seen.Op("send").Variant(defaultBuffer) {
		size, err := strconv.Atoi(o.Value)
		switch {
		case err != nil:
			return claim.Unclear("an observation has no size: %q", o.Value)
		case o.Outcome == observation.OK:
			best = max(best, size)
		case o.Outcome == observation.Astray:
			return claim.Shows("altered", "at %d bytes", size)
		default:
			smallest = min(smallest, size)
		}
	}
	failed := seen.Variant(defaultBuffer).Where(func(o observation.Observation) bool { return o.Value == strconv.Itoa(smallest) })
	switch {
	case best < 0 && smallest == 0:
		return claim.Shows("none", "%s", failed.Errors()[0])
	case best < 0 || smallest != best+1:
		return claim.Unclear("the border was not found: %d bytes arrive, %d don't", best, smallest)
	case best == largest:
		return claim.Shows("65507", "intact")
	case seen.Variant(enlarged).AllOK():
		return claim.Shows(strconv.Itoa(best), "one byte more gives %s; 65507 bytes cross after SO_SNDBUF was raised", failed.Errors()[0])
	default:
		return claim.Shows(strconv.Itoa(best), "one byte more gives %s, and so do 65507 bytes after SO_SNDBUF was raised", failed.Errors()[0])
	}
}
