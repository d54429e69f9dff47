package targets

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/vagrant"
)

// box is a virtual machine that Vagrant makes of a listed box. Once it is up it is like any other
// machine that ssh reaches; what is done here is to bring it up, and to take it down on every way
// out.
type box struct{ vagrant.Box }

func vagrantKind() Kind {
	return Kind{
		Word:    "vagrant",
		Form:    "vagrant:NAME",
		Does:    "a virtual machine that Vagrant makes of a box in vagrant/boxes.json, and destroys",
		Parse:   parseBox,
		Public:  true,
		Found:   foundBoxes,
		Survey:  surveyBoxes,
		Missing: noVagrant,
		Made:    true,
	}
}

func parseBox(name string) (Target, error) {
	boxes, err := vagrant.Boxes()
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(boxes, func(b vagrant.Box) bool { return b.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("vagrant/boxes.json has no box %q, but %s", name, strings.Join(boxNames(), ", "))
	}
	return box{boxes[i]}, nil
}

// foundBoxes lists the boxes as targets.
func foundBoxes() []string {
	out := boxNames()
	for i, name := range out {
		out[i] = "vagrant:" + name
	}
	return out
}

func boxNames() []string {
	boxes, _ := vagrant.Boxes() // a test reads the list
	out := make([]string, len(boxes))
	for i, b := range boxes {
		out[i] = b.Name
	}
	return out
}

// Name is "vagrant:NAME".
func (b box) Name() string { return "vagrant:" + b.Box.Name }

// Missing says what keeps Vagrant from making a machine of the box here: what `loopmatrix targets`
// says of it.
func (b box) Missing(ctx context.Context) error {
	err := noVagrant(ctx)
	if err == nil {
		err = unlisted(b.Box.Box)
	}
	if err != nil {
		return err
	}
	plugins, err := vagrantPlugins(ctx)
	if err != nil {
		return err
	}
	return unbootable(b.Box, func(name string) error { return provider(ctx, name, plugins) })
}

// noVagrant says which programs there are not.
func noVagrant(ctx context.Context) error {
	var all *multierror.Error
	if _, err := exec.LookPath("vagrant"); err != nil {
		all = multierror.Append(all, hinted(fmt.Errorf("%w; it is HashiCorp's", err), "Debian has one in vagrant", onDebian()))
	}
	if err := (secureShell{}).Missing(ctx); err != nil {
		all = multierror.Append(all, err)
	}
	if all != nil {
		all.ErrorFormat = Joined
	}
	return all.ErrorOrNil()
}

// Measure brings the machine up, measures over ssh, and destroys the machine, or halts it if it is
// to be kept. A machine that an earlier run kept, or that a killed one left, is taken as it is.
func (b box) Measure(ctx context.Context, o Order) (returned []Returned, err error) {
	m, err := b.machine()
	if err != nil {
		return nil, err
	}
	o.Step("ask Vagrant")
	var state vagrantState
	err = within(ctx, o.Limits.Prepare, "vagrant status", func(ctx context.Context) error {
		state, err = m.state(ctx, o)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !slices.Contains(b.Providers, state.provider) {
		return nil, fmt.Errorf("vagrant takes the provider %s, and the box is published for %s", state.provider, strings.Join(b.Providers, ", "))
	}
	defer func() { err = errors.Join(err, m.leave(ctx, o)) }()
	o.Step("boot with " + state.provider)
	if err := within(ctx, o.Limits.Prepare, "vagrant up", func(ctx context.Context) error { return m.do(ctx, o, "up") }); err != nil {
		return nil, err
	}
	err = inFolder(o.Log, func(folder string) error {
		over, err := m.shell(ctx, o, filepath.Join(folder, "ssh_config"))
		if err != nil {
			return err
		}
		returned, err = over.Measure(ctx, o)
		return err
	})
	for i := range returned {
		returned[i].How = fmt.Sprintf("%s with %s, box %s", state.version, state.provider, b.Box.Box)
	}
	return returned, err
}

// vagrantMachine is a machine of Vagrant's by its name and the folder that its Vagrantfile is in.
type vagrantMachine struct{ name, folder string }

// machine puts the list and the Vagrantfile into a folder that stays, since Vagrant remembers there
// what it has made.
func (b box) machine() (vagrantMachine, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return vagrantMachine{}, err
	}
	m := vagrantMachine{b.Box.Name, filepath.Join(cache, "loopmatrix", "vagrant")}
	if err := os.MkdirAll(m.folder, 0o700); err != nil {
		return m, err
	}
	return m, errors.Join(refresh(filepath.Join(m.folder, "Vagrantfile"), vagrant.Vagrantfile),
		refresh(filepath.Join(m.folder, "boxes.json"), vagrant.List))
}

// refresh writes a file in one go, for another Vagrant may just be reading it.
func refresh(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-")
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
