package sock_test

import (
	"errors"
	"net/netip"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

func TestTraceWritesEveryCall(t *testing.T) {
	g := gomega.NewWithT(t)
	stack, transcript := sock.Trace(&double{})
	to := netip.MustParseAddrPort("127.0.0.2:80")
	s, err := stack.Socket(sock.Inet, sock.TCP)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	_ = s.SetOption(sock.ReuseAddr, 1)
	_, _ = s.Option(sock.SendBuffer)
	_ = s.Bind(to)
	_ = s.Listen(5)
	c, _, _ := s.Accept(0)
	_ = s.Connect(to, 0)
	_ = s.Send([]byte("abc"))
	_ = s.SendTo([]byte("abc"), to)
	_, _ = c.Recv(16, 0)
	_ = s.JoinGroup(netip.MustParseAddr("224.0.0.251"), 1)
	_, _ = s.Name()
	_, _ = s.PeerName()
	_ = c.Close()
	transcript.Note("the end")
	g.Expect(transcript.Lines()).To(gomega.Equal([]string{
		"socket(AF_INET, SOCK_STREAM) = s1",
		"setsockopt(s1, SO_REUSEADDR, 1) = 0",
		"getsockopt(s1, SO_SNDBUF) = 7",
		"bind(s1, 127.0.0.2:80) = 0",
		"listen(s1, 5) = 0",
		"accept(s1) = s2 from 127.0.0.1:4711",
		"connect(s1, 127.0.0.2:80) = 0",
		"send(s1, 3 bytes) = 3",
		"sendto(s1, 3 bytes, 127.0.0.2:80) = 3",
		"recvmsg(s2, 16) = 5 from 127.0.0.1:4711 to 127.0.0.1 on interface 1 ttl 64",
		"setsockopt(s1, join 224.0.0.251 on interface 1) = 0",
		"getsockname(s1) = 127.0.0.1:4711",
		"getpeername(s1) = 127.0.0.1:4711",
		"close(s2) = 0",
		"the end",
	}))
}

func TestTraceWritesErrors(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		line string
	}{
		"errno":          {sock.Errno("bind", "EADDRNOTAVAIL", 99), "bind(s1, 127.0.0.1:4711) = EADDRNOTAVAIL (99)"},
		"errno of fakes": {sock.Errno("bind", "EADDRNOTAVAIL", 0), "bind(s1, 127.0.0.1:4711) = EADDRNOTAVAIL"},
		"outcome":        {sock.TimedOut("bind"), "bind(s1, 127.0.0.1:4711) = timeout"},
		"other":          {errors.New("no idea"), "bind(s1, 127.0.0.1:4711) = no idea"},
	} {
		t.Run(name, func(t *testing.T) {
			d := &double{}
			stack, transcript := sock.Trace(d)
			s, _ := stack.Socket(sock.Inet, sock.UDP)
			d.failing = c.err
			if err := s.Bind(doublePeer); !errors.Is(err, c.err) {
				t.Errorf("bind: %v", err)
			}
			if got := transcript.Lines()[1]; got != c.line {
				t.Errorf("got  %s\nwant %s", got, c.line)
			}
		})
	}
}

func TestTraceOfFailuresToOpen(t *testing.T) {
	g := gomega.NewWithT(t)
	d := &double{accepts: sock.TimedOut("accept")}
	stack, transcript := sock.Trace(d)
	s, _ := stack.Socket(sock.Inet6, sock.TCP)
	_, _, err := s.Accept(0)
	g.Expect(err).To(gomega.MatchError(d.accepts))
	d.failing = sock.Errno("socket", "EAFNOSUPPORT", 97)
	_, err = stack.Socket(sock.Inet6, sock.Ping)
	g.Expect(err).To(gomega.MatchError(d.failing))
	g.Expect(transcript.Lines()[1:]).To(gomega.Equal([]string{
		"accept(s1) = timeout", "socket(AF_INET6, SOCK_DGRAM, ICMP) = EAFNOSUPPORT (97)"}))
}

func TestTraceSocketJoinsATranscript(t *testing.T) {
	g := gomega.NewWithT(t)
	s, _ := (&double{}).Socket(sock.Inet, sock.UDP)
	own, other := &sock.Transcript{}, &sock.Transcript{}
	_ = sock.TraceSocket(s, own).Send(nil)
	_ = sock.TraceSocket(s, other).Close()
	own.Append(other)
	lines := own.Lines()
	g.Expect(lines).To(gomega.Equal([]string{"send(s1, 0 bytes) = 0", "close(s1) = 0"}))
	lines[0] = "overwritten"
	g.Expect(own.Lines()[0]).NotTo(gomega.Equal("overwritten"), "Lines must be a copy")
}
