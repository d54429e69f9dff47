package remote_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/fake"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock/remote"
)

// recorder notes each message that is written to it as a line, and passes it on.
type recorder struct {
	io.WriteCloser
	who   string
	lines *bytes.Buffer
}

func (r recorder) Write(frame []byte) (int, error) {
	fmt.Fprintf(r.lines, "%s %s\n", r.who, frame[4:])
	if n := binary.BigEndian.Uint32(frame); int(n) != len(frame)-4 {
		return 0, fmt.Errorf("the length says %d, and the message has %d bytes", n, len(frame)-4)
	}
	return r.WriteCloser.Write(frame)
}

// served is a stack behind the protocol. Calls come one after the other, so the lines do.
func served(t *testing.T, stack sock.Stack, lines *bytes.Buffer) *remote.Process {
	t.Helper()
	requests, toStack := io.Pipe()
	answers, toKit := io.Pipe()
	go func() {
		if err := remote.Serve(requests, recorder{toKit, "<", lines}, stack); err != nil {
			t.Error(err)
		}
		_ = toKit.Close()
	}()
	p, err := remote.Dial(answers, recorder{toStack, ">", lines})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// readme is the documentation of the protocol.
func readme(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(b), "\r\n", "\n")
}

// TestExample makes the calls of the example in README.md, on a stack in memory: its messages are
// those of this code.
func TestExample(t *testing.T) {
	var lines bytes.Buffer
	p := served(t, fake.Linux().Bare(), &lines)
	at := netip.MustParseAddrPort("127.0.0.2:4000")
	server := opened(t, p, sock.Inet, sock.UDP)
	succeed(t, server.Bind(at))
	succeed(t, server.SetOption(sock.RecvTTL, 1))
	client := opened(t, p, sock.Inet, sock.UDP)
	succeed(t, client.SendTo([]byte("ping"), at))
	if m, err := server.Recv(100, sock.Patience); err != nil || string(m.Data) != "ping" || m.TTL != 64 || m.To.IsValid() {
		t.Errorf("received %+v, %v", m, err)
	}
	if _, err := server.Recv(100, sock.Impatience); sock.OutcomeOf(err) != observation.Timeout {
		t.Errorf("an empty queue gives %v", err)
	}
	if err := opened(t, p, sock.Inet, sock.UDP).Bind(at); !sock.IsErrno(err, "EADDRINUSE") {
		t.Errorf("a second bind gives %v", err)
	}
	if _, err := opened(t, p, sock.Inet6, sock.TCP).Option(sock.BoundIf); !sock.IsErrno(err, "ENOPROTOOPT") {
		t.Errorf("an unknown option gives %v", err)
	}
	succeed(t, server.Close())
	want := "```\n" + lines.String() + "```\n"
	if !strings.Contains(readme(t), want) {
		t.Errorf("README.md has another example than\n%s", want)
	}
}

// TestExampleOfAFrame reads the bytes that README.md shows as one of its messages.
func TestExampleOfAFrame(t *testing.T) {
	text := readme(t)
	shown := regexp.MustCompile("`([0-9a-f]{2} [0-9a-f]{2} [0-9a-f]{2} [0-9a-f]{2}) (\\{.*\\})`").FindStringSubmatch(text)
	if shown == nil {
		t.Fatal("README.md shows no message with its length")
	}
	if want := fmt.Sprintf("% x", binary.BigEndian.AppendUint32(nil, uint32(len(shown[2])))); shown[1] != want {
		t.Errorf("the length is %s, and README.md says %s", want, shown[1])
	}
	if !strings.Contains(text, "\n> "+shown[2]+"\n") {
		t.Errorf("%s is no message of the example", shown[2])
	}
}

// TestDocumentation: README.md names every call, option, family, type, outcome and field.
func TestDocumentation(t *testing.T) {
	text := readme(t)
	names := []string{"IP_ADD_MEMBERSHIP", "loopmatrix stack"}
	for _, f := range sock.Families() {
		names = append(names, f.String())
	}
	for _, k := range sock.Types() {
		names = append(names, k.String())
	}
	for _, o := range sock.Options() {
		names = append(names, o.String())
	}
	for _, o := range observation.Outcomes()[1:] { // what is no error has none
		names = append(names, string(o))
	}
	for _, n := range append(names, remote.Words()...) {
		if !strings.Contains(text, "`"+n+"`") {
			t.Errorf("README.md does not name `%s`", n)
		}
	}
}

// TestEverythingTravels sends each option and family through the protocol, and compares what a
// stack sees of it.
func TestEverythingTravels(t *testing.T) {
	inner, calls := sock.Trace(fake.Linux().Bare())
	outer, seen := sock.Trace(served(t, inner, &bytes.Buffer{}))
	for _, family := range sock.Families() {
		for _, kind := range sock.Types() {
			s, err := outer.Socket(family, kind)
			if err != nil {
				continue
			}
			for _, o := range sock.Options() {
				_ = s.SetOption(o, 1)
				_, _ = s.Option(o)
			}
			at := netip.AddrPortFrom(map[sock.Family]netip.Addr{sock.Inet: netip.MustParseAddr("127.0.0.3"), sock.Inet6: netip.IPv6Loopback()}[family], 4001)
			_ = s.JoinGroup(netip.MustParseAddr("224.0.0.251"), 1)
			_ = s.Bind(at)
			_ = s.Listen(0)
			_, _, _ = s.Accept(0)
			_ = s.Connect(at, 0)
			_ = s.Send(nil)
			_ = s.SendTo([]byte{0, 255}, at)
			_, _ = s.Recv(9, 0)
			_, _ = s.Name()
			_, _ = s.PeerName()
			_ = s.Close()
		}
	}
	if n := len(calls.Lines()); n < 100 {
		t.Errorf("there were %d calls", n)
	}
	for i, line := range calls.Lines() {
		if i >= len(seen.Lines()) || seen.Lines()[i] != line {
			t.Fatalf("the stack made %q, and the kit saw %q", line, seen.Lines()[i])
		}
	}
}

// TestUnknownWords: what a stack has never heard of is an error of the call, and nothing else.
func TestUnknownWords(t *testing.T) {
	for q, want := range map[string]string{
		`{"id":1,"call":"socket","family":"AF_UNIX","type":"SOCK_STREAM"}`:           `"errno":"EAFNOSUPPORT"`,
		`{"id":1,"call":"socket","family":"AF_INET","type":"SOCK_SEQPACKET"}`:        `"errno":"EPROTONOSUPPORT"`,
		`{"id":1,"call":"bind","socket":7}`:                                          `{"call":"bind","text":"there is no socket 7"}`,
		`{"id":1,"call":"socket","family":"AF_INET","type":"SOCK_STREAM","new":{}}`:  `{"id":1,"socket":1}`,
		`{"id":1,"call":"shutdown","socket":1}`:                                      `"errno":"ENOSYS"`,
		`{"id":1,"call":"setsockopt","socket":1,"option":"SO_KEEPALIVE","value":1}`:  `"errno":"ENOPROTOOPT"`,
		`{"id":1,"call":"getsockopt","socket":1,"option":"IP_ADD_MEMBERSHIP"}`:       `"errno":"ENOPROTOOPT"`,
		`{"id":1,"call":"connect","socket":1,"address":"127.0.0.1:1","wait_ms":100}`: `"errno":"ECONNREFUSED"`,
	} {
		answers, toKit := io.Pipe()
		requests, toStack := io.Pipe()
		go func() { _ = remote.Serve(requests, toKit, fake.Linux().Bare()) }()
		answer := func() string {
			var length [4]byte
			_, err := io.ReadFull(answers, length[:])
			succeed(t, err)
			text := make([]byte, binary.BigEndian.Uint32(length[:]))
			_, err = io.ReadFull(answers, text)
			succeed(t, err)
			if !json.Valid(text) {
				t.Errorf("%s is no JSON", text)
			}
			return string(text)
		}
		ask := func(text string) string {
			_, err := toStack.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(text))), text...))
			succeed(t, err)
			return answer()
		}
		answer() // the greeting
		if strings.Contains(q, `"socket":1`) {
			ask(`{"id":0,"call":"socket","family":"AF_INET","type":"SOCK_STREAM"}`)
		}
		if got := ask(q); !strings.Contains(got, want) {
			t.Errorf("%s gives %s, want %s", q, got, want)
		}
		_ = toStack.Close()
	}
}

func opened(t *testing.T, stack sock.Stack, family sock.Family, kind sock.Type) sock.Socket {
	t.Helper()
	s, err := stack.Socket(family, kind)
	succeed(t, err)
	return s
}

func succeed(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
