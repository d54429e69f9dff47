package targets

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/runner/targets/guest"
)

// kernel is a Linux kernel that is booted in a machine of QEMU, where the kit is the first process
// and the only one. It has no network but lo, no disk, and no distribution: what is measured is the
// kernel.
type kernel struct {
	path string // a vmlinuz, or a folder that Debian's package was unpacked into
}

func kernelKind() Kind {
	return Kind{
		Word:    "kernel",
		Form:    "kernel:PATH",
		Does:    "boots a Linux kernel for amd64, a vmlinuz or an unpacked Debian package, in QEMU",
		Parse:   parseKernel,
		Found:   foundKernels,
		Missing: noQEMU,
		Made:    true,
	}
}

// foundKernels lists what kernels.sh has put below the working directory.
func foundKernels() []string {
	paths, _ := filepath.Glob("build/kernels/*/SHA256SUMS") // the pattern is well-formed
	for i, path := range paths {
		paths[i] = "kernel:" + filepath.Dir(path)
	}
	return paths
}

func parseKernel(path string) (Target, error) {
	if path == "" {
		return nil, errors.New("which kernel is not said")
	}
	return kernel{path}, nil
}

func (k kernel) Name() string { return "kernel:" + k.path }

func (k kernel) Missing(ctx context.Context) error {
	_, err := findKernel(k.path)
	return collected(multierror.Append(nil, noQEMU(ctx), err))
}

func noQEMU(context.Context) error {
	if _, err := exec.LookPath(qemu); err != nil {
		return hinted(err, "Debian has it in qemu-system-x86", onDebian())
	}
	return nil
}

// Measure boots the kernel once for each user, side by side: an emulator keeps but one processor
// busy, and no run finds what another has left in the kernel. The machines share no file.
func (k kernel) Measure(ctx context.Context, o Order) ([]Returned, error) {
	files, err := findKernel(k.path)
	if err != nil {
		return nil, err
	}
	kit, err := o.Kits.For(ctx, "linux", "amd64")
	if err == nil {
		err = alone(kit)
	}
	if err != nil {
		return nil, err
	}
	o.Step("pack the kit")
	modules, err := modulesFor(ctx, files, o.Log)
	if err != nil {
		return nil, err
	}
	o = shared(o)
	returned, errs := make([]Returned, len(o.Users)), make([]error, len(o.Users))
	var all sync.WaitGroup
	for i, u := range o.Users {
		all.Go(func() { returned[i], errs[i] = bootFor(ctx, o, u, files.Image, kit, modules) })
	}
	all.Wait()
	return whole(returned), collected(multierror.Append(nil, errs...))
}

// collected gives errors on one line, as the others do.
func collected(all *multierror.Error) error {
	if all != nil {
		all.ErrorFormat = Joined
	}
	return all.ErrorOrNil()
}

// whole leaves out runs without a report.
func whole(all []Returned) []Returned {
	var out []Returned
	for _, r := range all {
		if len(r.Report) > 0 {
			out = append(out, r)
		}
	}
	return out
}

// modulesFor picks the modules that the kit wants, and logs those that are not there.
func modulesFor(ctx context.Context, files kernelFiles, log io.Writer) ([]kernelModule, error) {
	if files.Modules == "" {
		fmt.Fprintln(log, "this kernel comes without modules")
		return nil, nil
	}
	picked, err := pickModules(ctx, files.Modules, wanted())
	if errors.Is(err, errNoModule) {
		fmt.Fprintf(log, "%s: %v: built in, or the kit will say what it can't do\n", files.Modules, err)
		err = nil
	}
	return picked, err
}

// bootFor boots the kernel for one user, with the first accelerator that brings it to its marker.
// One that exists may well not work: KVM inside of a virtual machine can refuse the processor or
// hang for ever.
func bootFor(ctx context.Context, o Order, u User, image, kit string, modules []kernelModule) (r Returned, err error) {
	err = inFolder(o.Log, func(folder string) error {
		r, err = bootIn(ctx, folder, o, u, image, kit, modules)
		return err
	})
	return r, err
}

func bootIn(ctx context.Context, folder string, o Order, u User, image, kit string, modules []kernelModule) (r Returned, err error) {
	m := machine{image: image, initramfs: filepath.Join(folder, "initramfs"), console: filepath.Join(folder, "console")}
	if err := pack(m.initramfs, kit, guestOrder(o, u, modules), modules); err != nil {
		return r, err
	}
	for _, a := range accelerators() {
		s := session{order: o, user: u}
		r, err = m.boot(ctx, &s, a)
		if s.ready || ctx.Err() != nil {
			if err == nil {
				r.How, err = how(ctx, o.Log, a)
			}
			break
		}
		fmt.Fprintln(o.Log, err)
	}
	return r, err
}

// switches let ordinary users send echo requests without a raw socket, as systemd has done by
// default since 243. Debian has taken that over with 13 (linux-sysctl-defaults); in 11 and 12 it is
// ping that has the privilege. A kernel alone lets nobody, and what claims about ICMP say of it
// would depend on the user alone.
func switches() []guest.Switch {
	return []guest.Switch{{Name: "net.ipv4.ping_group_range", Value: "0 2147483647"}}
}

// pack writes the file system that the kernel starts with.
func pack(initramfs, kit string, o guest.Order, modules []kernelModule) error {
	file, err := os.Create(initramfs)
	if err != nil {
		return err
	}
	return errors.Join(writeInitramfs(file, kit, o, modules), file.Close())
}

// guestOrder is the part of the order that the kit in the machine does.
func guestOrder(o Order, u User, modules []kernelModule) guest.Order {
	out := guest.Order{UID: rootUID, Switches: switches(), Args: kitArguments(o)}
	if u == Ordinary {
		out.UID = nobodyUID
	}
	for _, m := range modules {
		out.Modules = append(out.Modules, moduleFile(m))
	}
	return out
}

// shared makes an order whose log and steps several can use at once.
func shared(o Order) Order {
	step, mutex := o.Step, new(sync.Mutex)
	o.Step = func(what string) {
		mutex.Lock()
		defer mutex.Unlock()
		step(what)
	}
	o.Log = &sharedLog{log: o.Log}
	return o
}

type sharedLog struct {
	mutex sync.Mutex
	log   io.Writer
}

func (l *sharedLog) Write(p []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.log.Write(p)
}
