package targets

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/loopmatrix/loopmatrix/vagrant"
)

// surveyBoxes says of every listed box what this machine lacks to make a machine of it. Vagrant
// takes a second to answer anything, so it is asked once for all boxes, for its plugins; the rest
// is looked at directly.
func surveyBoxes(ctx context.Context) map[string]error {
	out := map[string]error{}
	boxes, _ := vagrant.Boxes() // a test reads the list
	missing := noVagrant(ctx)
	var plugins map[string]bool
	if missing == nil {
		plugins, missing = vagrantPlugins(ctx)
	}
	for _, b := range boxes {
		out[box{b}.Name()] = missing
		if missing == nil {
			out[box{b}.Name()] = unbootable(b, func(name string) error { return provider(ctx, name, plugins) })
		}
	}
	return out
}

// unbootable says why no provider can boot a box: what each of its providers lacks.
func unbootable(b vagrant.Box, lacks func(provider string) error) error {
	if err := unlisted(b.Box); err != nil {
		return err
	}
	var reasons []string
	for _, name := range b.Providers {
		err := lacks(name)
		if err == nil {
			return nil
		}
		reasons = append(reasons, fmt.Sprintf("%s: %v", name, err))
	}
	return errors.New(strings.Join(reasons, "; "))
}

// own is the owner of boxes that are built here and that no registry has.
const own = "loopmatrix/"

// unlisted reports whether a box that no registry has is missing here as well.
func unlisted(name string) error {
	if !strings.HasPrefix(name, own) {
		return nil
	}
	home := os.Getenv("VAGRANT_HOME")
	if home == "" {
		user, err := os.UserHomeDir()
		if err != nil {
			return err
		}
		home = filepath.Join(user, ".vagrant.d")
	}
	folder := filepath.Join(home, "boxes", strings.ReplaceAll(name, "/", "-VAGRANTSLASH-"))
	if _, err := os.Stat(folder); err != nil { //nolint:gosec // the name is from a list in this program
		return errors.New("no registry has this box; make vagrant-smoke builds it and runs it in a libvirt of its own")
	}
	return nil
}

// vagrantPlugins are the names of the plugins that Vagrant has.
func vagrantPlugins(ctx context.Context) (map[string]bool, error) {
	p := program(ctx, io.Discard, "vagrant", "plugin", "list", "--machine-readable")
	p.Env = append(os.Environ(), "VAGRANT_CWD="+os.TempDir(), "VAGRANT_CHECKPOINT_DISABLE=1")
	said, err := p.output()
	if err != nil {
		return nil, p.explain(fmt.Errorf("vagrant plugin list: %w", err))
	}
	return parseVagrantPlugins(string(said)), nil
}

// parseVagrantPlugins reads machine-readable output as parseVagrantState does.
func parseVagrantPlugins(said string) map[string]bool {
	out := map[string]bool{}
	for line := range strings.Lines(said) {
		fields := strings.SplitN(strings.TrimSpace(line), ",", 4)
		if len(fields) == 4 && fields[2] == "plugin-name" {
			out[fields[3]] = true
		}
	}
	return out
}

// provider says what a provider of Vagrant lacks here: the plugin that it is, or the program that
// it drives.
func provider(ctx context.Context, name string, plugins map[string]bool) error {
	plugin := map[string]string{"libvirt": "vagrant-libvirt", "vmware_desktop": "vagrant-vmware-desktop", "parallels": "vagrant-parallels",
		"utm": "vagrant_utm"}[name]
	switch {
	case plugin != "" && !plugins[plugin]:
		return fmt.Errorf("there is no plugin %s", plugin)
	case name == "libvirt":
		return noLibvirt(ctx)
	case name == "virtualbox":
		return noProgram("VBoxManage")
	case name == "vmware_desktop":
		return noProgram("vmrun")
	case name == "parallels":
		return noProgram("prlctl")
	case name == "utm":
		return noProgram("utmctl")
	case name == "hyperv" && runtime.GOOS != "windows":
		return errors.New("it is part of Windows")
	case name == "hyperv":
		return noProgram("vmms")
	default:
		return errors.New("nothing is known of it")
	}
}

func noProgram(name string) error {
	_, err := exec.LookPath(name)
	if err != nil {
		return fmt.Errorf("there is no %s", name)
	}
	return nil
}

// noLibvirt knocks at the sockets of libvirt's one daemon of old and of the one for QEMU of today.
func noLibvirt(ctx context.Context) error {
	var dialer net.Dialer
	for _, socket := range []string{"libvirt-sock", "virtqemud-sock"} {
		c, err := dialer.DialContext(ctx, "unix", "/run/libvirt/"+socket)
		if err == nil {
			return c.Close()
		}
	}
	return errors.New("no libvirt answers here; start one, or as root put vagrant/own-libvirt before the command")
}
