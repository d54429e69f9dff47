//go:build unix

package undo

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// does says what a process of this test is: "parent" or "worker". folder is the machine that it
// changes.
const does, folder = "UNDO_TEST_ROLE", "UNDO_TEST_FOLDER"

func TestMain(m *testing.M) {
	Handle(func() (Kinds, error) { return files, nil })
	child.Main()
	switch os.Getenv(does) {
	case "parent":
		parent()
	case "worker":
		if err := worker(os.Getenv(folder)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	default:
		os.Exit(m.Run())
	}
}

// files stand for interfaces, which are removed, and switches, which get their old value.
var files = Kinds{
	"remove": func(s Step) error {
		if err := os.Remove(s.Args[0]); !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return nil
	},
	"set": func(s Step) error { return os.WriteFile(s.Args[0], []byte(s.Args[1]), 0o600) },
}

// parent starts the worker as the kit starts the process in which a part of a claim is measured.
func parent() {
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), does+"=worker")
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	_, err := c.StdinPipe() // it ends with this process
	fmt.Println("parent", os.Getpid())
	if err := errors.Join(err, c.Run()); err != nil {
		os.Exit(1)
	}
}

// changes is how many changes a worker makes; enough that many kills come in the middle.
const changes = 40

func worker(in string) error {
	child.ExitWithInput()
	g, err := Start(files, func(err error) { fmt.Fprintln(os.Stderr, err); os.Exit(3) })
	if err != nil {
		return err
	}
	fmt.Println("worker", os.Getpid())
	fmt.Println("guard", g.process.Process.Pid)
	value := "original"
	for i := range changes {
		err = errors.Join(err, g.Change(func(will func(Step) error) error {
			file, toggle := filepath.Join(in, strconv.Itoa(i)), filepath.Join(in, "switch")
			if err := will(Step{Kind: "remove", Args: []string{file}}); err != nil {
				return err
			}
			if err := os.WriteFile(file, nil, 0o600); err != nil {
				return err
			}
			if err := will(Step{Kind: "set", Args: []string{toggle, value}}); err != nil {
				return err
			}
			value = strconv.Itoa(i)
			return os.WriteFile(toggle, []byte(value), 0o600)
		}))
		fmt.Println("change", i)
	}
	return errors.Join(err, g.Close())
}

// TestKilled kills one of the three processes at a random moment. When all are gone, everything is
// as it was.
func TestKilled(t *testing.T) {
	unable.Long(t, "it kills a process at each step")
	seed := rand.Uint64()
	t.Log("seed", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for i := range 100 {
		victim := []string{"parent", "worker", "guard", "nobody"}[i%4]
		said := killed(t, victim, random.IntN(changes+3), time.Duration(random.IntN(300))*time.Microsecond)
		if t.Failed() {
			t.Fatalf("run %d, %s killed; they said:\n%s", i, victim, said)
		}
	}
}

// killed kills the victim so many lines into the work, and a moment later. It gives what was said
// on standard error.
func killed(t *testing.T, victim string, after int, moment time.Duration) string {
	machine := t.TempDir()
	toggle := filepath.Join(machine, "switch")
	if err := os.WriteFile(toggle, []byte("original"), 0o600); err != nil {
		t.Fatal(err)
	}
	first := exec.Command(os.Args[0])
	first.Env = append(os.Environ(), does+"=parent", folder+"="+machine)
	out, err := first.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	complaints, err := first.StderrPipe() // all three hold its other end: at its end all are gone
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	go kill(out, victim, after, moment)
	said, _ := io.ReadAll(complaints)
	_ = first.Wait()
	value, err := os.ReadFile(toggle)
	left, _ := filepath.Glob(filepath.Join(machine, "*"))
	if err != nil || string(value) != "original" || len(left) != 1 {
		t.Errorf("the switch is %q (%v), and there are %q", value, err, left)
	}
	return string(said)
}

// kill reads what the processes say, and kills the victim so many lines after all of them have told
// their numbers.
func kill(out io.Reader, victim string, after int, moment time.Duration) {
	lines := bufio.NewScanner(out)
	pids := map[string]int{}
	for n := 0; lines.Scan(); n++ {
		if who, number, is := strings.Cut(lines.Text(), " "); is && who != "change" {
			pids[who], _ = strconv.Atoi(number)
		}
		if n == after+len(pids) && pids[victim] != 0 {
			<-time.After(moment)
			_ = syscall.Kill(pids[victim], syscall.SIGKILL)
		}
	}
}

// TestStartOfNoGuard: a program whose main does not call Main is no guard.
func TestStartOfNoGuard(t *testing.T) {
	g := &Guard{heard: make(chan struct{}, 1), gone: make(chan struct{})}
	g.listen(strings.NewReader(""))
	if err := g.answered(); !errors.Is(err, ErrLost) {
		t.Error(err)
	}
}

// TestLostTakesBack: what is held is closed first, then everything is taken back, and no change is
// made any more.
func TestLostTakesBack(t *testing.T) {
	var taken []string
	g := &Guard{kinds: noted(&taken), steps: []Step{{Kind: "note", Args: []string{"route"}}}, gone: make(chan struct{})}
	g.Hold(func() error { taken = append(taken, "cable"); return nil })
	close(g.gone)
	var err error
	g.watch(func(e error) { err = e })
	if !errors.Is(err, ErrLost) || strings.Join(taken, " ") != "cable route" {
		t.Errorf("%v, took back %q", err, taken)
	}
	if err := g.Change(func(func(Step) error) error { t.Error("a change after the end"); return nil }); !errors.Is(err, ErrLost) {
		t.Error(err)
	}
	if err := g.Close(); !errors.Is(err, ErrLost) {
		t.Error(err)
	}
}
