//go:build unix

package remote

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// brokenRole is that of a program that breaks the protocol, in the way that its argument says.
const brokenRole = "test-broken-stack"

func init() { child.Handle(brokenRole, broken) }

// brokenProgram is the command of a program that breaks the protocol.
func brokenProgram(t *testing.T, way string) []string {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	return []string{"env", child.Assignment(brokenRole) + " " + way, self}
}

// greetings are those of programs that break the protocol at once, and what is said of them. An
// empty one is a program that says nothing.
var greetings = []struct{ way, greeting, says string }{
	{"silent", "", "no greeting within 1s"},
	{"text", "Listening on port 80\n", `its length is the text "List"`},
	{"version", frame(`{"protocol":"loopmatrix stack","version":2,"name":"x"}`), `in version 2 instead of "loopmatrix stack" in version 1`},
	{"protocol", frame(`{"protocol":"other","version":1,"name":"x"}`), `greeting of "other"`},
	{"nameless", frame(`{"protocol":"loopmatrix stack","version":1}`), "it takes 1 to 60 printable characters"},
	{"long-name", frame(`{"protocol":"loopmatrix stack","version":1,"name":"` + strings.Repeat("x", 61) + `"}`), "it takes 1 to 60 printable characters"},
	{"control", frame(`{"protocol":"loopmatrix stack","version":1,"name":"a\u001bb"}`), "it takes 1 to 60 printable characters"},
	{"release", frame(`{"protocol":"loopmatrix stack","version":1,"name":"x","release":"` + strings.Repeat("1", 41) + `"}`), "it takes up to 40 printable characters"},
	{"too-long", "\x00\x10\x00\x01", "a message of 1048577 bytes, and 1048576 are the most"},
	{"no-json", frame(`{]`), `invalid character ']'`},
	{"no-object", frame(`[1]`), "cannot unmarshal array"},
}

// answers are those to the first request of programs that break the protocol then. An empty one is
// a program that says nothing.
var answers = []struct{ way, answer, says string }{
	{"mute", "", "no answer to request 1, socket, within 1s"},
	{"unasked", frame(`{"id":7,"socket":1}`), "message 2: an answer to request 7, which is not waiting for one"},
	{"no-number", frame(`{"id":1}`), `the answer to request 1, socket: "socket" is 0`},
	{"garbage", "<html>", "only messages go to standard output"},
	{"broken-json", frame(`{"id":1,`), "unexpected end of JSON input"},
	{"errno", frame(`{"id":1,"error":{"call":"socket","errno":"no luck"}}`), `"errno" is "no luck"`},
	{"outcome", frame(`{"id":1,"error":{"call":"socket","outcome":"fine"}}`), `"outcome" is "fine"`},
	{"ok", frame(`{"id":1,"error":{"call":"socket","outcome":"ok"}}`), `"outcome" is "ok"`},
	{"call", frame(`{"id":1,"error":{"outcome":"timeout"}}`), `"call" is ""`},
	{"half", "\x00\x00\x00\x20{", "the program has ended in the middle of a message, by exit status 1; it wrote last: \"the end\""},
	{"gone", "end", "the program has ended, by exit status 1; it wrote last: \"the end\""},
	{"closed", "close", "the program has closed its standard output"},
}

func frame(text string) string { return fmt.Sprintf("\x00\x00\x00%c%s", len(text), text) }

func broken(way string) error {
	for _, g := range greetings {
		if g.way == way {
			_, _ = io.WriteString(os.Stdout, g.greeting)
			select {} // until it is killed: it ignores SIGTERM
		}
	}
	_, _ = io.WriteString(os.Stdout, frame(`{"protocol":"loopmatrix stack","version":1,"name":"broken"}`))
	var q request
	if err := readFrame(os.Stdin, &q); err != nil {
		return err
	}
	for _, a := range answers {
		if a.way != way {
			continue
		}
		switch {
		case a.way == "half":
			_, _ = io.WriteString(os.Stdout, a.answer)
			return errors.New("the end")
		case a.answer == "end":
			return errors.New("the end")
		case a.answer == "close":
			_ = os.Stdout.Close()
		default:
			_, _ = io.WriteString(os.Stdout, a.answer)
		}
	}
	time.Sleep(time.Hour)
	return nil
}

// gone fails unless a program has ended, and its group with it.
func gone(t *testing.T, c *Command) {
	t.Helper()
	select {
	case <-c.exited:
	case <-time.After(time.Minute):
		t.Fatal("the program is still there after a minute")
	}
}

func TestGreetingsThatAreNone(t *testing.T) {
	for _, c := range greetings {
		t.Run(c.way, func(t *testing.T) {
			begun := time.Now()
			p, err := begin(t.Context(), brokenProgram(t, c.way), time.Second, time.Second, nil)
			if err == nil {
				_ = p.Close()
				t.Fatal("it is taken for a stack")
			}
			if !strings.Contains(err.Error(), c.says) || len(err.Error()) > 400 {
				t.Errorf("%q is said, want %q", err, c.says)
			}
			if took := time.Since(begun); took > 30*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	for _, c := range answers {
		t.Run(c.way, func(t *testing.T) {
			failed := make(chan struct{})
			p, err := begin(t.Context(), brokenProgram(t, c.way), time.Minute, time.Second, func() { close(failed) })
			must(t, err)
			if _, err := p.Socket(sock.Inet, sock.UDP); sock.OutcomeOf(err) != observation.Failed {
				t.Errorf("the call gives %v", err)
			}
			<-failed
			if err := p.Failure(); err == nil || !strings.Contains(err.Error(), c.says) || len(err.Error()) > 400 {
				t.Errorf("%v is said, want %q", err, c.says)
			}
			if _, err := p.Socket(sock.Inet, sock.UDP); sock.OutcomeOf(err) != observation.Failed {
				t.Errorf("a later call gives %v", err)
			}
			gone(t, p)
		})
	}
}

// TestCommand measures nothing wrong: what a stack answers after Close is no failure of it.
func TestCommand(t *testing.T) {
	self, err := os.Executable()
	must(t, err)
	p, err := Begin(t.Context(), []string{"env", child.Assignment(role) + " ", self}, time.Minute, func() { t.Error("it has failed") })
	must(t, err)
	if name, release, second := p.Greeting(); name != sock.Kernel().Name() || release != "" || second {
		t.Errorf("it greets as %q %q %v", name, release, second)
	}
	must(t, open(t, p, sock.UDP).Bind(loopback))
	must(t, p.Close())
	gone(t, p)
	if err := p.Failure(); err != nil {
		t.Errorf("it has failed: %v", err)
	}
	if _, err := p.Socket(sock.Inet, sock.UDP); !errors.Is(err, errClosed) {
		t.Errorf("a call after Close gives %v", err)
	}
}

func TestCommandThatIsNone(t *testing.T) {
	if _, err := Begin(t.Context(), []string{filepath.Join(t.TempDir(), "none")}, time.Minute, nil); err == nil || !strings.Contains(err.Error(), "it can't be started") {
		t.Errorf("it gives %v", err)
	}
}

// TestEndOfTheContext ends a program that has not greeted yet.
func TestEndOfTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, cancel)
	if _, err := Begin(ctx, brokenProgram(t, "silent"), time.Hour, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("it gives %v", err)
	}
}

// held is a command that holds a FIFO open, in a process that its first one has started as well,
// and greets.
func held(fifo string) []string {
	greets := `{"protocol":"loopmatrix stack","version":1,"name":"held"}`
	return []string{"sh", "-c", `exec 9>"$1"; sleep 3600 & printf "$2"; sleep 3600`, "sh", fifo, fmt.Sprintf(`\0\0\0\%03o%s`, len(greets), greets)}
}

// released waits until no process holds a FIFO open, which was opened for reading.
func released(t *testing.T, fifo *os.File) {
	t.Helper()
	ended := make(chan error, 1)
	go func() {
		_, err := io.ReadAll(fifo)
		ended <- err
	}()
	select {
	case err := <-ended:
		must(t, err)
	case <-time.After(time.Minute):
		t.Fatal("something is still there after a minute")
	}
}

// fifo makes a FIFO; opened opens it for reading as soon as it is open for writing.
func fifo(t *testing.T) (path string, opened func() *os.File) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "fifo")
	must(t, unix.Mkfifo(path, 0o600))
	return path, func() *os.File {
		f, err := os.Open(path)
		must(t, err)
		t.Cleanup(func() { _ = f.Close() })
		return f
	}
}

// TestWhatACommandStarts: it ends with the command.
func TestWhatACommandStarts(t *testing.T) {
	path, opened := fifo(t)
	reading := make(chan *os.File, 1)
	go func() { reading <- opened() }()
	c, err := Begin(t.Context(), held(path), time.Minute, nil)
	must(t, err)
	f := <-reading
	must(t, c.Close())
	released(t, f)
}

// commandOfParent makes the test binary a parent that begins a command and waits to be killed.
const commandOfParent = "LOOPMATRIX_TEST_COMMAND"

// TestKilledParentOfACommand kills a parent. Everything that its command has started ends as well.
func TestKilledParentOfACommand(t *testing.T) {
	self, err := os.Executable()
	must(t, err)
	path, opened := fifo(t)
	parent := exec.Command(self)
	parent.Env = append(os.Environ(), commandOfParent+"="+path)
	_, err = parent.StdinPipe()
	must(t, err)
	out, err := parent.StdoutPipe()
	must(t, err)
	must(t, parent.Start())
	f := opened()
	if said, err := bufio.NewReader(out).ReadString('\n'); err != nil || said != "started\n" {
		t.Fatalf("the parent said %q, %v", said, err)
	}
	must(t, parent.Process.Kill())
	_ = parent.Wait() // it was killed
	released(t, f)
}

func parentOfACommand() {
	path := os.Getenv(commandOfParent)
	if path == "" {
		return
	}
	if _, err := Begin(context.Background(), held(path), time.Minute, nil); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("started")
	_, _ = io.Copy(io.Discard, os.Stdin) // until it is killed
}
