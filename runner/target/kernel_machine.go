package target

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/runner/guest"
)

const qemu = "qemu-system-x86_64"

// accelerator is a way for QEMU to run a machine.
type accelerator struct {
	name string // "kvm", as QEMU calls it
	cpu  string
	// patience is the longest time from start to marker; 0 leaves it to the order.
	patience time.Duration
}

// accelerators lists what can be tried here, the fastest first.
func accelerators() []accelerator {
	// Under emulation Linux 6.12 crashes in its allocator with cmpxchg16b, whose emulation in QEMU 7.2 spoils the flags.
	// Tables of five levels (la57) only cost time.
	all := []accelerator{{name: "tcg", cpu: "max,la57=off,cx16=off"}}
	if runtime.GOARCH != "amd64" {
		return all
	}
	device, err := os.OpenFile("/dev/kvm", os.O_RDWR, 0)
	if err != nil {
		return all
	}
	_ = device.Close()
	// With KVM the marker comes in a second, with emulation in three.
	return append([]accelerator{{name: "kvm", cpu: "host", patience: 5 * time.Second}}, all...)
}

// machine is what is booted.
type machine struct{ image, initramfs, console string }

// arguments are QEMU's command line. The first serial port is the console; the second is connected to QEMU's standard
// output and carries what the kit in the machine says.
func (m machine) arguments(a accelerator) []string {
	return []string{
		"-accel", a.name, "-cpu", a.cpu, "-machine", "pc", "-m", "512",
		"-nodefaults", "-no-user-config", "-display", "none", "-net", "none",
		"-no-reboot", // a kernel that panics would begin anew
		"-kernel", m.image, "-initrd", m.initramfs, "-append", commandLine(),
		"-chardev", "file,id=console,path=" + m.console, "-serial", "chardev:console",
		"-chardev", "stdio,id=out,signal=off", "-serial", "chardev:out",
	}
}

// commandLine is the kernel's: a panic ends the machine at once; KASLR and the mitigations only cost time under
// emulation, whose clock must be trusted and whose random numbers are the host's.
func commandLine() string {
	return "console=ttyS0,115200 panic=-1 nokaslr mitigations=off tsc=reliable random.trust_cpu=on " + guest.Variable + "=1"
}

// boot runs the machine to its end. ready says that the kernel came to its marker: the kit in it spoke.
func (m machine) boot(ctx context.Context, o Order, a accelerator) (returned []Returned, ready bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p := program(ctx, o.Log, qemu, m.arguments(a)...)
	out, in := io.Pipe()
	p.Stdout = in
	ended := make(chan error, 1)
	go func() {
		ended <- p.run()
		_ = in.Close()
	}()
	s := session{order: o}
	s.begin("boot with "+a.name, o.Limits.Prepare)
	if a.patience > 0 {
		s.limit = min(s.limit, a.patience)
	}
	err = s.follow(ctx, listen(ctx, out))
	if err == nil && !over(ended, o.Limits.Finish) {
		fmt.Fprintf(o.Log, "the machine does not switch itself off within %s\n", o.Limits.Finish)
	}
	cancel()
	if said := <-ended; errors.Is(err, ErrCut) && said != nil {
		err = fmt.Errorf("%w; %s: %w", err, qemu, said)
	}
	copyInto(o.Log, "the console of "+m.image+" with "+a.name, m.console)
	return s.returned, s.ready, multierror.Append(s.errs, err).ErrorOrNil()
}

// listen gives what the kit in the machine says, and closes the channel where that ends.
func listen(ctx context.Context, out io.Reader) <-chan guest.Message {
	messages := make(chan guest.Message)
	go func() {
		defer close(messages)
		_ = guest.Read(io.LimitReader(out, maxStream), func(m guest.Message) { // without a last message it was cut
			select {
			case messages <- m:
			case <-ctx.Done():
			}
		})
		go func() { _, _ = io.Copy(io.Discard, out) }() // the machine must not wait for a reader
	}()
	return messages
}

// over waits until a process has ended, and says whether it did. Its error stays in the channel.
func over(ended chan error, limit time.Duration) bool {
	select {
	case err := <-ended:
		ended <- err
		return true
	case <-time.After(limit):
		return false
	}
}
