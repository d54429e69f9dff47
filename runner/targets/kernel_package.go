package targets

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// kernelFiles are what is booted.
type kernelFiles struct {
	// Image is the vmlinuz.
	Image string
	// Modules is the folder of its modules; empty if there is none, and then it must have all built
	// in.
	Modules string
}

// errNoKernel is behind the error for a path without a kernel.
var errNoKernel = errors.New("no kernel to boot")

// findKernel looks at a path: a vmlinuz, or the folder that Debian's kernel package was unpacked
// into. Since Linux 7 the package's vmlinuz lies with the modules.
func findKernel(path string) (kernelFiles, error) {
	info, err := os.Stat(path)
	if err != nil {
		return kernelFiles{}, fmt.Errorf("%w: %w", errNoKernel, err)
	}
	if !info.IsDir() {
		return kernelFiles{Image: path, Modules: modulesOf(path)}, nil
	}
	images, err := imagesIn(path)
	if err != nil {
		return kernelFiles{}, err
	}
	if len(images) != 1 {
		return kernelFiles{}, fmt.Errorf("%w: %s holds %d (%s) and must hold one, boot/vmlinuz-* or lib/modules/*/vmlinuz, as dpkg-deb -x unpacks it",
			errNoKernel, path, len(images), strings.Join(images, ", "))
	}
	return kernelFiles{Image: images[0], Modules: modulesOf(images[0])}, nil
}

// imagesIn lists the kernels in a folder, each once, whatever links lead there.
func imagesIn(folder string) ([]string, error) {
	var images, seen []string
	for _, where := range []string{"vmlinuz*", "boot/vmlinuz-*", "lib/modules/*/vmlinuz", "usr/lib/modules/*/vmlinuz"} {
		found, err := filepath.Glob(filepath.Join(folder, where))
		if err != nil {
			return nil, err
		}
		for _, image := range found {
			real, err := filepath.EvalSymlinks(image)
			if err != nil {
				return nil, err
			}
			if !slices.Contains(seen, real) {
				images, seen = append(images, image), append(seen, real)
			}
		}
	}
	return images, nil
}

// modulesOf finds the folder of a kernel's modules: that which the kernel itself is in, or
// lib/modules/RELEASE beside the folder boot.
func modulesOf(image string) string {
	folder := filepath.Dir(image)
	release := strings.TrimPrefix(filepath.Base(image), "vmlinuz-")
	for _, modules := range []string{
		folder,
		filepath.Join(folder, "..", "lib", "modules", release),
		filepath.Join(folder, "..", "usr", "lib", "modules", release),
	} {
		if info, err := os.Stat(filepath.Join(modules, "kernel")); err == nil && info.IsDir() {
			return modules
		}
	}
	return ""
}
