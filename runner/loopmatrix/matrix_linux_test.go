package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// BenchmarkMatrix runs the command over 10,000 reports, which are some 5 GB. What is to hold on a
// machine with two cores, in each format: less than 20 s, and less than 400 MB at the peak. It
// judges nothing.
func BenchmarkMatrix(b *testing.B) {
	dir, out := b.TempDir(), filepath.Join(b.TempDir(), "matrix")
	tenThousand(b, dir)
	for _, format := range []string{"json", "csv", "text"} {
		b.Run(format, func(b *testing.B) {
			var peak int64
			for b.Loop() {
				c := prepared("matrix", dir, "--format", format, "--out", out)
				if said, err := c.CombinedOutput(); err != nil {
					b.Fatalf("%v: %s", err, said)
				}
				used := c.ProcessState.SysUsage().(*syscall.Rusage)
				peak = max(peak, used.Maxrss)
				b.ReportMetric((c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds(), "cpu-s")
			}
			b.ReportMetric(float64(peak)*1024/1e6, "peak-MB")
		})
	}
}

// tenThousand writes the published reports over and over, each as that of another platform.
func tenThousand(b *testing.B, dir string) {
	b.Helper()
	files, err := filepath.Glob("../../reports/published/*.json")
	if err != nil || len(files) == 0 {
		b.Fatal("no published reports", err)
	}
	for i := range 10000 {
		of := files[i%len(files)]
		id := strings.TrimSuffix(filepath.Base(of), ".json")
		text, err := os.ReadFile(of)
		if err != nil {
			b.Fatal(err)
		}
		text = bytes.ReplaceAll(text, fmt.Appendf(nil, "%q", id), fmt.Appendf(nil, "%q", fmt.Sprintf("%s-n%d", id, i)))
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.json", i)), text, 0o600); err != nil {
			b.Fatal(err)
		}
	}
}
