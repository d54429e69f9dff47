package targets

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/hashicorp/go-multierror"
)

// errNoUser means that a target has no way to be a user. It is no failure: the target leaves that
// user out.
var errNoUser = errors.New("left out")

// own is the order for whoever runs the kit on the target anyway, if it names no user.
func (o Order) own(isRoot bool) Order {
	switch {
	case len(o.Users) > 0:
	case isRoot:
		o.Users = []User{Root}
	default:
		o.Users = []User{Ordinary}
	}
	return o
}

// eachUser does the same for every user of the order. One that fails does not keep the next from
// being tried.
func eachUser(o Order, measure func(User) (Returned, error)) ([]Returned, error) {
	var all []Returned
	var failed *multierror.Error
	var left []string
	for _, u := range o.Users {
		o.Step("run as " + string(u))
		r, err := measure(u)
		if errors.Is(err, errNoUser) {
			_, _ = fmt.Fprintf(o.Log, "as %s: %v\n", u, err)
			left = append(left, err.Error())
			continue
		}
		if len(r.Report) > 0 {
			all = append(all, r)
		}
		if err != nil {
			failed = multierror.Append(failed, fmt.Errorf("as %s: %w", u, err))
		}
	}
	if len(all) == 0 && failed == nil && len(left) > 0 { // there was no user to run as
		failed = multierror.Append(failed, errors.New(strings.Join(left, "; ")))
	}
	if failed != nil {
		failed.ErrorFormat = Joined
	}
	return all, failed.ErrorOrNil()
}

// copied copies the kit into a folder that every user can reach, and makes room for temporary files
// of this user in it.
func copied(kit, folder string, uid int) (program, temporary string, err error) {
	b, err := os.ReadFile(kit)
	if err != nil {
		return "", "", err
	}
	program, temporary = filepath.Join(folder, filepath.Base(kit)), filepath.Join(folder, "tmp")
	if err := writeProgram(program, b); err != nil {
		return "", "", err
	}
	if err := os.Mkdir(temporary, 0o700); err != nil {
		return "", "", err
	}
	return program, temporary, os.Chown(temporary, uid, uid)
}

// writeProgram writes a program. Meanwhile nothing is started: a child that is between fork and
// exec would have the file open for writing, and the program could not be started for that
// (ETXTBSY).
func writeProgram(path string, b []byte) error {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	return os.WriteFile(path, b, 0o755) //nolint:gosec // others run it
}

// nobody is the uid and gid of the ordinary user that root becomes: the one that user namespaces
// show for users whom they do not map (overflowuid), so nobody on every Linux, and an unused one
// elsewhere.
const nobody = 65534
