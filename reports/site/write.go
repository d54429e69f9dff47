package site

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// topLevel are the names in the folder of a site. What else is there was put there by its owner,
// and is not ours to remove.
func topLevel() []string {
	return []string{"badges", "captures", "claim.schema.json", "claims", "documented", "documented.html",
		"documented.json", "documented.schema.json", "index.html", "maps", "matrix.json", "matrix.schema.json", "platform.schema.json",
		"platforms", "sentences.html", "sentences.json", "sentences.schema.json", "site.css", "site.js"}
}

// Writable says whether Write can make a folder, for those who work long before they do. A folder
// that is there must be empty, or hold a site and nothing else, since Write takes its place.
func Writable(dir string) error {
	parent := filepath.Dir(filepath.Clean(dir))
	info, err := os.Stat(parent)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no folder %q; make it first", parent)
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%q is no folder", parent)
	}
	temporary, err := os.MkdirTemp(parent, ".site.*")
	if err != nil {
		return err
	}
	if err := os.Remove(temporary); err != nil {
		return err
	}
	if info, err := os.Stat(dir); err == nil && !info.IsDir() { // Windows says of a file that there is no such folder
		return fmt.Errorf("%q is no folder", dir)
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !slices.Contains(topLevel(), e.Name()) {
			return fmt.Errorf("%q holds %q, which is no part of a site; name another folder", dir, e.Name())
		}
	}
	return nil
}

// Write makes a folder of files, in the place of the site that was there before. All files are
// written to a new folder beside it, which then takes its name: at no time is there half a site.
func Write(dir string, files []File) (err error) {
	dir, err = resolved(dir)
	if err != nil {
		return err
	}
	if err := Writable(dir); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(filepath.Dir(dir), ".site.*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(fresh)) }()
	whole := filepath.Join(fresh, "new")
	for _, f := range files {
		if err := writeFile(whole, f); err != nil {
			return err
		}
	}
	before := filepath.Join(fresh, "old")
	err = os.Rename(dir, before)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return os.Rename(whole, dir)
	case err != nil:
		return err
	}
	if err := os.Rename(whole, dir); err != nil {
		return errors.Join(err, os.Rename(before, dir))
	}
	return nil
}

// resolved follows symbolic links, so that they stay.
func resolved(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	to, err := filepath.EvalSymlinks(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return dir, nil
	}
	return to, err
}

func writeFile(dir string, f File) error {
	if !filepath.IsLocal(filepath.FromSlash(f.Path)) || !slices.Contains(topLevel(), strings.Split(f.Path, "/")[0]) {
		return fmt.Errorf("%q is no path in a site", f.Path)
	}
	path := filepath.Join(dir, filepath.FromSlash(f.Path))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // a web server reads it
		return err
	}
	return os.WriteFile(path, f.Bytes, 0o644)
}
