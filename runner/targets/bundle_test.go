package targets

import (
	"archive/tar"
	"bytes"
	"errors"
	"testing"

	"github.com/onsi/gomega"
)

// aStream is a report with two captures.
func aStream(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	captures := map[string][]byte{"b.pcapng": bytes.Repeat([]byte{7}, 1000), "a.pcapng": {}}
	if err := WriteBundle(&b, []byte(`{"schema":1}`), captures); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestStream(t *testing.T) {
	for name, before := range map[string]string{
		"alone": "", "after a greeting": "Welcome to Debian!\r\n", "after its own name": "report.json\x00 is what comes now\n",
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			report, captures, err := ReadBundle(bytes.NewReader(append([]byte(before), aStream(t)...)))
			g.Expect(err).NotTo(gomega.HaveOccurred())
			g.Expect(string(report)).To(gomega.Equal(`{"schema":1}`))
			g.Expect(captures).To(gomega.HaveLen(2))
			g.Expect(captures["b.pcapng"]).To(gomega.Equal(bytes.Repeat([]byte{7}, 1000)))
		})
	}
}

// TestCutStream cuts a stream after every byte. The blocks of zeros that close the archive may be
// missing; anything else may not.
func TestCutStream(t *testing.T) {
	whole := aStream(t)
	const closing = 2 * 512 // bytes
	for n := range len(whole) - closing {
		report, _, err := ReadBundle(bytes.NewReader(whole[:n]))
		if !errors.Is(err, ErrCut) {
			t.Fatalf("%d of %d bytes: %v", n, len(whole), err)
		}
		if r, err := concluded(Root, whole[:n], codeFine); len(r.Report) > 0 || !errors.Is(err, ErrCut) {
			t.Fatalf("%d of %d bytes, of which %d of the report: %q, %v", n, len(whole), len(report), r.Report, err)
		}
	}
}

// TestStreamWithPaths has a target send a file that would be written elsewhere.
func TestStreamWithPaths(t *testing.T) {
	for _, name := range []string{"../x.pcapng", "/etc/passwd", `..\x`, "c:x", "a/b", ".."} {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		for _, n := range []string{reportName, name, endName} {
			if err := entry(w, n, []byte("x")); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		_, captures, err := ReadBundle(&b)
		gomega.NewWithT(t).Expect(err).To(gomega.MatchError(gomega.ContainSubstring("a path in its name")), name)
		gomega.NewWithT(t).Expect(captures).To(gomega.BeEmpty())
	}
}

// TestStreamWithTwoReports: neither of two files of one name takes the place of the other.
func TestStreamWithTwoReports(t *testing.T) {
	for _, names := range [][]string{{reportName, reportName}, {reportName, "a.pcapng", reportName}, {reportName, "a.pcapng", "a.pcapng"}} {
		for _, content := range []string{"", "first"} {
			g := gomega.NewWithT(t)
			var b bytes.Buffer
			w := tar.NewWriter(&b)
			for _, n := range append(names, endName) {
				g.Expect(entry(w, n, []byte(content))).To(gomega.Succeed())
				content += "x"
			}
			g.Expect(w.Close()).To(gomega.Succeed())
			_, _, err := ReadBundle(bytes.NewReader(b.Bytes()))
			g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring(`the target sent "` + names[len(names)-1] + `" twice`)))
			r, err := concluded(Root, b.Bytes(), codeFine)
			g.Expect(err).To(gomega.HaveOccurred())
			g.Expect(r.Report).To(gomega.BeEmpty())
		}
	}
}

// TestWhatARunMeans goes through the exit codes with whole and cut streams.
func TestWhatARunMeans(t *testing.T) {
	whole, cut := aStream(t), aStream(t)[:600]
	for _, c := range []struct {
		name   string
		stream []byte
		code   int
		report bool
		err    error
	}{
		{"fine", whole, codeFine, true, nil},
		{"something deviates", whole, codeDeviates, true, nil},
		{"interrupted", whole, codeInterrupted, true, ErrPartial},
		{"wrong flags after a report", whole, 2, false, ErrCrashed},
		{"killed after a report", whole, 137, false, ErrCrashed},
		{"cut", cut, codeFine, false, ErrCut},
		{"cut by a crash", cut, 2, false, ErrCrashed},
		{"cut by a full disk", cut, codeInterrupted, false, ErrCrashed},
		{"nothing", nil, codeFine, false, ErrCut},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := concluded(Ordinary, c.stream, c.code)
			if (len(r.Report) > 0) != c.report || !errors.Is(err, c.err) || (err == nil) != (c.err == nil) {
				t.Errorf("%q, %v", r.Report, err)
			}
		})
	}
}
