package lab

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/host"
)

// helpers are the sockets of processes that answer questions about names on the host's behalf. They are found by path, so
// a network namespace does not keep them away, and what they are asked would be answered, and sent, from outside.
var helpers = []string{
	"/run/nscd/socket",                        // nscd(8)
	"/run/systemd/resolve/io.systemd.Resolve", // nss-resolve(8)
	"/run/dbus/system_bus_socket",             // nss-resolve before systemd 247
	"/run/avahi-daemon/socket",                // nss-mdns
	"/var/lib/sss/pipes/nss",                  // sssd(8)
	"/run/nslcd/socket",                       // nslcd(8)
	"/run/samba/winbindd/pipe",                // winbindd(8)
}

// files puts other files in the place of the host's own, in the mount namespace of this process alone. In the place of
// a socket of the helpers comes an empty file, so that nobody can be reached there (unix(7), ECONNREFUSED).
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
	// Mounts of this namespace must not spread to the host's (mount_namespaces(7), shared subtrees).
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

// staged does something with an empty folder in memory, which covers the one for temporary files meanwhile. The kernel
// removes what is in it with the last mount of it, and so with this process, however it ends.
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
		return err // also behind a symbolic link that leads nowhere
	}
	source := filepath.Join(folder, filepath.Base(path))
	if err := os.WriteFile(source, []byte(content), 0o644); err != nil {
		return err
	}
	return unix.Mount(source, path, "", unix.MS_BIND, "")
}
