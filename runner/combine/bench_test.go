package combine

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/claim"
)

// BenchmarkAnswers reads, checks, judges and combines reports as `loopmatrix matrix DIR` does. What is to hold on a machine
// with two cores: 10,000 reports in less than 10 s, with less than 400 MB of memory at the peak. It judges nothing.
func BenchmarkAnswers(b *testing.B) {
	for _, n := range []int{100, 10000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			paths, size := manyReports(b, n)
			b.SetBytes(size)
			begun := processorTime(b)
			for b.Loop() {
				forgetPeak(b)
				table := NewTable(claim.Catalogue())
				if err := Answers(paths, claim.Catalogue(), table.Add); err != nil {
					b.Fatal(err)
				}
				m, err := table.Matrix()
				if err != nil || len(m.Platforms) != n {
					b.Fatal(len(m.Platforms), err)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "reports/s")
			b.ReportMetric((processorTime(b)-begun).Seconds()/float64(b.N), "cpu-s/op")
			if peak, known := peakMemory(b); known {
				b.ReportMetric(peak, "peak-MB")
			}
		})
	}
}

// manyReports writes the published reports over and over, whole and each as that of another platform, and says how many
// bytes they are: 10,000 are some 5 GB.
func manyReports(tb testing.TB, n int) (paths []string, size int64) {
	tb.Helper()
	dir := tb.TempDir()
	var texts [][]byte
	var ids []string
	for _, r := range reportsIn(tb, "../../reports/published/*.json") {
		text, err := os.ReadFile(r.File)
		if err != nil {
			tb.Fatal(err)
		}
		texts, ids = append(texts, text), append(ids, r.Platform.ID)
	}
	for i := range n {
		of := i % len(texts)
		id := fmt.Sprintf("%s-n%d", ids[of], i)
		text := bytes.ReplaceAll(texts[of], strconv.AppendQuote(nil, ids[of]), strconv.AppendQuote(nil, id))
		if bytes.Equal(text, texts[of]) {
			tb.Fatalf("%s does not stand in its report", ids[of])
		}
		path := filepath.Join(dir, id+".json")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			tb.Fatal(err)
		}
		paths, size = append(paths, path), size+int64(len(text))
	}
	return paths, size
}
