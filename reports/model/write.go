package model

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// Encode gives the JSON of a report or a matrix: indented, keys of maps sorted, a newline at the
// end. The same value gives the same bytes.
func Encode(v any) ([]byte, error) {
	var b bytes.Buffer
	err := EncodeTo(&b, v)
	return b.Bytes(), err
}

// EncodeTo writes what Encode gives, bit by bit.
func EncodeTo(w io.Writer, v any) error {
	// The pages escape for themselves; "<errno>" stays readable.
	if err := json.MarshalWrite(w, v, jsonv1.DefaultOptionsV1(), jsontext.EscapeForHTML(false), jsontext.WithIndent(" ")); err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// Write writes a report or a matrix to a file. The file appears whole or not at all: the bytes go
// to a new file in the same folder, which is then renamed.
func Write(path string, v any) error {
	b, err := Encode(v)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return WriteFile(path, b)
}

// WriteFile writes bytes to a file in the manner of Write. What is there and is no regular file,
// such as a terminal, a pipe or /dev/null, is written to and not replaced.
func WriteFile(path string, b []byte) error {
	return Create(path, func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	})
}

// Create is WriteFile for what is made while it is written.
func Create(path string, write func(io.Writer) error) error {
	to, special, err := destination(path)
	switch {
	case err != nil:
		return err
	case special:
		err = writeInto(to, write)
	default:
		err = replace(to, write)
	}
	if err != nil {
		return Problem{path, "", "it can't be written: " + cause(err)}
	}
	return nil
}

// Writable says whether WriteFile can write a file, for those who work long before they do. It
// makes the new file and removes it again.
func Writable(path string) error {
	to, special, err := destination(path)
	if err != nil || special {
		return err
	}
	f, err := beside(to)
	if err != nil {
		return Problem{path, "", "it can't be written: " + cause(err)}
	}
	_ = f.Close()
	return os.Remove(f.Name())
}

// destination follows symbolic links, so that they stay, and says whether something stands there
// that is no regular file.
func destination(path string) (to string, special bool, err error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Stat(filepath.Dir(path)); errors.Is(err, fs.ErrNotExist) {
			return path, false, Problem{path, "", "there is no folder " + printable(filepath.Dir(path)) + "; make it first"}
		}
		return path, false, nil
	case err != nil:
		return path, false, Problem{path, "", "it can't be written: " + cause(err)}
	case info.IsDir():
		return path, false, Problem{path, "", "it is a directory; name a file in it"}
	case !info.Mode().IsRegular():
		return path, true, nil
	}
	if to, err = filepath.EvalSymlinks(path); err != nil {
		return path, false, Problem{path, "", "it can't be written: " + cause(err)}
	}
	return to, false, nil
}

// writeInto writes to what is no regular file.
func writeInto(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if err := Buffered(f, write); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

// Buffered writes to what takes as long for a line as for many. The first error of a write ends it.
func Buffered(to io.Writer, write func(io.Writer) error) error {
	w := bufio.NewWriterSize(to, 1<<16)
	if err := write(w); err != nil {
		return err
	}
	return w.Flush()
}

// beside makes a new file in the folder of another.
func beside(path string) (*os.File, error) {
	return os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
}

// replace puts a new file in the place of another, or of none.
func replace(path string, write func(io.Writer) error) (err error) {
	f, err := beside(path)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	if err = Buffered(f, write); err != nil {
		return err
	}
	if err = f.Chmod(0o644); err != nil { // CreateTemp makes it private; a report is there to be passed on
		return err
	}
	if err = f.Sync(); err != nil { // else a crash after the rename may leave an empty file
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
