//go:build unix && !illumos && !solaris && !aix

package targets

import (
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// lockFolder locks a folder until unlock, or the end of this process. An error means that another
// process has locked it, or that it is no folder.
func lockFolder(path string) (unlock func() error, err error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	if err := unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB); err != nil {
		_ = unix.Close(fd)
		return nil, &fs.PathError{Op: "flock", Path: path, Err: err}
	}
	return func() error { return unix.Close(fd) }, nil
}

// lockLeft locks a folder of this user that no process uses.
func lockLeft(path string) (unlock func() error, err error) {
	var is unix.Stat_t
	if err := unix.Lstat(path, &is); err != nil {
		return nil, &fs.PathError{Op: "lstat", Path: path, Err: err}
	}
	if int(is.Uid) != os.Geteuid() {
		return nil, &fs.PathError{Op: "lock", Path: path, Err: fs.ErrPermission}
	}
	return lockFolder(path)
}
