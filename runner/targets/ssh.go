package targets

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// secureShell is a machine that the system's ssh reaches, by the name and with the settings that
// ssh has for it. It needs no more there than a POSIX shell, or Windows.
type secureShell struct {
	destination string
	options     []string // besides those that always hold: "-F", "file"
	made        bool     // the machine was made for the kit, which may change it
}

func sshKind() Kind {
	return Kind{
		Word:    "ssh",
		Form:    "ssh:USER@HOST",
		Does:    "any machine that ssh reaches without asking for a password: a name from ~/.ssh/config, or user and host; as who logs in, unless --as names others",
		Parse:   parseSSH,
		Missing: secureShell{}.Missing,
	}
}

func parseSSH(destination string) (Target, error) {
	switch {
	case destination == "":
		return nil, errors.New("which host is not said")
	case strings.HasPrefix(destination, "-"), strings.ContainsAny(destination, " \t\r\n'\"\\"):
		return nil, fmt.Errorf("%q is no host", destination)
	}
	return secureShell{destination: destination}, nil
}

// Name is "ssh:USER@HOST".
func (s secureShell) Name() string { return "ssh:" + s.destination }

// Missing says if there is no ssh. Whether the host answers is seen when it is asked.
func (s secureShell) Missing(context.Context) error {
	if _, err := exec.LookPath("ssh"); err != nil {
		return hinted(fmt.Errorf("%w; it is OpenSSH's", err), "Debian has it in openssh-client", onDebian())
	}
	return nil
}

// settings hold for every connection: no questions, nothing forwarded, no lasting master, and a
// line that is dead for half a minute is given up.
func (s secureShell) settings() []string {
	set := []string{"-o", "BatchMode=yes", "-o", "ConnectTimeout=20", "-o", "ServerAliveInterval=10", "-o", "ServerAliveCountMax=3",
		"-o", "ClearAllForwardings=yes", "-o", "ForwardAgent=no", "-o", "ForwardX11=no", "-o", "ControlMaster=no", "-o", "RemoteCommand=none"}
	return append(set, s.options...)
}

// command is a command there, in the words of the login shell of whoever it is.
func (s secureShell) command(ctx context.Context, o Order, words string) process {
	args := append([]string{"-T"}, s.settings()...)
	return program(ctx, o.Log, "ssh", append(args, "--", s.destination, words)...)
}

// codeNoConnection is how ssh ends when it can't connect, or when the connection ends (ssh(1)).
const codeNoConnection = 255

// overLine says of an error whether the line is to blame.
func overLine(p process, err error) error {
	if code, none := exitCode(err); none == nil && code == codeNoConnection {
		return p.explain(errNoLine)
	}
	return p.explain(err)
}

// errNoLine is behind the error for a connection that could not be made, or was cut.
var errNoLine = errors.New("ssh has no connection")

// Measure asks what is there and measures.
func (s secureShell) Measure(ctx context.Context, o Order) ([]Returned, error) {
	o.Step("connect")
	there, err := s.enter(ctx, o)
	if errors.Is(err, errNoShell) {
		return s.measureOnWindows(ctx, o)
	}
	if err != nil {
		return nil, err
	}
	defer there.leave(o)
	kit, err := o.Kits.For(ctx, there.goos, there.goarch)
	if err != nil {
		return nil, err
	}
	o.Step("upload")
	err = within(ctx, o.Limits.Prepare, "upload", func(ctx context.Context) error { return s.upload(ctx, o, kit, there.folder) })
	if err != nil {
		return nil, err
	}
	return eachUser(o.own(there.rights == "is"), func(u User) (r Returned, err error) {
		words, err := there.words(o, u, s.made)
		if err != nil {
			return Returned{}, err
		}
		err = within(ctx, o.Limits.Run, "the run", func(ctx context.Context) error {
			p := s.command(ctx, o, words)
			r, err = measuredUntilEOF(p, u)
			if p.ProcessState != nil && p.ProcessState.ExitCode() == codeNoConnection {
				err = p.explain(errNoLine)
			}
			return err
		})
		return r, err
	})
}
