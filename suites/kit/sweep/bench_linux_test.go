package sweep

import (
	"context"
	"fmt"
	"net/netip"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// benched is the part of the block that benchmarks ask: a sixteenth, 1,048,576 addresses.
var benched = netip.MustParsePrefix("127.16.0.0/12")

// BenchmarkUDP and BenchmarkBind compare a sweep with a plain C program that makes the same calls
// (testdata/reference.c), in turns within one run: the ratio is 1 where both are as fast.
func BenchmarkUDP(b *testing.B)  { beside(b, UDP) }
func BenchmarkBind(b *testing.B) { beside(b, Bind) }

func beside(b *testing.B, protocol Protocol) {
	b.Helper()
	reference := compiled(b)
	from, to := offsets(benched)
	size := float64(to - from)
	var ours, theirs float64
	b.ReportAllocs()
	for b.Loop() {
		f := NewField()
		var done atomic.Int64
		begun := time.Now()
		if err := Run(context.Background(), Plan{Protocol: protocol, Prefix: benched}, f, &done); err != nil {
			b.Fatal(err)
		}
		ours += time.Since(begun).Seconds()
		b.StopTimer()
		if n := f.Settled(from, to); n != int(size) {
			b.Fatalf("%d addresses of %.0f", n, size)
		}
		theirs += refer(b, reference, protocol, from, to)
		b.StartTimer()
	}
	b.ReportMetric(size*float64(b.N)/ours, "addresses/s")
	b.ReportMetric(size*float64(b.N)/theirs, "reference/s")
	b.ReportMetric(theirs/ours, "ratio")
}

// compiled is the reference, made by the system's C compiler.
func compiled(b *testing.B) string {
	b.Helper()
	out := filepath.Join(b.TempDir(), "reference")
	if said, err := exec.Command("cc", "-O2", "-pthread", "-o", out, "testdata/reference.c").CombinedOutput(); err != nil {
		unable.Skip(b, fmt.Errorf("%w: %s", err, said))
	}
	return out
}

// refer runs the reference and gives its seconds.
func refer(b *testing.B, reference string, protocol Protocol, from, to Offset) (seconds float64) {
	b.Helper()
	said, err := exec.Command(reference, string(protocol), fmt.Sprint(from), fmt.Sprint(to-from)).Output()
	if err != nil {
		b.Fatal(err)
	}
	var good Offset
	if _, err := fmt.Sscan(string(said), &good, &seconds); err != nil || good != to-from {
		b.Fatalf("the reference says %q: %v", said, err)
	}
	return seconds
}

// BenchmarkPing compares echo requests with fping, which asks addresses one by one at the pace it
// is told: as fast as it can. Ours are bounded by what the kernel does for each echo, on one
// processor; datagrams are not, and are compared too.
func BenchmarkPing(b *testing.B) {
	if _, err := exec.LookPath("fping"); err != nil {
		unable.Skip(b, err)
	}
	part := netip.MustParsePrefix("127.16.0.0/16") // enough for several workers
	from, to := offsets(part)
	var ours, datagrams, theirs float64
	took := func(p Protocol) float64 {
		begun := time.Now()
		var done atomic.Int64
		if err := Run(context.Background(), Plan{Protocol: p, Prefix: part}, NewField(), &done); err != nil {
			unable.Skip(b, err)
		}
		return time.Since(begun).Seconds()
	}
	for b.Loop() {
		ours += took(ICMP)
		b.StopTimer()
		datagrams += took(UDP)
		begun := time.Now()
		if said, err := exec.Command("fping", "-q", "-r", "0", "-i", "0", "-g", part.String()).CombinedOutput(); err != nil {
			b.Logf("fping: %v: %.200s", err, said) // it leaves the edges out and may lose some
		}
		theirs += time.Since(begun).Seconds()
		b.StartTimer()
	}
	size := float64(to - from)
	b.ReportMetric(size*float64(b.N)/ours, "addresses/s")
	b.ReportMetric(size*float64(b.N)/theirs, "fping/s")
	b.ReportMetric(theirs/ours, "ratio")
	b.ReportMetric(theirs/datagrams, "udp-ratio")
}
