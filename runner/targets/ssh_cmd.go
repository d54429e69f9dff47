package targets

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// OpenSSH on Windows gives commands to cmd or to PowerShell, as its administrator chose. What is
// said here means the same to both. Neither can take a file from its input, or is sure to leave a
// stream of bytes alone, so files go by scp, which is there wherever sshd is.

const (
	windowsGreeting = "cmd /c echo loopmatrix-is-on %OS% %PROCESSOR_ARCHITECTURE%"
	// windowsElevated fails for whoever is not elevated, to whom net session is refused.
	windowsElevated = `cmd /c "net session >nul 2>&1"`
)

func makeOnWindows(folder string) string   { return "cmd /c mkdir " + folder }
func removeOnWindows(folder string) string { return "cmd /c rmdir /s /q " + folder }

// onWindows is a folder in the home of a user of Windows.
type onWindows struct {
	goarch   string
	elevated bool
	folder   string
}

// measureOnWindows measures where there is no POSIX shell. Windows can't make one user another
// without asking, so it measures as the one that ssh logs in as.
func (s secureShell) measureOnWindows(ctx context.Context, o Order) ([]Returned, error) {
	var w onWindows
	err := within(ctx, o.Limits.Prepare, "connect", func(ctx context.Context) (err error) {
		w, err = s.askWindows(ctx, o)
		return err
	})
	if err != nil {
		return nil, err
	}
	kit, err := o.Kits.For(ctx, "windows", w.goarch)
	if err != nil {
		return nil, err
	}
	defer s.leaveWindows(ctx, o, w)
	o.Step("upload")
	err = within(ctx, o.Limits.Prepare, "upload", func(ctx context.Context) error {
		if err := s.say(ctx, o, makeOnWindows(w.folder)); err != nil {
			return err
		}
		return s.copy(ctx, o, kit, s.destination+":"+w.folder+"/kit.exe")
	})
	if err != nil {
		return nil, err
	}
	return eachUser(o.own(w.elevated), func(u User) (r Returned, err error) {
		if w.elevated != (u == Root) {
			return Returned{}, fmt.Errorf("%w: ssh logs in as the other kind of user, and Windows has no way from one to the other", errNoUser)
		}
		err = within(ctx, o.Limits.Run, "the run", func(ctx context.Context) error {
			r, err = s.runOnWindows(ctx, o, w, u)
			return err
		})
		return r, err
	})
}

// presents is what cmd says about the system.
var presents = regexp.MustCompile(`(?m)^loopmatrix-is-on Windows_NT (\w+)`)

func (s secureShell) askWindows(ctx context.Context, o Order) (onWindows, error) {
	p := s.command(ctx, o, windowsGreeting)
	said, err := p.outputUpTo(maxGreeting)
	found := presents.FindSubmatch(said)
	if err != nil || found == nil {
		return onWindows{}, fmt.Errorf("%w, and no Windows either: %w", errNoShell, errors.Join(overLine(p, err)))
	}
	arch, known := map[string]string{"AMD64": "amd64", "ARM64": "arm64"}[strings.ToUpper(string(found[1]))]
	if !known {
		return onWindows{}, fmt.Errorf("%w: Windows on %s", ErrNoKit, found[1])
	}
	var random [6]byte
	if _, err := rand.Read(random[:]); err != nil {
		return onWindows{}, err
	}
	elevated := s.say(ctx, o, windowsElevated) == nil
	return onWindows{goarch: arch, elevated: elevated, folder: "loopmatrix-" + hex.EncodeToString(random[:])}, nil
}

// runOnWindows runs the kit, which writes its stream to a file, and fetches that.
func (s secureShell) runOnWindows(ctx context.Context, o Order, w onWindows, u User) (Returned, error) {
	words, err := quotedForWindows(append([]string{w.folder + `\kit.exe`}, kitArguments(o, "--exit-on-stdin-eof", "--out", w.folder+`\stream`)...))
	if err != nil {
		return Returned{}, err
	}
	p := s.command(ctx, o, words)
	hold, err := p.StdinPipe() // its end ends the kit
	if err != nil {
		return Returned{}, err
	}
	defer func() { _ = hold.Close() }()
	code, err := exitCode(p.run())
	switch {
	case err != nil:
		return Returned{}, p.explain(err)
	case code == codeNoConnection:
		return Returned{}, p.explain(errNoLine)
	}
	var r Returned
	err = inFolder(o.Log, func(folder string) error {
		to := filepath.Join(folder, "stream")
		if err := s.copy(ctx, o, s.destination+":"+w.folder+"/stream", to); err != nil && code != codeFine && code != codeDeviates {
			return p.explain(fmt.Errorf("%w: exit code %d", ErrCrashed, code))
		} else if err != nil {
			return err
		}
		f, err := os.Open(to)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		stream, err := io.ReadAll(io.LimitReader(f, maxStream+1)) // more is refused where it is read
		if err != nil {
			return err
		}
		r, err = concluded(u, stream, code)
		return p.explain(err)
	})
	return r, err
}

func (s secureShell) leaveWindows(ctx context.Context, o Order, w onWindows) {
	o.Step("clean up")
	err := within(context.WithoutCancel(ctx), o.Limits.Finish, "clean up", func(ctx context.Context) error {
		return s.say(ctx, o, removeOnWindows(w.folder))
	})
	if err != nil {
		_, _ = fmt.Fprintf(o.Log, "%v; %q may be left there\n", err, w.folder)
	}
}

// say runs a command whose output does not matter.
func (s secureShell) say(ctx context.Context, o Order, words string) error {
	p := s.command(ctx, o, words)
	p.Stdout = p.words
	return overLine(p, p.run())
}

// copy copies a file there or from there.
func (s secureShell) copy(ctx context.Context, o Order, from, to string) error {
	p := program(ctx, o.Log, "scp", append(append([]string{"-B", "-q"}, s.settings()...), "--", from, to)...)
	return overLine(p, p.run())
}

// plainForWindows needs no quotes in cmd or PowerShell, to which a comma makes a list.
var plainForWindows = regexp.MustCompile(`^[A-Za-z0-9._\\:=+-]+$`)

// quotedForWindows writes words so that cmd and PowerShell read them alike. The first is a program,
// which PowerShell would not start from quotes.
func quotedForWindows(words []string) (string, error) {
	out := make([]string, len(words))
	for i, w := range words {
		switch {
		case plainForWindows.MatchString(w):
			out[i] = w
		case i == 0 || strings.ContainsAny(w, "\"%$`^&|<>\r\n") || strings.HasSuffix(w, `\`): // \" would be no end of the quotes
			return "", fmt.Errorf("%q: there is no way to pass it on that cmd and PowerShell read alike", w)
		default:
			out[i] = `"` + w + `"`
		}
	}
	return strings.Join(out, " "), nil
}
