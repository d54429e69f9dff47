package targets

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// debian is a kernel that `make kernels` has put there.
func debian(t *testing.T, version string) Target {
	t.Helper()
	k := kernel{filepath.Join("..", "..", "build", "kernels", version)}
	unable.Skip(t, k.Missing(t.Context()))
	return k
}

// TestKernels measures in private hosts: as root with TAP devices, and as an ordinary user in user
// namespaces, where there are but veth pairs.
func TestKernels(t *testing.T) {
	unable.Long(t, "it boots kernels in an emulator")
	for _, version := range []string{"5.10", "6.12"} {
		t.Run(version, func(t *testing.T) {
			k := debian(t, version)
			t.Setenv("TMPDIR", t.TempDir())
			o := order(t, kitsFor(t, "linux/amd64"))
			o.Flags = []string{"--claims", "v4.block.bind,v4.egress.dst.default,v6.egress.dst", "--seed", "7", "--wire", "required"}
			first, second := measureOn(t, k, o), measureOn(t, k, o)
			for u, ending := range map[User]string{Ordinary: "", Root: "-root"} {
				r := first[u]
				if want := "linux-" + version + "-vm-amd64" + ending; r.Platform.ID != want {
					t.Errorf("the platform is %s, not %s", r.Platform.ID, want)
				}
				if want := map[User]string{Ordinary: "veth", Root: "tap"}[u]; r.Platform.Wire != want {
					t.Errorf("as %s, the wire is %s, not %s", u, r.Platform.Wire, want)
				}
				agree(t, r, second[u])
			}
			nothingLeft(t, os.Getenv("TMPDIR"))
		})
	}
}

func measureOn(t *testing.T, k Target, o Order) map[User]model.Report {
	t.Helper()
	returned, err := k.Measure(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	out := reports(t, returned)
	if len(out) != len(o.Users) {
		t.Fatalf("%d reports", len(out))
	}
	return out
}

// agree checks that two reports have the same verdicts and behaviours, and that the three claims
// were measured.
func agree(t *testing.T, a, b model.Report) {
	t.Helper()
	measured := 0
	for i, r := range a.Results {
		if other := b.Results[i]; r.Verdict != other.Verdict || r.Behaviour != other.Behaviour {
			t.Errorf("%s: %s %q, then %s %q", r.Claim, r.Verdict, r.Behaviour, other.Verdict, other.Behaviour)
		}
		if r.Verdict != claim.NotRun && r.Verdict != claim.Inconclusive {
			measured++
		}
	}
	if measured != 3 {
		t.Errorf("%d claims were measured", measured)
	}
}

// TestKernelFaults breaks the way there and back. Nothing may stay of it.
func TestKernelFaults(t *testing.T) {
	unable.Long(t, "it boots kernels in an emulator")
	good := debian(t, "6.12")
	endless, zeros := make([]byte, 1<<20), make([]byte, 1<<20)
	// Documentation/arch/x86/boot.rst: the header says that it is Linux, and behind it 00 00 is
	// "add" for a long time.
	copy(endless[0x1f1:], []byte{4})                      // setup_sects
	copy(endless[0x1fe:], []byte{0x55, 0xaa})             // boot_flag
	copy(endless[0x202:], "HdrS\x0c\x02")                 // header, version
	copy(endless[0x22c:], []byte{0xff, 0xff, 0xff, 0x7f}) // initrd_addr_max
	for _, tc := range []struct {
		name   string
		kernel Target
		change func(*Order)
		err    error
		says   string
	}{
		{"a kernel that hangs", image(t, endless), func(o *Order) { o.Limits.Prepare = time.Second }, errNoMarker, "no marker from the kernel within 1s"},
		{"no kernel at all", image(t, zeros), func(*Order) {}, ErrCut, "linux kernel too old"},
		{"no program to start", good, func(o *Order) { o.Kits = fakeKit(t, "exit 0") }, ErrCut, "boot with tcg"},
		{"a kit that ends early", good, func(o *Order) { o.Flags = []string{"--nonsense"} }, ErrCrashed, "run as user"},
		{"a kit that takes too long", good, func(o *Order) { o.Limits.Run = time.Millisecond }, nil, "it was not done within 1ms"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Setenv("TMPDIR", t.TempDir())
			o := order(t, kitsFor(t, "linux/amd64"))
			o.Users = o.Users[:1]
			tc.change(&o)
			returned, err := tc.kernel.Measure(t.Context(), o)
			if len(returned) > 0 || err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("%d reports, %v", len(returned), err)
			}
			if tc.err != nil && !errors.Is(err, tc.err) {
				t.Errorf("%v is not %v", err, tc.err)
			}
			nothingLeft(t, os.Getenv("TMPDIR"))
		})
	}
}

// TestKernelWithAnotherKit boots a kernel whose kit fails. Its last words stand on the console, and
// so in the log.
func TestKernelWithAnotherKit(t *testing.T) {
	unable.Long(t, "it boots a kernel in an emulator")
	good := debian(t, "6.12")
	kits := Kits{Folder: t.TempDir()}
	build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", filepath.Join(kits.Folder, FileName("linux", "amd64")), "./testdata/guestkit")
	build.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	for _, tc := range []struct {
		fault string
		err   error
		says  string
		log   string
	}{
		{"crash", ErrCrashed, "run as user: the kit there did not do its work: exit code 2: the stream from the target was cut", "panic: oh no"},
		{"killed", ErrCrashed, "run as user: the kit there did not do its work: exit code 137: the stream from the target was cut", ""},
		{"cut", ErrCut, "run as user: the stream from the target was cut", ""},
		{"full", ErrCrashed, "run as user: the kit there did not do its work: exit code 3: the stream from the target was cut", "no space left on device"},
	} {
		t.Run(tc.fault, func(t *testing.T) {
			t.Setenv("TMPDIR", t.TempDir())
			o := order(t, kits)
			o.Users, o.Flags = o.Users[:1], []string{tc.fault}
			returned, err := good.Measure(t.Context(), o)
			if len(returned) > 0 || !errors.Is(err, tc.err) || !strings.HasPrefix(err.Error(), tc.says) {
				t.Errorf("%d reports, %v", len(returned), err)
			}
			if log := o.Log.(*syncBuffer).String(); !strings.Contains(log, tc.log) {
				t.Errorf("the log does not say %q: %s", tc.log, log)
			}
			nothingLeft(t, os.Getenv("TMPDIR"))
		})
	}
}

func image(t *testing.T, content []byte) Target {
	t.Helper()
	path := filepath.Join(t.TempDir(), "vmlinuz")
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return kernel{path}
}

// TestKernelInterrupted ends the context as soon as the machine starts, and once more.
func TestKernelInterrupted(t *testing.T) {
	unable.Long(t, "it boots a kernel in an emulator")
	k := debian(t, "5.10")
	t.Setenv("TMPDIR", t.TempDir())
	o := order(t, kitsFor(t, "linux/amd64"))
	ctx, cancel := context.WithCancel(t.Context())
	step := o.Step
	o.Step = func(what string) {
		step(what)
		if strings.HasPrefix(what, "boot") {
			cancel()
			cancel()
		}
	}
	returned, err := k.Measure(ctx, o)
	gomega.NewWithT(t).Expect(err).To(gomega.MatchError(context.Canceled))
	if len(returned) > 0 {
		t.Errorf("%d reports", len(returned))
	}
	nothingLeft(t, os.Getenv("TMPDIR"))
}

func TestKernelMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	err := kernel{"no/such/kernel"}.Missing(t.Context())
	for _, part := range []string{"qemu-system-x86_64", "no/such/kernel"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%v does not name %s", err, part)
		}
	}
	if _, err := Parse("kernel:"); err == nil {
		t.Error("kernel: names no kernel")
	}
	if k, err := Parse("kernel:build/kernels/5.10"); err != nil || k.Name() != "kernel:build/kernels/5.10" {
		t.Errorf("%v, %v", k, err)
	}
}

func TestMachineArguments(t *testing.T) {
	m := machine{image: "vmlinuz", initramfs: "folder/initramfs", console: "folder/console"}
	for a, want := range map[accelerator]string{
		{name: "kvm", cpu: "host"}: "-accel kvm -cpu host -machine pc -m 512 -nodefaults -no-user-config -display none -net none " +
			"-no-reboot -kernel vmlinuz -initrd folder/initramfs -append console=ttyS0,115200 panic=-1 LOOPMATRIX_CHILD=guest " +
			"-chardev file,id=console,path=folder/console -serial chardev:console -chardev stdio,id=out,signal=off -serial chardev:out",
		{name: "tcg", cpu: "max,x=off", words: "nokaslr"}: "-accel tcg -cpu max,x=off -machine pc -m 512 -nodefaults -no-user-config " +
			"-display none -net none -no-reboot -kernel vmlinuz -initrd folder/initramfs -append console=ttyS0,115200 panic=-1 " +
			"LOOPMATRIX_CHILD=guest nokaslr " +
			"-chardev file,id=console,path=folder/console -serial chardev:console -chardev stdio,id=out,signal=off -serial chardev:out",
	} {
		if got := strings.TrimSpace(strings.Join(m.arguments(a), " ")); got != want {
			t.Errorf("%s:\n%s\nis not\n%s", a.name, got, want)
		}
	}
}

// TestTwoKernelsLog has both machines of a boot write to one log, which need not be safe for that.
func TestTwoKernelsLog(t *testing.T) {
	var log bytes.Buffer
	o := shared(Order{Log: &log, Step: func(what string) { log.WriteString(what) }})
	done := make(chan struct{})
	for range 2 {
		go func() {
			for range 100 {
				_, _ = o.Log.Write([]byte("x"))
			}
			done <- struct{}{}
		}()
	}
	<-done
	<-done
	if log.Len() != 200 {
		t.Errorf("%d bytes of 200", log.Len())
	}
}
