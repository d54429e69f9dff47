package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/onsi/gomega"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// screen is what stands on a terminal after everything that was written to it, a line for each row.
// A sequence that it does not know stays visible. Of the sequences it takes those of bars and
// colours (ECMA-48 CUU, ED, SGR).
func screen(written string, columns int) []string {
	rows, row, column := [][]rune{nil}, 0, 0
	if columns == 0 {
		columns = 80 // as terminals do that were told no size
	}
	down := func() {
		if row++; row == len(rows) {
			rows = append(rows, nil)
		}
	}
	for all := []rune(written); len(all) > 0; {
		var n int
		if all[0] == '\x1b' {
			var up int
			var final rune
			if n, up, final = sequence(all); n > 0 {
				switch final {
				case 'A':
					row = max(0, row-up)
				case 'J':
					rows[row] = rows[row][:min(column, len(rows[row]))]
					rows = rows[:row+1]
				}
				all = all[n:]
				continue
			}
		}
		switch all[0] {
		case '\r':
			column = 0
		case '\n':
			down()
		default:
			if column == columns {
				column = 0
				down()
			}
			for len(rows[row]) <= column {
				rows[row] = append(rows[row], ' ')
			}
			rows[row][column] = all[0]
			column++
		}
		all = all[1:]
	}
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = strings.TrimRight(string(r), " ")
	}
	return out
}

// sequence reads ESC [ number final; n is 0 for what is none.
func sequence(all []rune) (n, number int, final rune) {
	if len(all) < 3 || all[1] != '[' {
		return 0, 0, 0
	}
	for i := 2; i < len(all); i++ {
		if all[i] >= '0' && all[i] <= '9' || all[i] == ';' {
			continue
		}
		number, err := strconv.Atoi(string(all[2:i]))
		if err != nil {
			number = 1
		}
		if !slices.Contains([]rune{'A', 'J', 'm'}, all[i]) {
			return 0, 0, 0
		}
		return i + 1, number, all[i]
	}
	return 0, 0, 0
}

func TestScreen(t *testing.T) {
	g := gomega.NewWithT(t)
	g.Expect(screen("a\r\nbar\r\nbaz\r\n\x1b[2A\x1b[Jc\x1b[1md\x1b[0m\r\n", 80)).To(gomega.Equal([]string{"a", "cd", ""}))
	g.Expect(screen("abcde\r\nf", 3)).To(gomega.Equal([]string{"abc", "de", "f"}))
	g.Expect(screen("a\x1b[5Zb", 80)).To(gomega.Equal([]string{"a\x1b[5Zb"}), "what it does not know stays")
}

// longEnough is more than any command of these tests takes on a machine with much else to do.
const longEnough = 4 * time.Minute

// onTerminal runs the command on a terminal of this size, as its session's own, to its end. It
// gives what is left on the screen, and the exit code.
func onTerminal(t *testing.T, rows, columns uint16, args ...string) (left []string, code int) {
	t.Helper()
	outer, inner := terminal(t)
	if err := unix.IoctlSetWinsize(int(inner.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: rows, Col: columns}); err != nil {
		t.Fatal(err)
	}
	run := prepared(args...)
	run.Env = append(run.Env, "TERM=xterm")
	run.Stdin, run.Stdout, run.Stderr = inner, inner, inner
	run.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	_ = inner.Close()
	ctx, stop := context.WithTimeout(context.Background(), longEnough)
	defer stop()
	late := context.AfterFunc(ctx, func() {
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			_ = run.Process.Kill()
		}
	})
	written, err := io.ReadAll(outer)
	if err != nil && !errors.Is(err, unix.EIO) { // no process has the inner end open any more
		t.Fatal(err)
	}
	_ = run.Wait()
	if !late() {
		t.Fatalf("%q did not end: %q", args, written[max(0, len(written)-1000):])
	}
	return screen(string(written), int(columns)), run.ProcessState.ExitCode()
}

// unfinished are signs of progress, which are gone at the end.
var unfinished = []string{"[=", "[>", "[-", "waits for its turn", "⠋", " left", "\x1b"}

// TestCommandsOnTerminal runs every command on a terminal to its end, also on one that was told no
// size.
func TestCommandsOnTerminal(t *testing.T) {
	unable.Long(t, "it measures on a terminal")
	dir := lent(t)
	t.Setenv("TMPDIR", dir)
	sweep := filepath.Join(dir, "sweep.json")
	little := []string{"--claims", "v4.block.bind", "--wire", "off", "--seed", "7"}
	none := []string{"--claims", "none", "--wire", "off"}
	if r := loopmatrix(t, append([]string{"run", "--sweep", "udp=127.0.0.0/28", "--out", sweep}, none...)...); r.code != exitFine {
		t.Fatal(r.stderr)
	}
	for name, c := range map[string]struct {
		args []string
		code int
		left string
	}{
		"run":              {append([]string{"run"}, little...), exitFine, "Can I bind 127.0.0.2 without any set-up?"},
		"run verbose":      {append([]string{"run", "--verbose"}, little...), exitFine, "1/1  v4.block.bind              observed     whole-block"},
		"run quiet":        {append([]string{"run", "--quiet"}, little...), exitFine, "Can I bind 127.0.0.2 without any set-up?"},
		"run out":          {append([]string{"run", "--out", dir}, little...), exitFine, "wrote " + dir},
		"run repeat":       {append([]string{"run", "--repeat", "2"}, little...), exitFine, "2 runs in"},
		"run target":       {append([]string{"run", "--target", "local", "--as", "user"}, little...), exitFine, "Can I bind 127.0.0.2 without any set-up?"},
		"run targets out":  {append([]string{"run", "--target", "local", "--out", dir}, little...), exitFine, "local: wrote " + dir},
		"run target sweep": {append([]string{"run", "--target", "local", "--as", "user", "--sweep", "udp=127.0.0.0/28"}, none...), exitFine, "16 of 16 addresses"},
		"run udp":          {append([]string{"run", "--sweep", "udp=127.0.0.0/20"}, none...), exitFine, "probes"},
		"run bind":         {append([]string{"run", "--sweep", "bind=127.0.0.0/28"}, none...), exitFine, "probes"},
		"run tcp":          {append([]string{"run", "--sweep", "tcp=127.0.0.0/28"}, none...), exitFine, "probes"},
		"run icmp":         {append([]string{"run", "--sweep", "icmp=127.0.0.0/28"}, none...), exitFine, "probes"},
		"run listeners":    {append([]string{"run", "--sweep", "listeners=20"}, none...), exitFine, "20"},
		"run baseline":     {append([]string{"run", "--baseline", sweep}, none...), exitFine, "Nothing was compared"},
		"matrix report":    {[]string{"matrix", sweep}, exitFine, model.NotSelected},
		"compare":          {[]string{"compare", sweep, sweep}, exitFine, "Nothing has changed"},
		"check":            {[]string{"check", sweep}, exitUsage, "valid, but not fit for"},
		"claims":           {[]string{"claims"}, exitFine, "the other end of a link."},
		"claims platforms": {[]string{"claims", "v4.block.bind", "--platforms"}, exitFine, "whole-block, measured 20"},
		"map":              {[]string{"map", sweep}, exitFine, "▀"},
		"targets":          {[]string{"targets"}, exitFine, "local"},
		"faults":           {[]string{"faults", "nonsense"}, exitUsage, "there is no such fault"},
		"help":             {nil, exitFine, "Available Commands"},
	} {
		for size, s := range map[string][2]uint16{"80x24": {24, 80}, "0x0": {}} {
			t.Run(name+" "+size, func(t *testing.T) {
				left, code := onTerminal(t, s[0], s[1], c.args...)
				ended(t, left, code, c.code, c.left)
			})
		}
	}
}

// ended checks how a command ended on a terminal.
func ended(t *testing.T, left []string, code, want int, shows string) {
	t.Helper()
	g := gomega.NewWithT(t)
	text := strings.Join(left, "\n")
	g.Expect(code).To(gomega.Equal(want), text)
	g.Expect(strings.Join(strings.Fields(text), " ")).To(gomega.ContainSubstring(strings.Join(strings.Fields(shows), " ")), "wherever lines are folded")
	for _, u := range unfinished {
		g.Expect(text).NotTo(gomega.ContainSubstring(u))
	}
}

// TestMatrixOnTerminal measures everything, and tells which column is this machine.
func TestMatrixOnTerminal(t *testing.T) {
	if testing.Short() {
		t.Skip("it measures every claim")
	}
	unable.Skip(t, sheltered())
	left, code := onTerminal(t, 24, 80, "matrix")
	ended(t, left, code, exitFine, "loopmatrix matrix --all shows every claim here and in all published columns.")
	g := gomega.NewWithT(t)
	g.Expect(left[0]).To(gomega.Equal("This machine"))
	g.Expect(left).To(gomega.ContainElements("What people ask", "What differs from the nearest published column"))
	g.Expect(len(left)).To(gomega.BeNumerically("<", 250))
	for _, line := range left {
		g.Expect(line).NotTo(gomega.MatchRegexp(`^. exempt\.|^. jail\.`))
	}
}

// TestFaultOnTerminal puts one fault into a private host.
func TestFaultOnTerminal(t *testing.T) {
	if testing.Short() {
		t.Skip("it measures every claim twice")
	}
	_, err := privatehost.Probe()
	unable.Skip(t, err)
	left, code := onTerminal(t, 24, 80, "faults", privatehost.Faults()[0].Name)
	ended(t, left, code, exitFine, "1 faults, 1 as they should be")
}

// TestSample compares the sample in README with what the command shows, but for the lines that tell
// when and where.
func TestSample(t *testing.T) {
	g := gomega.NewWithT(t)
	b, err := os.ReadFile("../../README.md")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	_, sample, found := strings.Cut(string(b), "$ bin/loopmatrix run --claims v4.block.bind\n")
	g.Expect(found).To(gomega.BeTrue())
	timeless := func(s string) string {
		_, s, _ = strings.Cut(s, "\n\n")
		end := regexp.MustCompile(`\n\n169 probes for 1 of \d+ claims in `).FindStringIndex(s) // a claim may be added
		g.Expect(end).NotTo(gomega.BeNil(), s)
		return s[:end[0]]
	}
	shown := loopmatrix(t, "run", "--claims", "v4.block.bind", "--wire", "off", "--quiet").stdout
	g.Expect(timeless(sample)).To(gomega.Equal(timeless(shown)))
}
