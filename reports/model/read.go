package model

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// MaxBytes is the size of the largest file that is read: ten times a report of the whole catalogue
// with every transcript and all sweeps, and little enough to hold in memory.
const MaxBytes = 32 << 20

// maxDepth is how deep objects and lists may be nested. The model itself needs 7.
const maxDepth = 16

// everything is how a whole report is decoded: a field that the types do not have, or that is there
// twice, is an error, and so is text that is no UTF-8 (RFC 8259 8.1).
var everything = json.RejectUnknownMembers(true)

// answers is everything but the transcripts, which are looked at and not kept: they are half of a
// report, and no verdict follows from them.
var answers = json.JoinOptions(everything, json.WithUnmarshalers(json.JoinUnmarshalers(
	json.UnmarshalFromFunc(skip), json.UnmarshalFromFunc(room))))

// skip reads a transcript as raw values. Any other value than a list is left to the usual way,
// which says what is wrong.
func skip(d *jsontext.Decoder, _ *observation.Transcript) error {
	if d.PeekKind() != '[' {
		return errors.ErrUnsupported
	}
	_, err := d.ReadToken()
	for err == nil && (d.PeekKind() == '"' || d.PeekKind() == 'n') {
		err = d.SkipValue()
	}
	if err == nil && d.PeekKind() == ']' {
		_, err = d.ReadToken()
		return err
	}
	return cmp.Or(err, errors.New("a transcript holds something else than text")) // explain says where
}

// room makes room for the observations of a result, else growing takes a fifth of all time.
func room(_ *jsontext.Decoder, s *observation.Set) error {
	*s = make(observation.Set, 0, 16)
	return errors.ErrUnsupported // the usual way fills it
}

// Read reads a report from a file: decoded strictly and validated against the catalogue
// (Report.Validate). Errors name the file, the place in it, and the way out.
func Read(path string, catalogue []claim.Entry) (Report, error) {
	return read(path, everything, func(r Report) error { return r.Validate(catalogue) })
}

// Answers is Read for who needs no transcript: it looks at them and keeps none, which takes half
// the time.
func Answers(path string, catalogue []claim.Entry) (Report, error) {
	return read(path, answers, func(r Report) error { return r.Validate(catalogue) })
}

// ReadChecked reads a report that is to be published: decoded strictly and checked (Report.Check).
func ReadChecked(path string, catalogue []claim.Entry) (Report, error) {
	return read(path, everything, func(r Report) error { return r.Check(catalogue) })
}

func read(path string, how json.Options, check func(Report) error) (Report, error) {
	f, err := open(path, MaxBytes)
	if err != nil {
		return Report{}, err
	}
	defer func() { _ = f.Close() }()
	report, err := decode[Report](f, path, how)
	if err != nil {
		return Report{}, err
	}
	report.File = path
	return report, check(report)
}

// Decode reads a report in the manner of Read; name stands for the file in errors.
func Decode(r io.Reader, name string, catalogue []claim.Entry) (Report, error) {
	report, err := decode[Report](r, name, everything)
	if err != nil {
		return Report{}, err
	}
	report.File = name
	return report, report.Validate(catalogue)
}

// DecodeMatrix reads a matrix, strictly; name stands for the file in errors.
func DecodeMatrix(r io.Reader, name string) (Matrix, error) {
	return decode[Matrix](r, name, everything)
}

// ReadFile returns the content of a regular file of at most so many bytes. Errors are a Problem. A
// pipe or a device is not even opened.
func ReadFile(path string, most int64) ([]byte, error) {
	f, err := open(path, most)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	b, err := io.ReadAll(io.LimitReader(f, most+1))
	switch {
	case err != nil:
		return nil, Problem{path, "", "it can't be read: " + cause(err)}
	case int64(len(b)) > most:
		return nil, tooLarge(path, most)
	}
	return b, nil
}

// open opens a regular file that is not too large. A pipe or a device is refused: reading one may
// never end.
func open(path string, most int64) (*os.File, error) {
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
	case info.Size() > most:
		return nil, tooLarge(path, most)
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

func tooLarge(name string, most int64) error {
	size := fmt.Sprint(most>>20, " MiB")
	if most < 1<<20 {
		size = fmt.Sprint(most>>10, " KiB")
	}
	return Problem{name, "", "it is larger than " + size + "; is it the right file?"}
}

// texts are files that were read, whose memory takes the next one: finding and clearing it takes as
// long as reading.
var texts = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// decode reads one JSON value, a report or a matrix. Fields that the schema does not have are
// errors: a misspelt field would otherwise be a fact that silently went missing. The decoder stops
// at the first fault, so a file that it refuses is read again for all of them.
func decode[T versioned](r io.Reader, name string, how json.Options) (T, error) {
	text := texts.Get().(*bytes.Buffer)
	defer texts.Put(text)
	text.Reset()
	var whole T
	if err := slurp(r, name, text); err != nil {
		return whole, err
	}
	if err := bounded(text.Bytes(), name, whole); err != nil {
		return whole, err
	}
	if json.Unmarshal(text.Bytes(), &whole, how) == nil && whole.asVersioned(text.Bytes()) {
		return whole, nil
	}
	return explain[T](text.Bytes(), name)
}

// The most that a file holds, far more than one that the kit wrote: without a bound, 30 MB of {}
// become gigabytes. A report of today has 3,000 objects and 30,000 commas; most of a large one are
// the exceptions of a sweep.
const (
	maxObjects = 1 << 18
	maxCommas  = 1 << 20
)

// bounded refuses a text of too many values before it is decoded. What stands in strings counts,
// too. Everything else than a report is a table of several, and may have as much as fits.
func bounded(text []byte, name string, whole any) error {
	if _, is := whole.(Report); !is {
		return nil
	}
	for _, of := range []struct {
		what, sign string
		most       int
	}{{"objects", "{", maxObjects}, {"commas", ",", maxCommas}} {
		if n := bytes.Count(text, []byte(of.sign)); n > of.most {
			return Problem{name, "", fmt.Sprintf("it has %d %s, and a report at most %d; is it the right file?", n, of.what, of.most)}
		}
	}
	return nil
}

// versioned is what a file can hold.
type versioned interface {
	Report | Matrix | Documentation | Errata | Sentences
	// asVersioned reports whether it has the fields of its version, which this kit reads, and no
	// others.
	asVersioned(text []byte) bool
	// readable returns the versions that this kit reads.
	readable() []int
}

func (Report) readable() []int { return []int{1, Schema} }
func (Matrix) readable() []int { return []int{MatrixSchema} }

// unreadable says that a version is none that this kit reads.
func unreadable(version int, readable []int) string {
	words := make([]string, len(readable))
	for i, v := range readable {
		words[i] = strconv.Itoa(v)
	}
	return fmt.Sprintf("version %d is unknown; this kit reads %s", version, strings.Join(words, " and "))
}

// likeness says what a file that is no report looks like, and shows nothing of it: it may be
// private.
func likeness(text []byte) string {
	for begin, what := range map[string]string{"PK": "a zip archive, which is to be unpacked", "\x1f\x8b": "compressed by gzip",
		"\xfd7zXZ": "compressed by xz", "<": "a page (HTML or XML)", "[": "a JSON list"} {
		if bytes.HasPrefix(text, []byte(begin)) {
			return what
		}
	}
	return "something else; is it the right file?"
}

// slurp reads everything up to MaxBytes into whole, and nothing beyond the first few bytes of what
// can't be a JSON object.
func slurp(r io.Reader, name string, whole *bytes.Buffer) error {
	head := make([]byte, 512)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF { // ReadFull gives these unwrapped
		return Problem{name, "", "it can't be read: " + cause(err)}
	}
	head = head[:n]
	text := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(text) == 0 && n < cap(head):
		return Problem{name, "", "it is empty"}
	case bytes.HasPrefix(text, []byte("\xef\xbb\xbf")):
		return Problem{name, "", "it begins with a byte order mark; save it as UTF-8 without one"}
	case len(text) == 0 || text[0] != '{':
		return Problem{name, "", "it is no JSON object, but " + likeness(text)}
	}
	whole.Grow(expected(r) + bytes.MinRead)
	whole.Write(head)
	if _, err := whole.ReadFrom(io.LimitReader(r, MaxBytes+1-int64(n))); err != nil {
		return Problem{name, "", "it can't be read: " + cause(err)}
	}
	if whole.Len() > MaxBytes {
		return tooLarge(name, MaxBytes)
	}
	return nil
}

// expected is how much room reading a file takes, so that it need not be found out by growing;
// nothing for anything else.
func expected(r io.Reader) int {
	if f, is := r.(fs.File); is {
		if info, err := f.Stat(); err == nil {
			return int(min(info.Size(), MaxBytes))
		}
	}
	return 0
}
