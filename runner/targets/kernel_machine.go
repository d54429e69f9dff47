package targets

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/loopmatrix/loopmatrix/runner/targets/guest"
)

const qemu = "qemu-system-x86_64"

// accelerator is a way for QEMU to run a machine.
type accelerator struct {
	name string // "kvm", as QEMU calls it
	cpu  string
	// words are for the kernel's command line.
	words string
	// patience is the longest time from start to marker; 0 leaves it to the order.
	patience time.Duration
}

// emulation runs everywhere. Linux 6.12 crashes in its allocator with cmpxchg16b (cx16), whose
// emulation in QEMU 7.2 spoils the flags. How fast the time stamp counter runs can't be measured on
// a busy host, so the clock is the HPET, which needs no measuring; nor does the timer need its
// test, in which Linux lets ten beats pass by that counter and panics if it heard hardly any
// (no_timer_check); random numbers are the processor's. The rest has no part in the network and is
// slow under emulation, where a run takes a third less without it: page tables of five levels,
// string instructions that real processors are fast at, a timer for every short sleep, and what
// hardens the kernel.
func emulation() accelerator {
	return accelerator{
		name:  "tcg",
		cpu:   "max,cx16=off,la57=off,erms=off,fsrm=off",
		words: "clocksource=hpet no_timer_check random.trust_cpu=on highres=off init_on_alloc=0 mitigations=off nokaslr",
	}
}

// accelerators lists what can be tried here, the fastest first.
func accelerators() []accelerator {
	all := []accelerator{emulation()}
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

// memory is what the machine has, in MiB.
const memory = 512

// machine is what is booted.
type machine struct{ image, initramfs, console string }

// arguments are QEMU's command line. The first serial port is the console; the second is connected
// to QEMU's standard output and carries what the kit in the machine says.
func (m machine) arguments(a accelerator) []string {
	return []string{
		"-accel", a.name, "-cpu", a.cpu, "-machine", "pc", "-m", strconv.Itoa(memory),
		"-nodefaults", "-no-user-config", "-display", "none", "-net", "none",
		"-no-reboot", // a kernel that panics ends, at once by panic=-1, and does not begin anew
		"-kernel", m.image, "-initrd", m.initramfs, "-append", strings.TrimSpace("console=ttyS0,115200 panic=-1 " + guest.Word + " " + a.words),
		"-chardev", "file,id=console,path=" + m.console, "-serial", "chardev:console",
		"-chardev", "stdio,id=out,signal=off", "-serial", "chardev:out",
	}
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

// over waits until a process has ended, and reports whether it did. Its error stays in the channel.
func over(ended chan error, limit time.Duration) bool {
	select {
	case err := <-ended:
		ended <- err
		return true
	case <-time.After(limit):
		return false
	}
}

// qemuVersion is in the first line of what QEMU says of itself: "QEMU emulator version 7.2.22
// (Debian 1:7.2+dfsg-7)".
var qemuVersion = regexp.MustCompile(`(?m)^QEMU emulator version ([0-9.]+)`)

// how says for the report what the kernel was booted in.
func how(ctx context.Context, log io.Writer, a accelerator) (string, error) {
	out, err := program(ctx, log, qemu, "--version").output()
	if err != nil {
		return "", fmt.Errorf("%s --version: %w", qemu, err)
	}
	version := qemuVersion.FindSubmatch(out)
	if version == nil {
		return "", fmt.Errorf("%s --version can't be read: %q", qemu, out)
	}
	return fmt.Sprintf("QEMU %s with %s, %d MiB, the kit as the first process and no network but lo, "+
		"ping_group_range as systemd and Debian 13 set it", version[1], strings.ToUpper(a.name), memory), nil
}
