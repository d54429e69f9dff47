package sock_test

import (
	"bytes"
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// The kernel of the machine that runs the test must do on 127.0.0.1 and ::1 what every system does.
// What systems differ in is for the claims.

var families = map[string]netip.Addr{"IPv4": netip.MustParseAddr("127.0.0.1"), "IPv6": netip.IPv6Loopback()}

// short is long enough for what needs no waiting, and its passing proves a deadline.
const short = 50 * time.Millisecond

// onEach runs a test for each address family that this machine has on loopback; a machine without
// says why.
func onEach(t *testing.T, test func(*testing.T, *gomega.WithT, netip.Addr)) {
	t.Helper()
	for name, a := range families {
		t.Run(name, func(t *testing.T) {
			s, err := sock.Kernel().Socket(sock.FamilyOf(a), sock.UDP)
			if err == nil {
				err = s.Bind(netip.AddrPortFrom(a, 0))
				_ = s.Close()
			}
			if err != nil {
				t.Skip(err)
			}
			test(t, gomega.NewWithT(t), a)
		})
	}
}

func open(t *testing.T, a netip.Addr, kind sock.Type) sock.Socket {
	t.Helper()
	s, err := sock.Kernel().Socket(sock.FamilyOf(a), kind)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// bound opens a socket on a port that the system chooses; TCP sockets listen.
func bound(t *testing.T, a netip.Addr, kind sock.Type) (sock.Socket, netip.AddrPort) {
	t.Helper()
	s := open(t, a, kind)
	err := s.Bind(netip.AddrPortFrom(a, 0))
	if err == nil && kind == sock.TCP {
		err = s.Listen(5)
	}
	if err != nil {
		t.Fatal(err)
	}
	at, err := s.Name()
	if err != nil {
		t.Fatal(err)
	}
	return s, at
}

func TestKernelTCP(t *testing.T) {
	onEach(t, func(t *testing.T, g *gomega.WithT, a netip.Addr) {
		server, at := bound(t, a, sock.TCP)
		client := open(t, a, sock.TCP)
		g.Expect(client.Connect(at, sock.Patience)).To(gomega.Succeed())
		accepted, from, err := server.Accept(sock.Patience)
		g.Expect(err).NotTo(gomega.HaveOccurred())
		defer func() { _ = accepted.Close() }()
		local, err := client.Name()
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(from).To(gomega.Equal(local))
		g.Expect(client.PeerName()).To(gomega.Equal(at))
		g.Expect(accepted.Name()).To(gomega.Equal(at))
		g.Expect(accepted.PeerName()).To(gomega.Equal(local))
		g.Expect(accepted.Family()).To(gomega.Equal(sock.FamilyOf(a)))
		g.Expect(accepted.Type()).To(gomega.Equal(sock.TCP))

		_, err = accepted.Recv(16, short)
		g.Expect(sock.OutcomeOf(err)).To(gomega.Equal(observation.Timeout), "nothing was sent yet")
		g.Expect(client.Send([]byte("nonce"))).To(gomega.Succeed())
		m, err := accepted.Recv(16, sock.Patience)
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(m.Data).To(gomega.Equal([]byte("nonce")))
		g.Expect(m.TTL).To(gomega.Equal(-1))
		g.Expect(client.Close()).To(gomega.Succeed())
		m, err = accepted.Recv(16, sock.Patience)
		g.Expect(err).NotTo(gomega.HaveOccurred(), "the end of the stream is no error")
		g.Expect(m.Data).To(gomega.BeEmpty())
	})
}

func TestKernelSendsAllOfAStream(t *testing.T) {
	onEach(t, func(t *testing.T, g *gomega.WithT, a netip.Addr) {
		server, at := bound(t, a, sock.TCP)
		client := open(t, a, sock.TCP)
		g.Expect(client.Connect(at, sock.Patience)).To(gomega.Succeed())
		accepted, _, err := server.Accept(sock.Patience)
		g.Expect(err).NotTo(gomega.HaveOccurred())
		defer func() { _ = accepted.Close() }()
		sent := bytes.Repeat([]byte("0123456789abcdef"), 1<<18) // 4 MiB, more than any default buffer
		done := make(chan error, 1)
		go func() { done <- client.Send(sent) }()
		var got []byte
		for len(got) < len(sent) {
			m, err := accepted.Recv(1<<16, sock.Patience)
			g.Expect(err).NotTo(gomega.HaveOccurred())
			g.Expect(m.Data).NotTo(gomega.BeEmpty())
			got = append(got, m.Data...)
		}
		g.Expect(<-done).To(gomega.Succeed())
		g.Expect(bytes.Equal(got, sent)).To(gomega.BeTrue())
	})
}

func TestKernelRefusal(t *testing.T) {
	onEach(t, func(t *testing.T, g *gomega.WithT, a netip.Addr) {
		reserved := open(t, a, sock.TCP) // bound without listening: nobody else gets the port
		g.Expect(reserved.Bind(netip.AddrPortFrom(a, 0))).To(gomega.Succeed())
		at, err := reserved.Name()
		g.Expect(err).NotTo(gomega.HaveOccurred())
		err = open(t, a, sock.TCP).Connect(at, sock.Patience)
		g.Expect(sock.IsErrno(err, "ECONNREFUSED")).To(gomega.BeTrue(), "%v", err)
		g.Expect(sock.OutcomeOf(err)).To(gomega.Equal(observation.Refused))
	})
}

// A write to a connection that the peer has closed is an error of the call; it must not end the
// process (SIGPIPE).
func TestKernelClosedPeer(t *testing.T) {
	onEach(t, func(t *testing.T, g *gomega.WithT, a netip.Addr) {
		server, at := bound(t, a, sock.TCP)
		client := open(t, a, sock.TCP)
		g.Expect(client.Connect(at, sock.Patience)).To(gomega.Succeed())
		accepted, _, err := server.Accept(sock.Patience)
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(accepted.Close()).To(gomega.Succeed())
		for n := 0; err == nil && n < 100; n++ { // the first write is answered with a reset, one after it fails
			err = client.Send([]byte("x"))
		}
		g.Expect(sock.OutcomeOf(err)).To(gomega.Equal(observation.Refused), "%v", err) // EPIPE or ECONNRESET
	})
}

func TestKernelDeadlines(t *testing.T) {
	onEach(t, func(t *testing.T, g *gomega.WithT, a netip.Addr) {
		listener, _ := bound(t, a, sock.TCP)
		receiver, _ := bound(t, a, sock.UDP)
		for _, wait := range []time.Duration{0, short} {
			begun := time.Now()
			_, _, err := listener.Accept(wait)
			g.Expect(err).To(gomega.MatchError("accept: timeout"))
			_, err = receiver.Recv(16, wait)
			g.Expect(err).To(gomega.MatchError("recvmsg: timeout"))
			g.Expect(time.Since(begun)).To(gomega.BeNumerically(">=", 2*wait))
			g.Expect(time.Since(begun)).To(gomega.BeNumerically("<", 2*wait+sock.Patience))
		}
	})
}

func TestKernelUDP(t *testing.T) {
	onEach(t, func(t *testing.T, g *gomega.WithT, a netip.Addr) {
		server, at := bound(t, a, sock.UDP)
		client, from := bound(t, a, sock.UDP)
		g.Expect(client.SendTo([]byte("a datagram"), at)).To(gomega.Succeed())
		m, err := server.Recv(16, sock.Patience)
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(m).To(gomega.Equal(sock.Message{Data: []byte("a datagram"), From: from, TTL: -1}))

		g.Expect(client.Connect(at, 0)).To(gomega.Succeed())
		g.Expect(client.Send(nil)).To(gomega.Succeed(), "a datagram may be empty")
		m, err = server.Recv(16, sock.Patience)
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(m.Data).To(gomega.BeEmpty())

		g.Expect(client.Send([]byte("longer than asked for"))).To(gomega.Succeed())
		m, err = server.Recv(6, sock.Patience)
		g.Expect(err).NotTo(gomega.HaveOccurred(), "what is longer is cut without an error")
		g.Expect(string(m.Data)).To(gomega.Equal("longer"))
	})
}

// A refused datagram shows at the first operation after it, or at one later: the first report gets
// lost in Wine, whose server reads it (SO_ERROR) before the program does.
func TestKernelUDPRefusal(t *testing.T) {
	onEach(t, func(t *testing.T, g *gomega.WithT, a netip.Addr) {
		server, at := bound(t, a, sock.UDP)
		client := open(t, a, sock.UDP)
		g.Expect(client.Connect(at, 0)).To(gomega.Succeed())
		g.Expect(server.Close()).To(gomega.Succeed())
		var err error
		for range 3 {
			if err = client.Send([]byte("x")); err == nil {
				_, err = client.Recv(16, short)
			}
			if sock.OutcomeOf(err) != observation.Timeout {
				break
			}
		}
		g.Expect(sock.OutcomeOf(err)).To(gomega.Equal(observation.Refused), "%v", err) // ECONNREFUSED; Winsock: WSAECONNRESET
	})
}

func TestKernelControlData(t *testing.T) {
	onEach(t, func(t *testing.T, g *gomega.WithT, a netip.Addr) {
		server, at := bound(t, a, sock.UDP)
		client := open(t, a, sock.UDP)
		g.Expect(server.SetOption(sock.RecvInfo, 1)).To(gomega.Succeed())
		g.Expect(server.SetOption(sock.RecvTTL, 1)).To(gomega.Succeed())
		g.Expect(client.SetOption(sock.TTL, 7)).To(gomega.Succeed())
		g.Expect(client.SendTo([]byte("x"), at)).To(gomega.Succeed())
		m, err := server.Recv(16, sock.Patience)
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(m.To).To(gomega.Equal(a))
		g.Expect(m.Index).To(gomega.BeNumerically(">", 0))
		g.Expect(m.TTL).To(gomega.Equal(7))
	})
}

func TestKernelOptions(t *testing.T) {
	onEach(t, func(t *testing.T, g *gomega.WithT, a netip.Addr) {
		for _, o := range []sock.Option{sock.ReuseAddr, sock.Broadcast, sock.MulticastLoop} {
			s := open(t, a, sock.UDP)
			for _, v := range []int{1, 0} {
				g.Expect(s.SetOption(o, v)).To(gomega.Succeed(), "%s", o)
				got, err := s.Option(o)
				if says(err, "ENOPROTOOPT") {
					continue // gVisor: IPV6_MULTICAST_LOOP can be set, but not be read
				}
				g.Expect(err).NotTo(gomega.HaveOccurred(), "%s", o)
				g.Expect(got != 0).To(gomega.Equal(v != 0), "%s is %d", o, got)
			}
		}
		s := open(t, a, sock.UDP)
		for o, v := range map[sock.Option]int{sock.TTL: 9, sock.MulticastTTL: 3} {
			g.Expect(s.SetOption(o, v)).To(gomega.Succeed(), "%s", o)
			if got, err := s.Option(o); !says(err, "ENOPROTOOPT") { // likewise IPV6_MULTICAST_HOPS
				g.Expect(err).NotTo(gomega.HaveOccurred(), "%s", o)
				g.Expect(got).To(gomega.Equal(v), "%s", o)
			}
		}
		g.Expect(s.SetOption(sock.ReceiveBuffer, 1<<16)).To(gomega.Succeed())
		g.Expect(s.Option(sock.ReceiveBuffer)).To(gomega.BeNumerically(">=", 1<<16))
	})
}

// says tells whether the kernel itself answered with this errno, and not our tables.
func says(err error, name string) bool {
	var e *sock.Error
	return errors.As(err, &e) && e.Errno == name && e.Number != 0
}

func TestKernelV6Only(t *testing.T) {
	g := gomega.NewWithT(t)
	s, err := sock.Kernel().Socket(sock.Inet6, sock.TCP)
	if err != nil {
		t.Skip(err)
	}
	defer func() { _ = s.Close() }()
	g.Expect(s.SetOption(sock.V6Only, 1)).To(gomega.Succeed())
	g.Expect(s.Option(sock.V6Only)).To(gomega.Equal(1))
}

// Every system has one of both: SO_EXCLUSIVEADDRUSE is Winsock's, SO_REUSEPORT everybody else's.
func TestKernelNamesWhatItLacks(t *testing.T) {
	g := gomega.NewWithT(t)
	s := open(t, families["IPv4"], sock.TCP)
	lacks := 0
	for _, o := range []sock.Option{sock.ReusePort, sock.ExclusiveAddr} {
		if err := s.SetOption(o, 1); err != nil {
			g.Expect(sock.IsErrno(err, "ENOPROTOOPT")).To(gomega.BeTrue(), "%v", err)
			_, err = s.Option(o)
			g.Expect(sock.IsErrno(err, "ENOPROTOOPT")).To(gomega.BeTrue(), "%v", err)
			lacks++
		}
	}
	g.Expect(lacks).To(gomega.Equal(1))
}

func TestKernelErrors(t *testing.T) {
	onEach(t, func(t *testing.T, g *gomega.WithT, a netip.Addr) {
		other := families["IPv4"]
		if a == other {
			other = families["IPv6"]
		}
		wrong := netip.AddrPortFrom(other, 9)
		s := open(t, a, sock.UDP)
		for _, err := range []error{s.Bind(wrong), s.Connect(wrong, 0), s.SendTo(nil, wrong)} {
			g.Expect(sock.OutcomeOf(err)).To(gomega.Equal(observation.Invalid), "%v", err)
		}
		_, at := bound(t, a, sock.UDP)
		err := s.Bind(at)
		g.Expect(sock.IsErrno(err, "EADDRINUSE")).To(gomega.BeTrue(), "%v", err)
		_, err = s.PeerName()
		g.Expect(sock.IsErrno(err, "ENOTCONN")).To(gomega.BeTrue(), "%v", err)
		g.Expect(s.Close()).To(gomega.Succeed())
		_, err = s.Name()
		g.Expect(err).To(gomega.HaveOccurred(), "closed")
	})
}

func TestKernelScope(t *testing.T) {
	g := gomega.NewWithT(t)
	s, err := sock.Kernel().Socket(sock.Inet6, sock.UDP)
	if err != nil {
		t.Skip(err)
	}
	defer func() { _ = s.Close() }()
	err = s.Connect(netip.MustParseAddrPort("[fe80::1%no-such-interface]:9"), 0)
	g.Expect(sock.OutcomeOf(err)).To(gomega.Equal(observation.Invalid), "%v", err)
}
