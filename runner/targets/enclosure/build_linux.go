package enclosure

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/sys/unix"
)

// stage is where the root of the enclosure is put together: any folder that every Linux has. What
// is below it is hidden in this mount namespace only.
const stage = "/tmp"

// build puts the root of the enclosure together and makes it the root. Folders are opened before
// the stage hides them.
func build(p Plan) (err error) {
	if err := mount("none", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return err
	}
	held := map[string]string{}
	for _, path := range append([]string{p.Base}, sources(p)...) {
		if held[path], err = hold(path); err != nil {
			return err
		}
	}
	if err := mount("tmpfs", stage, "tmpfs", 0, "mode=0755"); err != nil {
		return err
	}
	const root = stage + "/root"
	if err := os.Mkdir(root, 0o755); err != nil { //nolint:gosec // the program is another user
		return err
	}
	if err := mount(root, root, "", unix.MS_BIND, ""); err != nil { // only a mount can become the root
		return err
	}
	for _, step := range []func() error{
		func() error { return entries(held[p.Base], root) },
		func() error { return system(root) },
		func() error { return folders(p, held, root) },
		func() error { return enter(root) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// enter makes a mount the root and lets go of the old one. A mere chroot would keep programs from
// making user namespaces (clone(2), EPERM), as runsc does.
func enter(root string) error {
	if err := os.Chdir(root); err != nil {
		return err
	}
	if err := unix.PivotRoot(".", "."); err != nil { // the old root lies over the new one then (pivot_root(2))
		return fmt.Errorf("pivot_root: %w", err)
	}
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil {
		return fmt.Errorf("the old root: %w", err)
	}
	return os.Chdir("/")
}

func sources(p Plan) []string {
	var out []string
	for _, f := range p.Folders {
		out = append(out, f.From)
	}
	return out
}

// hold opens a folder and returns a path to it that stays good whatever is mounted over it.
func hold(path string) (string, error) {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return "", &fs.PathError{Op: "open", Path: path, Err: err}
	}
	return fmt.Sprintf("/proc/self/fd/%d", fd), nil
}

// own are the entries of the base that the enclosure has of its own.
var own = []string{"tmp", "proc", "dev", "sys"}

// entries shows what the base holds: folders with what is mounted below them, links as they are,
// and no loose files.
func entries(base, root string) error {
	found, err := os.ReadDir(base)
	if err != nil {
		return err
	}
	for _, e := range found {
		from, to := filepath.Join(base, e.Name()), filepath.Join(root, e.Name())
		switch {
		case slices.Contains(own, e.Name()):
		case e.Type()&fs.ModeSymlink != 0:
			aim, err := os.Readlink(from)
			if err == nil {
				err = os.Symlink(aim, to)
			}
			if err != nil {
				return err
			}
		case e.IsDir():
			if err := bind(from, to); err != nil {
				return err
			}
		}
	}
	return nil
}

// system mounts processes, devices and an empty /tmp in the enclosure.
func system(root string) error {
	for _, dir := range own {
		if err := os.Mkdir(filepath.Join(root, dir), 0o755); err != nil { //nolint:gosec // the program is another user
			return err
		}
	}
	if err := mount("proc", root+"/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return err
	}
	for _, dir := range []string{"/dev", "/sys"} {
		if err := mount(dir, root+dir, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
			return err
		}
	}
	return mount("tmpfs", root+"/tmp", "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=1777")
}

func folders(p Plan, held map[string]string, root string) error {
	for n, f := range p.Folders {
		to := filepath.Join(root, f.To)
		if !f.Fleeting {
			if err := bind(held[f.From], to); err != nil {
				return err
			}
			continue
		}
		if err := overlay(held[f.From], to, fmt.Sprintf("%s/layer-%d", stage, n), p.User); err != nil {
			return err
		}
	}
	return nil
}

func bind(from, to string) error {
	if err := os.MkdirAll(to, 0o755); err != nil { //nolint:gosec // the program is another user
		return err
	}
	return mount(from, to, "", unix.MS_BIND|unix.MS_REC, "")
}

// overlay shows a folder and keeps what is written to it in a layer above. The folder then belongs
// to the program's user, as the layer does. In a user namespace the layer's marks are user
// attributes, which tmpfs has since Linux 6.6.
func overlay(from, to, layer string, user int) error {
	upper, work := layer+"/upper", layer+"/work"
	for _, dir := range []string{to, upper, work} {
		if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // the program is another user
			return err
		}
	}
	if os.Geteuid() == 0 {
		if err := os.Chown(upper, user, user); err != nil {
			return err
		}
	}
	options := fmt.Sprintf("lowerdir=%s,upperdir=%s,workdir=%s", from, upper, work)
	err := mount("overlay", to, "overlay", 0, options)
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.EINVAL) {
		err = mount("overlay", to, "overlay", 0, options+",userxattr")
	}
	return err
}

func mount(source, target, kind string, flags uintptr, options string) error {
	if err := unix.Mount(source, target, kind, flags, options); err != nil {
		return fmt.Errorf("mount %s on %s: %w", source, target, err)
	}
	return nil
}
