package targets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
)

// keeper is what runs there first and last: it makes a folder that programs can be started from,
// prints what machine it is on, waits for the end of its input, and removes the folder. Its input
// ends when this side is done, is killed, or loses the line. Whether this user can become root is
// tried only where that was asked for. The braces make the shell read all of it before it begins. A
// kit that ends only now may still write: it gets three seconds, of which it needs two. Root's kit
// becomes an ordinary user, who has to get through to a folder in there.
const keeper = `{
new() { d=$(mktemp -d "$1/loopmatrix.XXXXXXXX") && chmod 711 "$d" && printf '#!/bin/sh\n' >"$d/try" && chmod 700 "$d/try" && "$d/try"; }
new "${TMPDIR:-/tmp}" || { rm -rf "$d"; new "$HOME" || { rm -rf "$d"; exit 1; }; }
up=no
if [ "$(id -u)" = 0 ]; then up=is
elif [ "$become" != yes ]; then up=no
elif sudo -n true >/dev/null 2>&1; then up=sudo
elif doas -n true >/dev/null 2>&1; then up=doas
fi
away() { rm -rf "$d" || { sleep 3; rm -rf "$d"; } || { [ $up != no ] && $up -n rm -rf "$d"; }; }
trap away EXIT
trap 'exit 1' HUP INT TERM PIPE
echo "loopmatrix-is-here $(uname -s) $(uname -m) $(uname -p 2>/dev/null || echo unknown) $up $d"
cat >/dev/null
exit 0
}
`

// becomes returns the line of the keeper that says whether a user of the order may be another than
// who logs in.
func becomes(o Order) string {
	if slices.Contains(o.Users, Root) {
		return "become=yes\n"
	}
	return "become=no\n"
}

// there is a folder on a machine with a POSIX shell.
type there struct {
	goos, goarch string
	rights       string // "is" root, may become it by "sudo" or "doas", or "no"
	folder       string
	done         <-chan error
	stdin        io.Closer
	kill         context.CancelFunc
}

// errNoShell means that a machine answers and has no POSIX shell.
var errNoShell = errors.New("there is no POSIX shell")

// enter starts the keeper and reads what it prints. The keeper outlives the end of the context
// until leave: it cleans up.
func (s secureShell) enter(ctx context.Context, o Order) (*there, error) {
	beyond, kill := context.WithCancel(context.WithoutCancel(ctx))
	p := s.command(beyond, o, "sh")
	told := &greeting{found: make(chan string, 1), refused: make(chan error, 1)}
	p.Stdout = told
	hold, err := p.StdinPipe()
	if err != nil {
		kill()
		return nil, err
	}
	done := make(chan error, 1)
	go func() { done <- p.run() }()
	t := &there{done: done, stdin: hold, kill: kill}
	err = within(ctx, o.Limits.Prepare, "connect", func(ctx context.Context) error {
		_, _ = io.WriteString(hold, becomes(o)+keeper) // a shell that does not read it ends, which is an error below
		select {
		case line := <-told.found:
			return t.read(line)
		case err := <-told.refused:
			return err
		case err := <-done:
			done <- nil // for leave
			if len(told.refused) > 0 {
				return <-told.refused
			}
			if err = overLine(p, err); !errors.Is(err, errNoLine) {
				err = fmt.Errorf("%w: %w", errNoShell, err)
			}
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	if err != nil {
		t.leave(o)
	}
	return t, err
}

// greeting waits for the one line that begins with the right word; login scripts may write others
// before it. It keeps no more than the line that is not whole yet.
type greeting struct {
	found   chan string
	refused chan error
	line    []byte
	read    int // bytes
	over    bool
}

// maxGreeting is more than login scripts write before a command, in bytes.
const maxGreeting = 1 << 20

// maxLine is the longest line that may be the keeper's, in bytes: a longer one is skipped.
const maxLine = 4096

// errNotFound is behind the error for a machine that writes on without the line.
var errNotFound = fmt.Errorf("it wrote %d KiB, and the line of the kit is not among them; do its login scripts end?", maxGreeting>>10)

var greets = regexp.MustCompile(`^loopmatrix-is-here (.*[^\r])\r?$`)

// Write refuses more than maxGreeting bytes without the line, which ends the process that writes.
func (g *greeting) Write(p []byte) (int, error) {
	for rest := p; !g.over && len(rest) > 0; {
		line, after, whole := bytes.Cut(rest, []byte("\n"))
		if g.read += len(line); g.read > maxGreeting {
			g.over = true
			g.refused <- errNotFound
			return 0, errNotFound
		}
		g.line = append(g.line, line[:min(len(line), maxLine+1-len(g.line))]...)
		if !whole {
			break
		}
		if found := greets.FindSubmatch(g.line); found != nil && len(g.line) <= maxLine {
			g.found <- string(found[1])
			g.over = true
		}
		g.read, g.line, rest = g.read+1, g.line[:0], after
	}
	return len(p), nil
}

// plainPath is a path that needs no quotes in any shell.
var plainPath = regexp.MustCompile(`^/[A-Za-z0-9._/-]+$`)

// read takes the keeper's line apart: system, machine, processor, rights, folder.
func (t *there) read(line string) error {
	words := strings.Fields(line)
	if len(words) < 5 || !plainPath.MatchString(words[len(words)-1]) {
		return fmt.Errorf("it can't be read what the machine says of itself: %q", line)
	}
	t.rights, t.folder = words[len(words)-2], words[len(words)-1] // a processor's name may have several words
	t.goos, t.goarch = system(words[0]), architecture(words[1:len(words)-2])
	if t.goos == "" || t.goarch == "" {
		return fmt.Errorf("%w: %s", ErrNoKit, strings.Join(words[:len(words)-2], " "))
	}
	return nil
}

// system is Go's name of a system by uname -s; Cygwin, MSYS2 and Git bring a POSIX shell to
// Windows.
func system(uname string) string {
	for prefix, goos := range map[string]string{"Linux": "linux", "Darwin": "darwin", "FreeBSD": "freebsd", "OpenBSD": "openbsd",
		"NetBSD": "netbsd", "DragonFly": "dragonfly", "MINGW": "windows", "MSYS": "windows", "CYGWIN": "windows"} {
		if strings.HasPrefix(uname, prefix) {
			return goos
		}
	}
	return ""
}

// architecture is Go's name of an architecture by uname -m or, where that names the board
// ("evbarm"), uname -p.
func architecture(words []string) string {
	known := map[string]string{"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64",
		"i386": "386", "i486": "386", "i586": "386", "i686": "386"}
	for _, w := range words {
		if known[w] != "" {
			return known[w]
		}
	}
	return ""
}

// leave lets the keeper clean up and waits for that. One that never printed its folder is not
// waited for: the end of the line reaches it too.
func (t *there) leave(o Order) {
	limit := grace
	if t.folder != "" {
		o.Step("clean up")
		limit = o.Limits.Finish
	}
	defer t.kill()
	_ = t.stdin.Close()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	var err error
	select {
	case err = <-t.done:
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		_, _ = fmt.Fprintf(o.Log, "clean up: %v; %q may be left there\n", err, t.folder)
	}
}

// upload needs no scp and no sftp there.
func (s secureShell) upload(ctx context.Context, o Order, kit, folder string) error {
	f, err := os.Open(kit)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	p := s.command(ctx, o, fmt.Sprintf("sh -c 'cat >%s/kit && chmod 755 %s/kit'", folder, folder))
	p.Stdin = f
	return overLine(p, p.run())
}

// words is the command that runs the kit as a user. Root becomes an ordinary user by the kit
// itself. In a machine that was made for the kit, the kit may change the machine.
func (t *there) words(o Order, u User, made bool) (string, error) {
	command := []string{"env", "TMPDIR=" + t.folder}
	if made {
		command = append(command, privatehost.Grant())
	}
	command = append(command, t.folder+"/kit")
	args := kitArguments(o, "--exit-on-stdin-eof")
	switch {
	case u == Root && t.rights == "no":
		return "", fmt.Errorf("%w: neither sudo nor doas makes this user root without a password", errNoUser)
	case u == Root && t.rights != "is":
		command = append([]string{t.rights, "-n"}, command...)
	case u == Ordinary && t.rights == "is":
		args = append(args, "--as", "user", "--run-limit", o.Limits.Run.String())
	}
	return quoted(append(command, args...))
}

// plainWord needs no quotes in any shell.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9._/:=,@%+-]+$`)

// quoted writes words so that every shell that may be a login shell reads them alike, csh and fish
// included.
func quoted(words []string) (string, error) {
	out := make([]string, len(words))
	for i, w := range words {
		switch {
		case plainWord.MatchString(w):
			out[i] = w
		case strings.ContainsAny(w, "'!\\\r\n"):
			return "", fmt.Errorf("%q: there is no way to pass it on that every shell reads alike", w)
		default:
			out[i] = "'" + w + "'"
		}
	}
	return strings.Join(out, " "), nil
}
