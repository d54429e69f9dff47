package targets

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// A folder of a target is locked by the process that made it, and the system unlocks it when that
// process ends, however it ends. So what a killed process left can be told from what is in use.
const (
	folderPrefix = "loopmatrix-target-" // and digits
	makingPrefix = ".loopmatrix-target-"
)

// inFolder lends a temporary folder that others may look into. First it removes those that killed
// processes of this user left.
func inFolder(log io.Writer, use func(folder string) error) error {
	parent := os.TempDir()
	removeLeft(log, parent)
	folder, unlock, err := lockedFolder(parent)
	if err != nil {
		return err
	}
	defer func() {
		if err := errors.Join(os.RemoveAll(folder), unlock()); err != nil {
			_, _ = fmt.Fprintln(log, "left behind:", err)
		}
	}()
	if err := os.Chmod(folder, 0o755); err != nil { //nolint:gosec // another user runs the kit in it
		return err
	}
	return use(folder)
}

// lockedFolder makes a folder that has its name only once it is locked.
func lockedFolder(parent string) (folder string, unlock func() error, err error) {
	making, err := os.MkdirTemp(parent, makingPrefix)
	if err != nil {
		return "", nil, err
	}
	unlock, err = lockFolder(making)
	folder = filepath.Join(parent, strings.TrimPrefix(filepath.Base(making), "."))
	if err == nil {
		if err = os.Rename(making, folder); err != nil {
			err = errors.Join(err, unlock())
		}
	}
	if err != nil {
		return "", nil, errors.Join(err, os.Remove(making))
	}
	return folder, unlock, nil
}

// removeLeft removes the folders of this user that no process has locked.
func removeLeft(log io.Writer, parent string) {
	all, err := os.ReadDir(parent)
	if err != nil {
		_, _ = fmt.Fprintln(log, "what killed runs have left stays:", err)
	}
	for _, entry := range all {
		digits, is := strings.CutPrefix(entry.Name(), folderPrefix)
		if !is || strings.Trim(digits, "0123456789") != "" {
			continue // none of the names that are made
		}
		folder := filepath.Join(parent, entry.Name())
		unlock, err := lockLeft(folder)
		if err != nil {
			continue // in use, of another user, or gone
		}
		if err := errors.Join(os.RemoveAll(folder), unlock()); err != nil {
			_, _ = fmt.Fprintln(log, "what a killed run has left stays:", err)
		}
	}
}
