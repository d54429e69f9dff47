//go:build unix

package targets

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
)

func isRoot() bool { return os.Geteuid() == 0 }

// become makes the process that is the kit as a user. Root becomes an ordinary user by a child with
// other ids; an ordinary user becomes root only where that needs no password.
func become(ctx context.Context, u User, o Order, kit, folder string) (process, error) {
	args := kitArguments(o, "--exit-on-stdin-eof")
	switch {
	case isRoot() == (u == Root):
		p := program(ctx, o.Log, kit, args...)
		p.Env = append(os.Environ(), "TMPDIR="+folder) // what a killed kit leaves goes with the folder
		return p, nil
	case isRoot():
		copy, temporary, err := copied(kit, folder, nobody)
		if errors.Is(err, syscall.EINVAL) { // chown(2), user_namespaces(7)
			err = fmt.Errorf("%w: root of this user namespace has no other user to become", errNoUser)
		}
		if err != nil {
			return process{}, err
		}
		p := program(ctx, o.Log, copy, args...)
		p.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
		p.Dir = temporary
		p.Env = append(os.Environ(), "TMPDIR="+temporary, "HOME="+temporary)
		return p, nil
	}
	how, err := elevation(ctx, o)
	if err != nil {
		return process{}, err
	}
	words := []string{"-n", "env", "TMPDIR=" + folder}
	if privatehost.Permitted() { // which sudo and doas do not pass on
		words = append(words, privatehost.Grant())
	}
	return program(ctx, o.Log, how, append(append(words, kit), args...)...), nil
}

// elevation finds what makes this user root without a question: sudo, or OpenBSD's doas.
func elevation(ctx context.Context, o Order) (string, error) {
	var reasons []string
	for _, tool := range []string{"sudo", "doas"} {
		path, err := exec.LookPath(tool)
		if err == nil {
			err = program(ctx, o.Log, path, "-n", "true").run()
		}
		if err == nil {
			return path, nil
		}
		reasons = append(reasons, fmt.Sprintf("%s -n: %v", tool, err))
	}
	return "", fmt.Errorf("%w: this user can't become root (%s)", errNoUser, strings.Join(reasons, ", "))
}
