package target

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

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
	// Page tables of five levels (la57) cost time, and so do the string instructions that are fast on real processors
	// (erms, fsrm): they are emulated byte by byte.
	all := []accelerator{{name: "tcg", cpu: "max,la57=off,cx16=off,erms=off,fsrm=off"}}
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

// commandLine is the kernel's. A panic ends the machine at once. The clock of an emulated machine must be trusted, and
// the random numbers are the host's. What is switched off has no part in the network and is slow under emulation, where a
// run takes a quarter less without it.
func commandLine() string {
	return "console=ttyS0,115200 panic=-1 tsc=reliable random.trust_cpu=on " +
		"nokaslr mitigations=off init_on_alloc=0 highres=off nohz=off " + guest.Variable + "=1"
}

// boot runs the machine to its end, and gives what its one run returned.
func (m machine) boot(ctx context.Context, s *session, a accelerator) (Returned, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	limits, log := s.order.Limits, s.order.Log
	p := program(ctx, log, qemu, m.arguments(a)...)
	out, in := io.Pipe()
	p.Stdout = in
	ended := make(chan error, 1)
	go func() {
		ended <- p.run()
		_ = in.Close()
	}()
	s.begin("boot with "+a.name, limits.Prepare)
	if a.patience > 0 {
		s.limit = min(s.limit, a.patience)
	}
	returned, err := s.follow(ctx, listen(ctx, out))
	if err == nil && !over(ended, limits.Finish) {
		fmt.Fprintf(log, "the machine does not switch itself off within %s\n", limits.Finish)
	}
	cancel()
	if said := <-ended; errors.Is(err, ErrCut) && said != nil {
		err = p.explain(fmt.Errorf("%w; %s: %w", err, qemu, said))
	}
	if console, unread := os.ReadFile(m.console); unread == nil {
		fmt.Fprintf(log, "the console of %s with %s, run as %s:\n%s\n", m.image, a.name, s.user, console)
	}
	return returned, err
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
