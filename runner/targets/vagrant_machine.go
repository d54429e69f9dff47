package targets

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// vagrant is Vagrant with a command. Whatever the environment says, it works in the machine's
// folder, and it does not ask its maker for news.
func (m vagrantMachine) vagrant(ctx context.Context, o Order, args ...string) process {
	p := program(ctx, o.Log, "vagrant", args...)
	p.Dir, p.Stdout = m.folder, o.Log
	p.Env = append(os.Environ(), "VAGRANT_CWD="+m.folder, "VAGRANT_VAGRANTFILE=Vagrantfile",
		"VAGRANT_DOTFILE_PATH="+filepath.Join(m.folder, ".vagrant"), "VAGRANT_CHECKPOINT_DISABLE=1")
	return p
}

// do has Vagrant do something with the machine.
func (m vagrantMachine) do(ctx context.Context, o Order, command string, flags ...string) error {
	p := m.vagrant(ctx, o, append(append([]string{command}, flags...), "--no-tty", m.name)...)
	return p.explain(p.run())
}

// state asks for the provider that the machine has or will get.
func (m vagrantMachine) state(ctx context.Context, o Order) (vagrantState, error) {
	asked := m.vagrant(ctx, o, "status", "--machine-readable", m.name)
	said, err := asked.output()
	state, refused := parseVagrantState(m.name, string(said))
	switch {
	case errors.Is(refused, errVagrant), err == nil && refused != nil:
		return state, refused
	case err != nil:
		return state, asked.explain(err)
	}
	asked = m.vagrant(ctx, o, "--version")
	version, err := asked.output()
	if err != nil {
		return state, asked.explain(err)
	}
	if state.version = vagrantVersion.FindString(string(version)); state.version == "" {
		return state, fmt.Errorf("vagrant --version can't be read: %q", version)
	}
	return state, nil
}

// vagrantVersion is what Vagrant says of itself. Ruby and plugins may have complained before, with
// paths of this machine, which a report must not tell.
var vagrantVersion = regexp.MustCompile(`(?m)^Vagrant [0-9][0-9A-Za-z.-]*`)

// shell returns the way in, by the settings of ssh that Vagrant prints. It would have ssh say
// nothing when it can't connect.
func (m vagrantMachine) shell(ctx context.Context, o Order, config string) (secureShell, error) {
	over := secureShell{destination: m.name, options: []string{"-F", config, "-o", "LogLevel=ERROR"}, made: true}
	return over, within(ctx, o.Limits.Prepare, "vagrant ssh-config", func(ctx context.Context) error {
		p := m.vagrant(ctx, o, "ssh-config", m.name)
		settings, err := p.output()
		if err != nil {
			return p.explain(err)
		}
		return os.WriteFile(config, settings, 0o600)
	})
}

// leave destroys the machine or, if it is to be kept, halts it.
func (m vagrantMachine) leave(ctx context.Context, o Order) error {
	command, flags := "destroy", []string{"--force"}
	if o.Keep {
		command, flags = "halt", nil
	}
	o.Step(command)
	err := within(context.WithoutCancel(ctx), o.Limits.Finish, "vagrant "+command, func(ctx context.Context) error {
		return m.do(ctx, o, command, flags...)
	})
	if err != nil {
		return fmt.Errorf("%w; the machine may still run: see to it with vagrant in %s", err, m.folder)
	}
	if o.Keep {
		_, _ = fmt.Fprintf(o.Log, "the machine is kept: cd %s && vagrant up %s\n", m.folder, m.name)
	}
	return nil
}

// vagrantState is what Vagrant says of itself and of a machine.
type vagrantState struct {
	version  string // "Vagrant 2.3.4"
	provider string // "libvirt"
}

// errVagrant is behind what Vagrant itself says is wrong.
var errVagrant = errors.New("the tool vagrant can't")

// parseVagrantState reads the machine-readable output of `vagrant status`: lines of a time, a
// machine, a type and data, parted by commas. An error is a line as well.
func parseVagrantState(machine, said string) (vagrantState, error) {
	var state vagrantState
	for line := range strings.Lines(said) {
		fields := strings.SplitN(strings.TrimSpace(line), ",", 4)
		if len(fields) < 4 {
			continue
		}
		switch of, kind, data := fields[1], fields[2], fields[3]; {
		case kind == "error-exit":
			_, text, _ := strings.Cut(data, ",")
			return state, fmt.Errorf("%w: %s", errVagrant, strings.Join(strings.Fields(unescapeVagrant.Replace(text)), " "))
		case kind == "provider-name" && of == machine:
			state.provider = data
		}
	}
	if state.provider == "" {
		return state, fmt.Errorf("it names no provider for %s: %q", machine, said)
	}
	return state, nil
}

// unescapeVagrant undoes what the machine-readable output does to commas and ends of lines.
var unescapeVagrant = strings.NewReplacer("%!(VAGRANT_COMMA)", ",", `\n`, "\n", `\r`, "\r")
