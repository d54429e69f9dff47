package targets

import (
	"bytes"
	"context"
	"debug/elf"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// Kits is where the kit's binary for any system comes from: this very program for its own, a
// released one from a folder, or one that the Go toolchain builds from the source around it.
type Kits struct {
	// Folder holds released binaries, named loopmatrix-OS-ARCH (and .exe); empty if there is none.
	Folder string
	// Source is the folder of this module's source; empty if there is none.
	Source string
	// Built is where binaries that are built here are kept; it is made if it is missing.
	Built string
	// Stamp is what the linker writes into them, so that their reports name the same version and
	// commit as this program's: "-X main.version=1.0".
	Stamp string
}

// ErrNoKit is behind the error for a system whose binary can't be had.
var ErrNoKit = errors.New("no kit for it")

// FileName is the name of the released binary for a system: "loopmatrix-windows-amd64.exe".
func FileName(goos, goarch string) string {
	name := "loopmatrix-" + goos + "-" + goarch
	if goos == "windows" {
		name += ".exe"
	}
	return name
}

// For returns the path of the binary for a system.
func (k Kits) For(ctx context.Context, goos, goarch string) (string, error) {
	if k.Folder != "" {
		path := filepath.Join(k.Folder, FileName(goos, goarch))
		if _, err := os.Stat(path); err != nil {
			return "", fmt.Errorf("%w: %s/%s: %w", ErrNoKit, goos, goarch, err)
		}
		return path, nil
	}
	if goos == runtime.GOOS && goarch == runtime.GOARCH {
		return os.Executable()
	}
	if k.Source == "" {
		return "", fmt.Errorf("%w: %s/%s: name a folder of released binaries with --kit-dir, or start from the source", ErrNoKit, goos, goarch)
	}
	return k.build(ctx, goos, goarch)
}

// errNotAlone is behind the error for a kit that needs files of its system.
var errNotAlone = errors.New("this kit is linked dynamically and can't run where there is no other file; build it with CGO_ENABLED=0, as make build does")

// alone gives an error for a kit that asks for a loader: as the only program of a system it could
// not even start, of which Linux says no more than that there was no working init. Whatever is no
// program in ELF is left to the system to judge.
func alone(kit string) error {
	file, err := os.Open(kit)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	f, unread := elf.NewFile(file)
	if unread != nil {
		return nil
	}
	if slices.ContainsFunc(f.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP }) {
		return fmt.Errorf("%s: %w", filepath.Base(kit), errNotAlone)
	}
	return nil
}

// build puts a new binary in the place of the last, by a rename: two targets may want the same, and
// one may run already.
func (k Kits) build(ctx context.Context, goos, goarch string) (string, error) {
	if err := os.MkdirAll(k.Built, 0o755); err != nil { //nolint:gosec // other users run what is in there
		return "", fmt.Errorf("%w: %s/%s: %w", ErrNoKit, goos, goarch, err)
	}
	fresh, err := os.MkdirTemp(k.Built, "building-")
	if err != nil {
		return "", fmt.Errorf("%w: %s/%s: %w", ErrNoKit, goos, goarch, err)
	}
	defer func() { _ = os.RemoveAll(fresh) }()
	name := FileName(goos, goarch)
	var said bytes.Buffer
	build := program(ctx, &said, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", strings.TrimSpace("-s -w "+k.Stamp),
		"-o", filepath.Join(fresh, name), "./runner/loopmatrix")
	build.Dir = k.Source
	build.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0")
	if err := build.run(); err != nil {
		return "", fmt.Errorf("%w: %s/%s: go build: %w\n%s", ErrNoKit, goos, goarch, err, said.Bytes())
	}
	out := filepath.Join(k.Built, name)
	if err := os.Rename(filepath.Join(fresh, name), out); err != nil {
		return "", fmt.Errorf("%w: %s/%s: %w", ErrNoKit, goos, goarch, err)
	}
	return out, nil
}
