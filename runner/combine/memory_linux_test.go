package combine

import (
	"bufio"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// forgetPeak makes the kernel measure the peak of this process anew, from what it holds now; see proc_pid_clear_refs(5).
func forgetPeak(tb testing.TB) {
	tb.Helper()
	debug.FreeOSMemory() // else the peak would be that of whatever ran before
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		tb.Log("the peak of memory is that of the whole process:", err)
	}
}

// peakMemory is the most memory that this process held at once, in MB, as the kernel counts it (VmHWM).
func peakMemory(tb testing.TB) (float64, bool) {
	tb.Helper()
	f, err := os.Open("/proc/self/status")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		value, is := strings.CutPrefix(lines.Text(), "VmHWM:")
		if !is {
			continue
		}
		kib, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(value), " kB"))
		if err != nil {
			tb.Fatal(err)
		}
		return float64(kib) * 1024 / 1e6, true
	}
	return 0, false
}

// processorTime is what this process took of all processors so far: a busy machine makes it longer on the wall, and little
// longer here.
func processorTime(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
