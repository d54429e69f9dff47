package probe_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/onsi/gomega"
	"golang.org/x/net/icmp"
	"golang.org/x/net/ipv4"

	"github.com/loopmatrix/loopmatrix/suites/kit/fake"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// answering is a stack whose raw ICMP socket receives what replies makes of each request.
type answering struct {
	sock.Stack
	replies func(to netip.Addr, request icmp.Echo) []reply
}

type reply struct {
	from netip.Addr
	icmp.Echo
}

func (a answering) Socket(f sock.Family, t sock.Type) (sock.Socket, error) {
	switch t {
	case sock.Ping:
		return nil, sock.Errno("socket", "EACCES", 13)
	case sock.RawICMP:
		return &answered{of: a}, nil
	default:
		return a.Stack.Socket(f, t)
	}
}

type answered struct {
	sock.Socket
	of    answering
	queue []sock.Message
}

func (*answered) Family() sock.Family { return sock.Inet }
func (*answered) Type() sock.Type     { return sock.RawICMP }
func (*answered) Close() error        { return nil }

func (s *answered) SendTo(b []byte, to netip.AddrPort) error {
	m, err := icmp.ParseMessage(1, b)
	if err != nil {
		return err
	}
	for _, r := range s.of.replies(to.Addr(), *m.Body.(*icmp.Echo)) {
		data, err := (&icmp.Message{Type: ipv4.ICMPTypeEchoReply, Body: &r.Echo}).Marshal(nil)
		if err != nil {
			return err
		}
		s.queue = append(s.queue, sock.Message{Data: data, From: netip.AddrPortFrom(r.from, 0)})
	}
	return nil
}

func (s *answered) Recv(int, time.Duration) (sock.Message, error) {
	if len(s.queue) == 0 {
		return sock.Message{}, sock.TimedOut("recvmsg")
	}
	m := s.queue[0]
	s.queue = s.queue[1:]
	return m, nil
}

// TestEchoReplies tells the reply to a request from those to others.
func TestEchoReplies(t *testing.T) {
	targets := []netip.Addr{host.One, host.Two, host.Debian}
	other := netip.MustParseAddr("127.0.0.3")
	var earlier []reply // to the question before
	for _, c := range []struct {
		name    string
		replies func(netip.Addr, icmp.Echo) []reply
		want    observation.Outcome
		source  string
	}{
		{"good ones", func(to netip.Addr, e icmp.Echo) []reply {
			earlier = append(earlier, reply{other, e})
			return []reply{{to, e}}
		}, observation.OK, observation.SameAsDestination},
		{"after those to an earlier question", func(to netip.Addr, e icmp.Echo) []reply { return append(earlier, reply{to, e}) }, observation.OK, observation.SameAsDestination},
		{"twice, the second from elsewhere", func(to netip.Addr, e icmp.Echo) []reply { return []reply{{to, e}, {other, e}} }, observation.OK, observation.SameAsDestination},
		{"from elsewhere", func(_ netip.Addr, e icmp.Echo) []reply { return []reply{{other, e}} }, observation.OK, other.String()},
		{"only to an earlier question", func(netip.Addr, icmp.Echo) []reply { return earlier }, observation.Lost, ""},
		{"another payload", func(to netip.Addr, e icmp.Echo) []reply { e.Data = []byte("x"); return []reply{{to, e}} }, observation.Astray, observation.SameAsDestination},
		{"another sequence", func(to netip.Addr, e icmp.Echo) []reply { e.Seq += 100; return []reply{{to, e}} }, observation.Astray, observation.SameAsDestination},
		{"another identifier", func(to netip.Addr, e icmp.Echo) []reply { e.ID ^= 1; return []reply{{to, e}} }, observation.Astray, observation.SameAsDestination},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := fake.Linux().Host(1)
			h.Gomega = gomega.NewWithT(t)
			h.Stack = answering{h.Stack, c.replies}
			for _, o := range probe.Echo(h, targets) {
				if o.Outcome != c.want || o.Source != c.source {
					t.Errorf("%v: %s from %q, want %s from %q: %s", o.Targets, o.Outcome, o.Source, c.want, c.source, o.Value)
				}
			}
		})
	}
}
