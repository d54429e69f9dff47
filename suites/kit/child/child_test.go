package child

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"
)

// The roles of these tests.
const (
	says     = "says"     // writes its argument and its environment
	fails    = "fails"    // gives an error
	reads    = "reads"    // ends with its input, like most
	deaf     = "deaf"     // reads nothing
	parent   = "parent"   // starts a child in the role of its argument, says so and waits
	program  = "program"  // the program as such
	grandson = "grandson" // starts a child that says something
)

func init() {
	Handle(says, func(argument string) error {
		fmt.Printf("%s in %q\n", argument, os.Getenv(variable))
		return nil
	})
	Handle(fails, errors.New)
	Handle(reads, func(string) error { ExitWithInput(); return serveForEver() })
	Handle(deaf, func(string) error { return serveForEver() })
	Handle(parent, func(argument string) error {
		r, survives := strings.CutPrefix(argument, "outlived by ")
		if _, err := Start(r, Options{Outlives: survives}); err != nil {
			return err
		}
		fmt.Println("started")
		return serveForEver()
	})
	Handle(grandson, func(argument string) error {
		out, err := output(says, Options{Argument: argument})
		fmt.Print(out)
		return err
	})
	Handle(program, nil)
}

// serveForEver waits until the process is ended; a deadlock has no timer.
func serveForEver() error {
	for {
		time.Sleep(time.Hour)
	}
}

func TestMain(m *testing.M) {
	Main()
	if Role() == program {
		fmt.Println("the program with", os.Args[1:])
		os.Exit(7)
	}
	os.Exit(m.Run())
}

// output runs a child to its end and gives all that it wrote.
func output(role string, o Options) (string, error) {
	c, err := Command(context.Background(), role, o)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	c.Stdout, c.Stderr = &out, &out
	err = Run(c)
	return out.String(), err
}

func TestRoles(t *testing.T) {
	for _, c := range []struct {
		name, role string
		o          Options
		want       string
		code       int
	}{
		{"a role and its argument", says, Options{Argument: `{"a": "b c"}`}, `{"a": "b c"} in ""` + "\n", 0},
		{"no argument", says, Options{}, ` in ""` + "\n", 0},
		{"an error", fails, Options{Argument: "no luck"}, "no luck\n", 1},
		{"no such role", "nothing", Options{}, "there is no role \"nothing\"\n", 1},
		{"a child of a child", grandson, Options{Argument: "hello"}, `hello in ""` + "\n", 0},
		{"the program as such", program, Options{Arguments: []string{"a", "b"}}, "the program with [a b]\n", 7},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, err := output(c.role, c.o)
			exit, _ := errors.AsType[*exec.ExitError](err)
			if out != c.want || exit == nil && (err != nil || c.code != 0) || exit != nil && exit.ExitCode() != c.code {
				t.Errorf("it wrote %q, %v; want %q and code %d", out, err, c.want, c.code)
			}
		})
	}
}

// TestNested has a child whose main does not call Main: it must not start itself for ever.
func TestNested(t *testing.T) {
	t.Cleanup(func() { role, begun = "", true })
	role, begun = says, false
	if _, err := Start(says, Options{}); !errors.Is(err, ErrNested) {
		t.Errorf("Start gives %v", err)
	}
}

func TestTwoRolesOfOneName(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a role was registered twice")
		}
	}()
	Handle(says, nil)
}

func TestEnd(t *testing.T) {
	p, err := Start(reads, Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = p.End(0)
	if exit, is := errors.AsType[*exec.ExitError](err); !is || exit.ExitCode() != 1 {
		t.Errorf("the end of its input gives %v", err)
	}
	if p, err = Start(deaf, Options{}); err != nil {
		t.Fatal(err)
	}
	if err = p.End(time.Millisecond); err == nil {
		t.Error("one that does not end was not killed")
	}
	if p, err = Start(deaf, Options{}); err != nil {
		t.Fatal(err)
	}
	if err = p.Kill(io.ErrUnexpectedEOF); err == nil {
		t.Error("one that was killed ended well")
	}
}

// kills lists the systems that kill a child with its parent. The others leave it to the end of
// standard input.
var kills = []string{"linux", "freebsd", "windows"}

// TestKilledParent kills a parent and waits for the end of what its child inherited: standard error
// is the pipe that this test reads, and it ends when no process holds it any more.
func TestKilledParent(t *testing.T) {
	for _, c := range []struct{ name, argument string }{
		{"by the end of its input", "outlived by " + reads},
		{"by the system", deaf},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.argument == deaf && !strings.Contains(strings.Join(kills, " "), runtime.GOOS) {
				t.Skip(runtime.GOOS + " kills no child with its parent")
			}
			left, theirs, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = left.Close() }()
			p, err := Command(t.Context(), parent, Options{Argument: c.argument})
			if err != nil {
				t.Fatal(err)
			}
			p.Stderr = theirs
			out, err := p.StdoutPipe()
			if err == nil {
				err = p.Start()
			}
			if err != nil {
				t.Fatal(err)
			}
			_ = theirs.Close()
			if said, err := bufio.NewReader(out).ReadString('\n'); err != nil || said != "started\n" {
				t.Fatalf("the parent said %q, %v", said, err)
			}
			if err := p.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = p.Wait() // it was killed
			gone := make(chan error, 1)
			go func() {
				_, err := io.ReadAll(left)
				gone <- err
			}()
			select {
			case err := <-gone:
				if err != nil {
					t.Error(err)
				}
			case <-time.After(time.Minute):
				t.Error("the child is still there a minute after its parent was killed")
			}
		})
	}
}
