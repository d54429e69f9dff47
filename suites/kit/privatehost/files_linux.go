package privatehost

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
)

// helpers are the sockets of processes that answer questions about names on the host's behalf. They
// are found by path, so a network namespace does not keep them away, and what they are asked would
// be answered, and sent, from outside.
var helpers = []string{
	"/run/nscd/socket",                        // nscd(8)
	"/run/systemd/resolve/io.systemd.Resolve", // nss-resolve(8)
	"/run/dbus/system_bus_socket",             // nss-resolve before systemd 247
	"/run/avahi-daemon/socket",                // nss-mdns
	"/var/lib/sss/pipes/nss",                  // sssd(8)
	"/run/nslcd/socket",                       // nslcd(8)
	"/run/samba/winbindd/pipe",                // winbindd(8)
}

// files puts other files in the place of the host's own, in the mount namespace of this process
// alone. In the place of a socket of the helpers comes an empty file, so that nobody can be reached
// there (unix(7), ECONNREFUSED).
func files(a host.Arrangement) error {
	replaced := map[string]string{}
	maps.Copy(replaced, a.Files)
	for _, path := range helpers {
		if _, err := os.Stat(path); err == nil {
			replaced[path] = ""
		}
	}
	if len(replaced) == 0 {
		return nil
	}
	// Mounts of this namespace must not spread to the host's (mount_namespaces(7), shared
	// subtrees).
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_SLAVE, ""); err != nil {
		return fmt.Errorf("keep mounts private: %w", err)
	}
	return staged(func(folder string) error {
		for _, path := range slices.Sorted(maps.Keys(replaced)) {
			if err := replace(folder, path, replaced[path]); err != nil {
				return fmt.Errorf("replace %s: %w", path, err)
			}
		}
		return nil
	})
}

// staged does something with an empty folder in memory, which covers the one for temporary files
// meanwhile. The kernel removes what is in it with the last mount of it, and so with this process,
// however it ends.
func staged(do func(folder string) error) error {
	folder := os.TempDir()
	if err := unix.Mount("loopmatrix", folder, "tmpfs", 0, ""); err != nil {
		return fmt.Errorf("folder for files: %w", err)
	}
	err := do(folder)
	if uncovered := unix.Unmount(folder, unix.MNT_DETACH); err == nil && uncovered != nil {
		err = fmt.Errorf("uncover %s: %w", folder, uncovered)
	}
	return err
}

// replace makes a file in the folder and mounts it in the place of another.
func replace(folder, path, content string) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return create(folder, path, content) // also for a symbolic link that leads nowhere
	}
	source := filepath.Join(folder, filepath.Base(path))
	if err := os.WriteFile(source, []byte(content), 0o644); err != nil {
		return err
	}
	return unix.Mount(source, path, "", unix.MS_BIND, "")
}

// covered is where the folder is that create has covered, in the one that covers it.
const covered = ".covered"

// create makes a file where there is none: a file can only be mounted onto another. A new folder
// covers the one that it belongs into, in which links lead to everything that the covered one
// holds.
func create(folder, path, content string) error {
	below := filepath.Dir(path)
	held, err := os.ReadDir(below)
	if err != nil {
		return err
	}
	cover, err := os.MkdirTemp(folder, "cover-")
	if err != nil {
		return err
	}
	if err := os.Chmod(cover, 0o755); err != nil { //nolint:gosec // it stands for a folder that others may look into
		return err
	}
	if err := os.Mkdir(filepath.Join(cover, covered), 0o755); err != nil { //nolint:gosec // as above
		return err
	}
	if err := unix.Mount(below, filepath.Join(cover, covered), "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return err
	}
	for _, entry := range held {
		if err := link(below, cover, path, entry); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(cover, filepath.Base(path)), []byte(content), 0o644); err != nil {
		return err
	}
	return unix.Mount(cover, below, "", unix.MS_BIND|unix.MS_REC, "")
}

// link makes what the new folder has in the place of an entry of the covered one. A link stays as
// it is, for it may lead up and out of the folder.
func link(below, cover, but string, entry fs.DirEntry) error {
	name := entry.Name()
	if filepath.Join(below, name) == but || name == covered {
		return nil
	}
	to := filepath.Join(covered, name)
	if entry.Type()&fs.ModeSymlink != 0 {
		var err error
		if to, err = os.Readlink(filepath.Join(below, name)); err != nil {
			return err
		}
	}
	return os.Symlink(to, filepath.Join(cover, name))
}
