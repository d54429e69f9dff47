package targets

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// The one stream that comes out of a target is a tar archive: the report, the captures, and an
// empty file at the end that distinguishes a whole stream from one that was cut. Targets whose way
// out carries noise as well, such as a serial line, may put anything before it.
const (
	reportName = "report.json"
	endName    = "end"
)

// maxStream bounds what is read from a target: a report and its captures are far below 1 MiB each.
const maxStream = 256 << 20

// ErrCut is behind the error for a stream that ends too early.
var ErrCut = errors.New("the stream from the target was cut")

// WriteBundle writes a report and its captures as one stream.
func WriteBundle(w io.Writer, report []byte, captures map[string][]byte) error {
	t := tar.NewWriter(w)
	if err := entry(t, reportName, report); err != nil {
		return err
	}
	var names []string
	for name := range captures {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := entry(t, name, captures[name]); err != nil {
			return err
		}
	}
	if err := entry(t, endName, nil); err != nil {
		return err
	}
	return t.Close()
}

func entry(t *tar.Writer, name string, content []byte) error {
	if err := t.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(content))}); err != nil {
		return err
	}
	_, err := t.Write(content)
	return err
}

// magicAt is where the magic of a tar header stands in it (tar(5)).
const magicAt = 257

// begin is where the archive begins in a stream: login scripts may greet before it.
func begin(stream []byte) int {
	first := append([]byte(reportName), 0)
	for at := 0; ; at++ {
		next := bytes.Index(stream[at:], first)
		if next < 0 {
			return 0
		}
		at += next
		if bytes.HasPrefix(stream[min(at+magicAt, len(stream)):], []byte("ustar")) {
			return at
		}
	}
}

// ReadBundle reads what WriteBundle wrote. A name that is there twice is an error, and so is a
// stream of more than maxStream bytes; what was read until then is returned as well.
func ReadBundle(r io.Reader) (report []byte, captures map[string][]byte, err error) {
	stream, err := io.ReadAll(io.LimitReader(r, maxStream+1))
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrCut, err)
	}
	if len(stream) > maxStream {
		return nil, nil, fmt.Errorf("the target sent more than %d MiB", maxStream>>20)
	}
	t := tar.NewReader(bytes.NewReader(stream[begin(stream):]))
	captures = map[string][]byte{}
	has := false // an empty report is one
	for {
		h, err := t.Next()
		if err != nil {
			return report, captures, fmt.Errorf("%w: %w", ErrCut, err)
		}
		var content bytes.Buffer
		if _, err := io.Copy(&content, t); err != nil { //nolint:gosec // bounded by maxStream
			return report, captures, fmt.Errorf("%w in %s: %w", ErrCut, h.Name, err)
		}
		_, twice := captures[h.Name]
		switch {
		case h.Name == endName:
			return report, captures, nil
		case twice || h.Name == reportName && has:
			return report, captures, fmt.Errorf("the target sent %q twice", h.Name)
		case h.Name == reportName:
			report, has = content.Bytes(), true
		case path.Base(h.Name) != h.Name || h.Name == "." || h.Name == ".." || strings.ContainsAny(h.Name, `\:`):
			return report, captures, fmt.Errorf("the target sent a file with a path in its name: %q", h.Name)
		default:
			captures[h.Name] = content.Bytes()
		}
	}
}
