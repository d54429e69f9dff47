// Package vagrant holds what Vagrant needs to know about the boxes that the kit is measured in: a
// list of them, and a Vagrantfile that reads it. Both are part of the binary, so that a released
// one can be taken to a box without its source.
package vagrant

import (
	"bytes"
	_ "embed" // the two files
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"time"

	"github.com/hashicorp/go-multierror"
)

// Vagrantfile defines a machine for every box of List.
//
//go:embed Vagrantfile
var Vagrantfile []byte

// List is boxes.json, whose fields README.md explains.
//
//go:embed boxes.json
var List []byte

// Box is one entry of the list.
type Box struct {
	Name          string   `json:"name"`
	Box           string   `json:"box"`
	Providers     []string `json:"providers"`
	Architectures []string `json:"architectures"`
	OS            string   `json:"os"`
	Guest         string   `json:"guest"`
	Shell         string   `json:"shell"`
	Communicator  string   `json:"communicator"`
	Tested        string   `json:"tested"`
	Note          string   `json:"note"`
}

// Never is what stands in Tested of a box that nobody has tried.
const Never = "never"

// Boxes parses the list that is part of this program.
func Boxes() ([]Box, error) { return Parse(List) }

// Parse reads a list of boxes and tells everything that is wrong with it.
func Parse(list []byte) ([]Box, error) {
	var file struct {
		About string `json:"about"`
		Boxes []Box  `json:"boxes"`
	}
	d := json.NewDecoder(bytes.NewReader(list))
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the list")
	}
	var wrong *multierror.Error
	if len(file.Boxes) == 0 {
		wrong = multierror.Append(wrong, errors.New("the list has no boxes"))
	}
	seen := map[string]bool{}
	for i, b := range file.Boxes {
		for _, err := range b.check() {
			wrong = multierror.Append(wrong, fmt.Errorf("box %d (%q): %w", i+1, b.Name, err))
		}
		if seen[b.Name] {
			wrong = multierror.Append(wrong, fmt.Errorf("box %d (%q): another has this name", i+1, b.Name))
		}
		seen[b.Name] = true
	}
	return file.Boxes, wrong.ErrorOrNil()
}

var (
	// plain is what can be a file name, a word of a command line and part of the name of a virtual
	// machine.
	plain = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*$`)
	// registered is how the Vagrant registry writes a box: its owner and its name.
	registered = regexp.MustCompile(`^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$`)
)

// check gives everything that is wrong with a box.
func (b Box) check() []error {
	var wrong []error
	must := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Errorf(format, args...))
		}
	}
	must(plain.MatchString(b.Name), "name: small letters, digits, dots and dashes only")
	must(registered.MatchString(b.Box), "box: %q is not written OWNER/NAME", b.Box)
	must(len(b.Providers) > 0, "providers: there are none")
	must(len(b.Architectures) > 0, "architectures: there are none")
	for _, a := range b.Architectures {
		must(slices.Contains([]string{"amd64", "arm64"}, a), "architectures: there is no kit for %q", a)
	}
	must(slices.Contains(systems(), b.OS), "os: there is no kit for %q", b.OS)
	must(b.Shell != "", "shell: there is none")
	must(slices.Contains([]string{"ssh", "winssh"}, b.Communicator), "communicator: %q is neither ssh nor winssh", b.Communicator)
	_, err := time.Parse(time.DateOnly, b.Tested)
	must(b.Tested == Never || err == nil, "tested: %q is neither a day (2026-01-31) nor never", b.Tested)
	must(b.Note != "", "note: there is none")
	return wrong
}

// systems are those that the kit is built for.
func systems() []string {
	return []string{"linux", "darwin", "windows", "freebsd", "openbsd", "netbsd", "dragonfly"}
}
