package target

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// Kits gives the kit's binary for any system: this very program for its own, a released one from a folder, or one that
// the Go toolchain builds from the source around it.
type Kits struct {
	// Folder holds released binaries, named loopmatrix-OS-ARCH (and .exe); empty if there is none.
	Folder string
	// Source is the folder of this module's source; empty if there is none.
	Source string
	// Built is where binaries that are built here are kept.
	Built string
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

// For gives the path of the binary for a system.
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

func (k Kits) build(ctx context.Context, goos, goarch string) (string, error) {
	out := filepath.Join(k.Built, FileName(goos, goarch))
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", out, "./runner/loopmatrix")
	build.Dir = k.Source
	build.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0")
	if said, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s/%s: go build: %w\n%s", ErrNoKit, goos, goarch, err, said)
	}
	return out, nil
}
