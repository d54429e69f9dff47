package vagrant

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// TestBoxes proves that the list holds a box of every system that has one.
func TestBoxes(t *testing.T) {
	boxes, err := Boxes()
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, b := range boxes {
		have = append(have, b.OS)
	}
	for _, os := range systems() {
		if os != "darwin" && !slices.Contains(have, os) { // nobody publishes a box of macOS
			t.Errorf("there is no box of %s", os)
		}
	}
}

// TestFrozen proves that a box whose maker has stopped stands only where its system has no other.
func TestFrozen(t *testing.T) {
	boxes, err := Boxes()
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range boxes {
		others := slices.ContainsFunc(boxes, func(o Box) bool { return o.OS == b.OS && o.Name != b.Name })
		if strings.HasPrefix(b.Box, "generic/") && others {
			t.Errorf("%s is frozen since 2024, and %s has another box", b.Box, b.OS)
		}
	}
}

func TestParse(t *testing.T) {
	const good = `{"name": "a-1", "box": "o/n", "providers": ["libvirt"], "architectures": ["amd64"], "os": "linux", "shell": "sh", "communicator": "ssh", "tested": "never", "note": "n"}`
	list := func(boxes ...string) string { return `{"about": "", "boxes": [` + strings.Join(boxes, ", ") + "]}" }
	for _, c := range []struct {
		name, list string
		wrong      []string
	}{
		{"one", list(good), nil},
		{"tested", list(strings.Replace(good, "never", "2026-11-22", 1)), nil},
		{"nothing", "", []string{"EOF"}},
		{"no boxes", list(), []string{"no boxes"}},
		{"something behind it", list(good) + "{}", []string{"follows"}},
		{"twice", list(good, good), []string{`box 2 ("a-1"): another`}},
		{"an empty box", list("{}"), []string{"name:", "box:", "providers:", "architectures:", "os:", "shell:", "communicator:", "tested:", "note:"}},
		{"a field that nobody knows", list(`{"colour": "red"}`), []string{"colour"}},
		{"a path", list(strings.Replace(good, "a-1", "../a", 1)), []string{"name:"}},
		{"a system without a kit", list(strings.Replace(good, "linux", "plan9", 1)), []string{"plan9"}},
		{"winrm", list(strings.Replace(good, `"communicator": "ssh"`, `"communicator": "winrm"`, 1)), []string{"neither ssh nor winssh"}},
		{"a day that is none", list(strings.Replace(good, "never", "2026-02-30", 1)), []string{"tested:"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse([]byte(c.list))
			if (err == nil) != (c.wrong == nil) {
				t.Fatalf("got %v, want %q", err, c.wrong)
			}
			for _, w := range c.wrong {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%v does not say %q", err, w)
				}
			}
		})
	}
}

// TestVagrantfile has Vagrant itself read the file, with no box and no machine present.
func TestVagrantfile(t *testing.T) {
	unable.Long(t, "it starts Vagrant")
	_, err := exec.LookPath("vagrant")
	unable.Skip(t, err)
	folder := t.TempDir()
	for name, content := range map[string][]byte{"Vagrantfile": Vagrantfile, "boxes.json": List} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// Without a provider on this machine there is still the file to check.
	validate := exec.CommandContext(t.Context(), "vagrant", "validate", "--ignore-provider", "--no-tty")
	validate.Dir = folder
	validate.Env = append(os.Environ(), "VAGRANT_CHECKPOINT_DISABLE=1", "VAGRANT_HOME="+t.TempDir())
	if out, err := validate.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
