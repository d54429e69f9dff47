package target

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/runner/guest"
)

// kernel is a Linux kernel that is booted in a machine of QEMU, where the kit is the first process and the only one. It
// has no network but lo, no disk, and no distribution: what is measured is the kernel.
type kernel struct {
	path string // a vmlinuz, or a folder that Debian's package was unpacked into
}

func kernelKind() Kind {
	return Kind{
		Word:  "kernel",
		Form:  "kernel:PATH",
		Does:  "boots a Linux kernel for amd64, a vmlinuz or an unpacked Debian package, in QEMU",
		Parse: parseKernel,
	}
}

func parseKernel(path string) (Target, error) {
	if path == "" {
		return nil, errors.New("which kernel is not said")
	}
	return kernel{path}, nil
}

func (k kernel) Name() string { return "kernel:" + k.path }

func (k kernel) Missing(context.Context) error {
	var all *multierror.Error
	if _, err := exec.LookPath(qemu); err != nil {
		all = multierror.Append(all, fmt.Errorf("%w; Debian has it in qemu-system-x86", err))
	}
	if _, err := findKernel(k.path); err != nil {
		all = multierror.Append(all, err)
	}
	return all.ErrorOrNil()
}

// Measure boots the kernel once, for all users. Two boots share no file.
func (k kernel) Measure(ctx context.Context, o Order) ([]Returned, error) {
	files, err := findKernel(k.path)
	if err != nil {
		return nil, err
	}
	kit, err := o.Kits.For(ctx, "linux", "amd64")
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "loopmatrix-kernel-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	m := machine{image: files.Image, initramfs: filepath.Join(folder, "initramfs"), console: filepath.Join(folder, "console")}
	if err := pack(m.initramfs, files.Modules, kit, o); err != nil {
		return nil, err
	}
	return onFirst(ctx, accelerators(), o, m)
}

// onFirst boots with the first accelerator that brings the kernel to its marker. One that exists may well not work:
// KVM inside of a virtual machine can refuse the processor or hang for ever.
func onFirst(ctx context.Context, several []accelerator, o Order, m machine) ([]Returned, error) {
	for i, a := range several {
		last := i == len(several)-1
		returned, ready, err := m.boot(ctx, o, a)
		if ready || last || ctx.Err() != nil {
			return returned, err
		}
		fmt.Fprintf(o.Log, "%s: %v; next is %s\n", a.name, err, several[i+1].name)
	}
	return nil, nil
}

// pack writes the file system that the kernel starts with.
func pack(initramfs, modules, kit string, o Order) error {
	o.Step("pack the kit")
	var picked []kernelModule
	if modules != "" {
		var err error
		picked, err = pickModules(modules, wanted())
		if errors.Is(err, errNoModule) {
			fmt.Fprintf(o.Log, "%s: %v: built in, or the kit will say what it can't do\n", modules, err)
		} else if err != nil {
			return err
		}
	} else {
		fmt.Fprintln(o.Log, "this kernel comes without modules")
	}
	file, err := os.Create(initramfs)
	if err != nil {
		return err
	}
	return errors.Join(writeInitramfs(file, kit, guestOrder(o, picked), picked), file.Close())
}

// guestOrder is the part of the order that the kit in the machine does.
func guestOrder(o Order, modules []kernelModule) guest.Order {
	var out guest.Order
	for _, m := range modules {
		out.Modules = append(out.Modules, moduleFile(m))
	}
	for _, u := range o.Users {
		uid := rootUID
		if u == Ordinary {
			uid = nobodyUID
		}
		out.Runs = append(out.Runs, guest.Run{Name: string(u), UID: uid, Args: kitArguments(o)})
	}
	return out
}

// copyInto appends a file to the log, if there is one.
func copyInto(log io.Writer, title, path string) {
	b, err := os.ReadFile(path)
	if err == nil && len(b) > 0 {
		fmt.Fprintf(log, "%s:\n%s\n", title, b)
	}
}
