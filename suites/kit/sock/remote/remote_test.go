package remote

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// parentRole makes the test binary a parent that starts a child, says so and waits to be killed.
const parentRole = "LOOPMATRIX_TEST_PARENT"

func TestMain(m *testing.M) {
	child.Main()
	parentOfACommand()
	if os.Getenv(parentRole) != "" {
		if _, err := Start(); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("started")
		_, _ = io.Copy(io.Discard, os.Stdin) // until it is killed; where nothing else is waited for, select {} is a deadlock
	}
	os.Exit(m.Run())
}

func started(t *testing.T) *Process {
	t.Helper()
	p, err := Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

func open(t *testing.T, stack sock.Stack, kind sock.Type) sock.Socket {
	t.Helper()
	s, err := stack.Socket(sock.Inet, kind)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var loopback = netip.MustParseAddrPort("127.0.0.1:0")

func TestConnectionBetweenTwoProcesses(t *testing.T) {
	p := started(t)
	server := open(t, p, sock.TCP)
	must(t, server.Bind(loopback))
	must(t, server.Listen(1))
	at, err := server.Name()
	must(t, err)
	client := open(t, sock.Kernel(), sock.TCP)
	defer func() { _ = client.Close() }()
	must(t, client.Connect(at, sock.Patience))
	must(t, client.Send([]byte("to the second process")))
	accepted, from, err := server.Accept(sock.Patience)
	must(t, err)
	if name, err := client.Name(); err != nil || name != from {
		t.Errorf("accept gives %v, the client is %v (%v)", from, name, err)
	}
	if peer, err := accepted.PeerName(); err != nil || peer != from {
		t.Errorf("getpeername gives %v, %v", peer, err)
	}
	m, err := accepted.Recv(100, sock.Patience)
	if err != nil || string(m.Data) != "to the second process" {
		t.Errorf("received %q, %v", m.Data, err)
	}
	must(t, accepted.Close())
	if m, err := client.Recv(1, sock.Patience); err != nil || len(m.Data) != 0 {
		t.Errorf("after close: %q, %v", m.Data, err)
	}
}

func TestDatagramsAndOptions(t *testing.T) {
	p := started(t)
	a, b := open(t, p, sock.UDP), open(t, p, sock.UDP)
	must(t, a.SetOption(sock.ReuseAddr, 1))
	if v, err := a.Option(sock.ReuseAddr); err != nil || v == 0 {
		t.Errorf("SO_REUSEADDR is %d, %v", v, err)
	}
	must(t, a.Bind(loopback))
	at, err := a.Name()
	must(t, err)
	must(t, b.SendTo([]byte{1, 2, 3}, at))
	m, err := a.Recv(100, sock.Patience)
	if err != nil || len(m.Data) != 3 || m.From.Addr() != at.Addr() || m.TTL != -1 || m.To.IsValid() {
		t.Errorf("received %+v, %v", m, err)
	}
}

func TestErrorsSurviveTheTrip(t *testing.T) {
	p := started(t)
	first, second := open(t, p, sock.UDP), open(t, p, sock.UDP)
	must(t, first.Bind(loopback))
	at, err := first.Name()
	must(t, err)
	var e *sock.Error
	err = second.Bind(at)
	if !errors.As(err, &e) || e.Op != "bind" || e.Errno != "EADDRINUSE" || e.Number == 0 || e.Outcome != observation.InUse {
		t.Errorf("bind gives %#v", err)
	}
	begun := time.Now()
	if _, err := first.Recv(1, 50*time.Millisecond); sock.OutcomeOf(err) != observation.Timeout {
		t.Errorf("recv gives %v", err)
	}
	if took := time.Since(begun); took < 50*time.Millisecond || took > time.Minute {
		t.Errorf("a deadline of 50 ms took %s", took)
	}
	must(t, second.Close())
	if err := second.Close(); sock.OutcomeOf(err) != observation.Failed {
		t.Errorf("second close gives %v", err)
	}
}

func TestWaitingCallLeavesOthersAlone(t *testing.T) {
	p := started(t)
	waits, works := open(t, p, sock.UDP), open(t, p, sock.UDP)
	must(t, waits.Bind(loopback))
	got := make(chan error, 1)
	go func() {
		_, err := waits.Recv(1, time.Hour)
		got <- err
	}()
	must(t, works.Bind(loopback)) // answered although the other call is still waiting
	must(t, p.Close())
	if err := <-got; sock.OutcomeOf(err) != observation.Failed || !errors.Is(err, errEnded) {
		t.Errorf("the waiting call gives %v", err)
	}
	if _, err := p.Socket(sock.Inet, sock.UDP); !errors.Is(err, errEnded) {
		t.Errorf("a call after Close gives %v", err)
	}
}

// TestCallWhileItEnds asks a process that was told to end and has not ended yet.
func TestCallWhileItEnds(t *testing.T) {
	p := started(t)
	must(t, p.in.Close())
	if _, err := p.Socket(sock.Inet, sock.UDP); sock.OutcomeOf(err) != observation.Failed || !errors.Is(err, errEnded) {
		t.Errorf("the call gives %v", err)
	}
}

// TestKilledParent kills a parent and waits for the end of what the child inherited: its stderr is
// the pipe that this test reads, and ends when nobody holds it any more.
func TestKilledParent(t *testing.T) {
	self, err := os.Executable()
	must(t, err)
	fromChild, toTest, err := os.Pipe()
	must(t, err)
	defer func() { _ = fromChild.Close() }()
	parent := exec.Command(self)
	parent.Env = append(os.Environ(), parentRole+"=1")
	parent.Stderr = toTest
	_, err = parent.StdinPipe()
	must(t, err)
	out, err := parent.StdoutPipe()
	must(t, err)
	must(t, parent.Start())
	must(t, toTest.Close())
	if said, err := bufio.NewReader(out).ReadString('\n'); err != nil || said != "started\n" {
		t.Fatalf("the parent said %q, %v", said, err)
	}
	must(t, parent.Process.Kill())
	_ = parent.Wait() // it was killed
	gone := make(chan error, 1)
	go func() {
		_, err := io.ReadAll(fromChild)
		gone <- err
	}()
	select {
	case err := <-gone:
		must(t, err)
	case <-time.After(time.Minute):
		t.Fatal("the child is still there a minute after its parent was killed")
	}
}

func TestGreetingOfAStranger(t *testing.T) {
	stranger, in := io.Pipe()
	go func() {
		_, _ = io.WriteString(in, "PASS\nok and whatever else a test binary prints\n")
		_ = in.Close()
	}()
	_, nobody := io.Pipe()
	if p, err := Dial(stranger, nobody); err == nil {
		t.Errorf("a stranger is taken for %s", p.Name())
	}
}
