package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"

	strict "github.com/go-json-experiment/json"

	"github.com/loopmatrix/loopmatrix/suites/claim"
)

// MaxBytes is the size of the largest file that is read: ten times a report of the whole catalogue with every
// transcript and all sweeps, and little enough to hold in memory.
const MaxBytes = 32 << 20

// maxDepth is how deep objects and lists may be nested. The model itself needs 7.
const maxDepth = 16

// Read reads a report from a file: decoded strictly and validated against the catalogue (Report.Validate). Errors name
// the file, the place in it, and the way out.
func Read(path string, catalogue []claim.Entry) (Report, error) {
	return new(memory).read(path, everything, func(r Report) error { return r.Validate(catalogue) })
}

// Reader reads one report after the other into the same memory. With thousands of reports, a third of all time goes
// otherwise into finding and clearing memory for the next. The zero value is ready; it is for one goroutine.
type Reader struct{ memory memory }

// Answers is Read for who needs no transcript: it looks at them as strictly and keeps none. They are half of a report, and
// no verdict follows from them. The report, with every text in it, is good until the next one is read: what is to be kept
// longer must be copied (strings.Clone).
func (r *Reader) Answers(path string, catalogue []claim.Entry) (Report, error) {
	return r.memory.read(path, answers, func(r Report) error { return r.Validate(catalogue) })
}

// ReadChecked reads a report that is to be published: decoded strictly and checked (Report.Check).
func ReadChecked(path string, catalogue []claim.Entry) (Report, error) {
	return new(memory).read(path, everything, func(r Report) error { return r.Check(catalogue) })
}

// memory is what a report is read into: the file as it is, and what the quick decoder makes of it.
type memory struct {
	text  bytes.Buffer
	quick quick
}

func (m *memory) read(path string, how scope, check func(Report) error) (Report, error) {
	f, err := open(path)
	if err != nil {
		return Report{}, err
	}
	defer func() { _ = f.Close() }()
	report, err := m.decode(f, path, how)
	if err != nil {
		return Report{}, err
	}
	report.File = path
	return report, check(report)
}

// Decode reads a report in the manner of Read; name stands for the file in errors.
func Decode(r io.Reader, name string, catalogue []claim.Entry) (Report, error) {
	report, err := new(memory).decode(r, name, everything)
	if err != nil {
		return Report{}, err
	}
	report.File = name
	return report, report.Validate(catalogue)
}

// DecodeMatrix reads a matrix, strictly; name stands for the file in errors.
func DecodeMatrix(r io.Reader, name string) (Matrix, error) {
	text, err := slurp(r, name, new(bytes.Buffer))
	if err != nil {
		return Matrix{}, err
	}
	return decode[Matrix](text, name)
}

// decode decodes a report that the kit wrote in the quick way, and everything else in the way that takes every JSON.
func (m *memory) decode(r io.Reader, name string, how scope) (Report, error) {
	m.text.Reset()
	text, err := slurp(r, name, &m.text)
	if err != nil {
		return Report{}, err
	}
	if report, is := m.quick.decode(text, how); is && report.asVersioned(text) {
		return report, nil
	}
	report, err := decode[Report](text, name)
	for _, result := range report.Results {
		for i := range result.Observations {
			if how == answers {
				result.Observations[i].Calls = nil
			}
		}
	}
	return report, err
}

// open opens a regular file that is not too large. A pipe or a device is refused: reading one may never end.
func open(path string) (*os.File, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, Problem{path, "", "there is no such file"}
	case errors.Is(err, fs.ErrPermission):
		return nil, Problem{path, "", "it may not be read: " + cause(err)}
	case err != nil:
		return nil, Problem{path, "", "it can't be read: " + cause(err)}
	case info.IsDir():
		return nil, Problem{path, "", "it is a directory; name the report files in it"}
	case !info.Mode().IsRegular():
		return nil, Problem{path, "", "it is no regular file"}
	case info.Size() > MaxBytes:
		return nil, tooLarge(path)
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrPermission) {
		return nil, Problem{path, "", "it may not be read (" + cause(err) + "); change its permissions, or who runs this"}
	}
	if err != nil {
		return nil, Problem{path, "", "it can't be read: " + cause(err)}
	}
	return f, nil
}

// cause is an error of package os without the path, which the problem names already.
func cause(err error) string {
	if e, is := errors.AsType[*fs.PathError](err); is {
		return e.Err.Error()
	}
	if e, is := errors.AsType[*os.LinkError](err); is {
		return e.Err.Error()
	}
	return err.Error()
}

func tooLarge(name string) error {
	return Problem{name, "", fmt.Sprintf("it is larger than %d MiB, which no report is; is it the right file?", MaxBytes>>20)}
}

// decode reads one JSON value, a report or a matrix. Fields that the schema does not have are errors: a misspelt field
// would otherwise be a fact that silently went missing. Nearly every file is right, and read once by a decoder that is
// strict and quick; it stops at the first fault, so a file that it refuses is read again, slowly, for all of them.
func decode[T versioned](b []byte, name string) (T, error) {
	var whole, slow T
	if strict.Unmarshal(b, &whole, strict.RejectUnknownMembers(true)) == nil && whole.asVersioned(b) {
		return whole, nil
	}
	return slow, explain(b, name, &slow, whole.readable)
}

// versioned is what a file can hold.
type versioned interface {
	Report | Matrix
	// asVersioned reports whether it has the fields of its version, which this kit reads, and no others.
	asVersioned(text []byte) bool
	// readable returns the versions that this kit reads.
	readable() []int
}

func (Report) readable() []int { return []int{1, Schema} }
func (Matrix) readable() []int { return []int{MatrixSchema} }

// explain decodes what the quick decoder refused, and says everything that is wrong with it.
func explain(b []byte, name string, into any, readable func() []int) error {
	version, err := schema(b, name, readable())
	if err != nil {
		return err
	}
	if err := scan(b, name, reflect.TypeOf(into), version); err != nil {
		return err
	}
	if err := json.Unmarshal(b, into); err != nil {
		return jsonProblem(b, name, err)
	}
	return nil
}

// schema returns the version of the format, which has to be one of these before anything else is expected of the file.
func schema(b []byte, name string, readable []int) (int, error) {
	if err := scan(b, name, nil, 0); err != nil {
		return 0, err
	}
	var head struct {
		Schema *int `json:"schema"`
	}
	switch err := json.Unmarshal(b, &head); {
	case err != nil:
		return 0, jsonProblem(b, name, err)
	case head.Schema == nil:
		return 0, Problem{name, "schema", "it is missing; is this a file of loopmatrix?"}
	case !slices.Contains(readable, *head.Schema):
		return 0, Problem{name, "schema", unreadable(*head.Schema, readable) + "; a newer kit may read it"}
	}
	return *head.Schema, nil
}

// unreadable says that a version is none that this kit reads.
func unreadable(version int, readable []int) string {
	words := make([]string, len(readable))
	for i, v := range readable {
		words[i] = strconv.Itoa(v)
	}
	return fmt.Sprintf("version %d is unknown; this kit reads %s", version, strings.Join(words, " and "))
}

// slurp reads everything up to MaxBytes into whole, and nothing beyond the first few bytes of what can't be a JSON object.
func slurp(r io.Reader, name string, whole *bytes.Buffer) ([]byte, error) {
	head := make([]byte, 512)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF { // ReadFull gives these unwrapped
		return nil, Problem{name, "", "it can't be read: " + cause(err)}
	}
	head = head[:n]
	text := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(text) == 0 && n < cap(head):
		return nil, Problem{name, "", "it is empty"}
	case bytes.HasPrefix(text, []byte("\xef\xbb\xbf")):
		return nil, Problem{name, "", "it begins with a byte order mark; save it as UTF-8 without one"}
	case len(text) == 0 || text[0] != '{':
		return nil, Problem{name, "", fmt.Sprintf("it is no JSON object: it begins with %q", text[:min(len(text), 20)])}
	}
	whole.Grow(expected(r) + bytes.MinRead)
	whole.Write(head)
	if _, err := whole.ReadFrom(io.LimitReader(r, MaxBytes+1-int64(n))); err != nil {
		return nil, Problem{name, "", "it can't be read: " + cause(err)}
	}
	if whole.Len() > MaxBytes {
		return nil, tooLarge(name)
	}
	return whole.Bytes(), nil
}

// expected is how much room reading a file takes, so that it need not be found out by growing; nothing for anything else.
func expected(r io.Reader) int {
	if f, is := r.(fs.File); is {
		if info, err := f.Stat(); err == nil {
			return int(min(info.Size(), MaxBytes))
		}
	}
	return 0
}
