// Package platforms is the list of platforms that the published table wants, measured or not, and
// how each is measured. The list is .github/targets.json, which the workflows read; its copy here
// is part of the program.
package platforms

import (
	"bytes"
	_ "embed" // the list
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// List is the list as it stands in .github/targets.json, from which Go can't embed it: a copy,
// compared in a test.
//
//go:generate go test . -run TestCopy -update
//go:embed targets.json
var List []byte

// Target is a platform that the table wants. Runner, VM, Vagrant and Run are ways to measure it; it
// has at least one.
type Target struct {
	// ID names the target, and what a workflow keeps of it: "ubuntu-24.04-amd64".
	ID string `json:"id"`
	// Title is its name for people: "Ubuntu 24.04".
	Title string `json:"title"`
	// Family is the kind of system, as in model.Platform: "linux".
	Family string `json:"family"`
	// Platforms is the pattern of its platform ids (as in path.Match) for an ordinary user; others
	// end in their class.
	Platforms string `json:"platforms"`
	// OS and Arch are what the kit for it is built for, in Go's words.
	OS   string `json:"os"`
	Arch string `json:"arch"`
	// Users are the classes of users that it is measured as: "ordinary", "root", "administrator".
	Users []string `json:"users"`
	// Runner is the label of GitHub's hosted runner that is the platform, or that runs its VM. It
	// is numbered: what "latest" means changes under the same name.
	Runner string `json:"runner,omitempty"`
	// VM is the virtual machine on that runner that is the platform.
	VM *VM `json:"vm,omitempty"`
	// Vagrant are names in vagrant/boxes.json.
	Vagrant []string `json:"vagrant,omitempty"`
	// Run is what `loopmatrix run --target` takes, with a glob for the shell to expand.
	Run string `json:"target,omitempty"`
	// Make is the target of the Makefile that fetches what Run needs.
	Make string `json:"make,omitempty"`
	// Missing says why it can't be measured yet; empty if it can.
	Missing string `json:"missing,omitempty"`
}

// VM is a machine of vmactions, and of cross-platform-actions as the second way.
type VM struct {
	// System is what the actions call the system: "freebsd".
	System string `json:"system"`
	// Release is the system's release: "15.1".
	Release string `json:"release"`
}

// Targets parses the list that is part of this program.
func Targets() ([]Target, error) { return Parse(List) }

// Parse reads a list and tells everything that is wrong with it.
func Parse(list []byte) ([]Target, error) {
	var file struct {
		About   string   `json:"about"`
		Targets []Target `json:"targets"`
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
	if len(file.Targets) == 0 {
		wrong = multierror.Append(wrong, errors.New("the list has no targets"))
	}
	seen := map[string]bool{}
	for i, t := range file.Targets {
		for _, err := range t.check() {
			wrong = multierror.Append(wrong, fmt.Errorf("target %d (%q): %w", i+1, t.ID, err))
		}
		if seen[t.ID] {
			wrong = multierror.Append(wrong, fmt.Errorf("target %d (%q): another has this id", i+1, t.ID))
		}
		seen[t.ID] = true
	}
	return file.Targets, wrong.ErrorOrNil()
}

var (
	// plain is what can be a file name and a word of a command line.
	plain = regexp.MustCompile(`^[a-z][a-z0-9]*([.-][a-z0-9]+)*$`)
	// numbered are labels that name a release.
	numbered = regexp.MustCompile(`^(ubuntu-[0-9]{2}\.[0-9]{2}(-arm)?|macos-[0-9]+(-intel)?|windows-[0-9]+(-arm)?)$`)
	// release is how a system writes the number of its release.
	release = regexp.MustCompile(`^r?[0-9]+(\.[0-9]+)*$`)
)

// The classes of users, as they end the id of a platform.
var users = []string{"ordinary", "root", "administrator"}

// check gives everything that is wrong with a target.
func (t Target) check() []error {
	var wrong []error
	must := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Errorf(format, args...))
		}
	}
	must(plain.MatchString(t.ID), "id: small letters, digits, dots and dashes only")
	must(t.Title != "", "title: there is none")
	must(plain.MatchString(t.Family), "family: there is none")
	_, err := path.Match(t.Platforms, "")
	must(err == nil && strings.HasPrefix(t.Platforms, t.Family+"-"), "platforms: %q is no pattern of ids of %s", t.Platforms, t.Family)
	must(strings.HasSuffix(t.Platforms, "-"+t.Arch), "platforms: %q does not end in %s", t.Platforms, t.Arch)
	must(t.Missing != "" || slices.Contains(systems(), t.OS), "os: there is no kit for %q", t.OS)
	must(slices.Contains([]string{"amd64", "arm64"}, t.Arch), "arch: there is no kit for %q", t.Arch)
	must(len(t.Users) > 0, "users: there are none")
	for _, u := range t.Users {
		must(slices.Contains(users, u), "users: there is no class %q", u)
	}
	must(t.Runner != "" || len(t.Vagrant) > 0 || t.Run != "", "there is no way to measure it")
	must(t.Runner == "" || numbered.MatchString(t.Runner), "runner: %q does not name one release", t.Runner)
	if t.VM != nil {
		must(strings.HasPrefix(t.Runner, "ubuntu-"), "vm: it runs on Linux only, not on %q", t.Runner)
		must(plain.MatchString(t.VM.System), "vm: system: small letters, digits, dots and dashes only")
		must(release.MatchString(t.VM.Release), "vm: release: %q is none", t.VM.Release)
	}
	must((t.Run == "") == (t.Make == ""), "target and make belong together")
	return wrong
}

// systems are those that the kit is built for.
func systems() []string {
	return []string{"linux", "darwin", "windows", "freebsd", "openbsd", "netbsd", "dragonfly", "illumos"}
}

// Unmeasured are the targets that none of some platforms is, in the order of the list, as a matrix
// shows them.
func Unmeasured(targets []Target, measured []model.Column) []model.Wanted {
	var out []model.Wanted
	for _, t := range targets {
		if !slices.ContainsFunc(measured, func(c model.Column) bool { return t.Is(c.ID) }) {
			out = append(out, model.Wanted{Family: t.Family, Title: t.Title})
		}
	}
	return out
}
