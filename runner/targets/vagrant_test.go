package targets

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

func TestParseBox(t *testing.T) {
	g := gomega.NewWithT(t)
	for _, name := range boxNames() {
		parsed, err := Parse("vagrant:" + name)
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(parsed.Name()).To(gomega.Equal("vagrant:" + name))
		g.Expect(Label(parsed)).To(gomega.Equal("vagrant:" + name)) // a box is nobody's secret
	}
	for _, name := range []string{"", "../debian-13", "windows-3.1"} {
		_, err := Parse("vagrant:" + name)
		g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring("vagrant/boxes.json has no box")))
	}
}

func TestParseVagrantState(t *testing.T) {
	for name, c := range map[string]struct{ said, provider, wrong string }{
		"libvirt": {said: "1795379138,a,metadata,provider,libvirt\n1795379138,a,provider-name,libvirt\n1795379138,a,state,not_created\n" +
			"1795379138,,ui,info,Current machine states:\\n\\na  not created (libvirt)\n", provider: "libvirt"},
		"another's":   {said: "1,b,provider-name,virtualbox\n1,a,provider-name,vmware_desktop\n", provider: "vmware_desktop"},
		"Windows":     {said: "1,a,provider-name,hyperv\r\n", provider: "hyperv"},
		"no provider": {said: "1,,error-exit,Vagrant::Errors::NoDefaultProvider,No usable default provider could be found for your system.\\n\\nVagrant relies on others%!(VAGRANT_COMMA) known as \"providers\"\n", wrong: `the tool vagrant can't: No usable default provider could be found for your system. Vagrant relies on others, known as "providers"`},
		"nothing":     {said: "", wrong: `it names no provider for a: ""`},
		"noise":       {said: "warning: a gem\n1,a,state\n", wrong: "it names no provider"},
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			state, err := parseVagrantState("a", c.said)
			g.Expect(state.provider).To(gomega.Equal(c.provider))
			if c.wrong == "" {
				g.Expect(err).NotTo(gomega.HaveOccurred())
			} else {
				g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring(c.wrong)))
			}
		})
	}
}

// fakeVagrant puts a Vagrant into the PATH that makes no machine, but says and does what is
// scripted for a command. It gives the commands that it was called with.
func fakeVagrant(t *testing.T, scripts map[string]string) func() []string {
	t.Helper()
	runsScripts(t)
	folder := temporary(t)
	calls := filepath.Join(folder, "calls")
	var cases strings.Builder
	for _, command := range []string{"status", "--version", "up", "ssh-config", "destroy", "halt"} {
		script, is := scripts[command]
		switch {
		case is:
		case command == "status":
			script = `echo "1,$3,provider-name,libvirt"`
		case command == "--version":
			script = "echo Vagrant 2.3.4"
		}
		fmt.Fprintf(&cases, "%s) %s\n;;\n", command, script)
	}
	script := "#!/bin/sh\n[ -f Vagrantfile ] && [ -f boxes.json ] && [ \"$VAGRANT_CHECKPOINT_DISABLE\" = 1 ] || exit 9\n" +
		`printf '%s\n' "$*" >>` + calls + "\ncase $1 in\n" + cases.String() + "esac\n"
	if err := os.WriteFile(filepath.Join(folder, "vagrant"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", folder+string(filepath.ListSeparator)+os.Getenv("PATH"))
	t.Setenv("XDG_CACHE_HOME", filepath.Join(folder, "cache"))
	t.Setenv("HOME", folder) // what takes the place of XDG_CACHE_HOME elsewhere
	return func() []string {
		b, _ := os.ReadFile(calls)
		return strings.Split(strings.TrimSpace(string(b)), "\n")
	}
}

// someBox is a box that the list holds.
func someBox(t *testing.T) Target {
	t.Helper()
	b, err := parseBox("debian-13")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestVagrant measures in a "machine" that is this one, through a server on loopback.
func TestVagrant(t *testing.T) {
	unable.Long(t, "it starts Vagrant")
	for name, keep := range map[string]bool{"destroyed": false, "kept": true} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			kits := kitsFor(t) // before there is another HOME
			s, tmp, _ := sshd(t, `exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"`)
			g.Expect(s.options[0]).To(gomega.Equal("-F"))
			calls := fakeVagrant(t, map[string]string{"ssh-config": "sed 's/^Host .*/Host debian-13/' " + s.options[1]})
			o := order(t, kits)
			o.Keep = keep
			returned, err := someBox(t).Measure(t.Context(), o)
			g.Expect(err).NotTo(gomega.HaveOccurred())
			g.Expect(reports(t, returned)).To(gomega.HaveKey(Ordinary))
			for _, r := range returned {
				g.Expect(r.How).To(gomega.Equal("Vagrant 2.3.4 with libvirt, box cloud-image/debian-13"))
			}
			last := "destroy --force --no-tty debian-13"
			if keep {
				last = "halt --no-tty debian-13"
			}
			g.Expect(calls()).To(gomega.Equal([]string{"status --machine-readable debian-13", "--version", "up --no-tty debian-13",
				"ssh-config debian-13", last}))
			nothingLeft(t, tmp)
		})
	}
}

// TestVagrantFaults breaks Vagrant. What is wrong is told, and a machine that may be there is
// destroyed.
func TestVagrantFaults(t *testing.T) {
	unable.Long(t, "it starts Vagrant")
	const nowhere = "echo 'Host debian-13'; echo ' HostName 127.0.0.1'; echo ' Port 1'; echo ' LogLevel FATAL'"
	for name, c := range map[string]struct {
		scripts   map[string]string
		want      string
		destroyed bool
	}{
		"no provider": {map[string]string{"status": "echo '1,,error-exit,E,No usable default provider'; exit 1"},
			"vagrant status: the tool vagrant can't: No usable default provider", false},
		"it crashes": {map[string]string{"status": "echo 'cannot load such file' >&2; exit 1"},
			`vagrant status: exit status 1: "cannot load such file"`, false},
		"another provider": {map[string]string{"status": `echo "1,$3,provider-name,docker"`, "up": "exit 1"},
			`vagrant takes the provider docker, and the box is published for libvirt, virtualbox`, false},
		"no boot":           {map[string]string{"up": "echo 'Timed out while waiting' >&2; exit 1"}, `vagrant up: exit status 1: "Timed out while waiting"`, true},
		"a boot that hangs": {map[string]string{"up": "sleep 7531"}, "vagrant up: it was not done within 2s", true},
		"no way in":         {map[string]string{"ssh-config": "exit 1"}, "vagrant ssh-config: exit status 1", true},
		"ssh is refused":    {map[string]string{"ssh-config": nowhere}, "connect: ssh has no connection: \"ssh: connect to host 127.0.0.1 port 1: Connection refused\"", true},
		"it can't destroy": {map[string]string{"ssh-config": nowhere, "destroy": "echo locked >&2; exit 1"},
			`vagrant destroy: exit status 1: "locked"; the machine may still run: see to it with vagrant in `, true},
		"a destroy that hangs": {map[string]string{"up": "exit 1", "destroy": "sleep 7531"}, "vagrant destroy: it was not done within 2s; the machine may still run", true},
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			calls := fakeVagrant(t, c.scripts)
			o := order(t, fakeKit(t, "exit 2"))
			o.Limits = Limits{Prepare: time.Minute, Run: time.Minute, Finish: time.Minute}
			switch name {
			case "a boot that hangs":
				o.Limits.Prepare = 2 * time.Second
			case "a destroy that hangs":
				o.Limits.Finish = 2 * time.Second
			case "ssh is refused":
				needSSH(t)
			}
			returned, err := someBox(t).Measure(t.Context(), o)
			g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring(c.want)))
			g.Expect(returned).To(gomega.BeEmpty())
			g.Expect(strings.Contains(strings.Join(calls(), "\n"), "destroy")).To(gomega.Equal(c.destroyed))
			g.Expect(running(t, "sleep\x007531")).To(gomega.BeEmpty())
		})
	}
}

// TestVagrantInterrupted ends the context, twice, while the machine boots.
func TestVagrantInterrupted(t *testing.T) {
	unable.Long(t, "it starts Vagrant")
	g := gomega.NewWithT(t)
	calls := fakeVagrant(t, map[string]string{"up": "sleep 7531"})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o := order(t, fakeKit(t, ""))
	go func() {
		g.Eventually(calls).WithTimeout(time.Minute).Should(gomega.ContainElement("up --no-tty debian-13"))
		cancel()
		cancel()
	}()
	_, err := someBox(t).Measure(ctx, o)
	g.Expect(err).To(gomega.MatchError("vagrant up: context canceled"))
	g.Expect(calls()).To(gomega.ContainElement("destroy --force --no-tty debian-13"))
	g.Expect(running(t, "sleep\x007531")).To(gomega.BeEmpty())
}

// TestVagrantIsAsked asks the real Vagrant about a machine that does not exist.
func TestVagrantIsAsked(t *testing.T) {
	unable.Long(t, "it starts Vagrant")
	_, err := exec.LookPath("vagrant")
	unable.Skip(t, err)
	g := gomega.NewWithT(t)
	for _, variable := range []string{"XDG_CACHE_HOME", "VAGRANT_HOME"} {
		t.Setenv(variable, t.TempDir())
	}
	t.Setenv("VAGRANT_CWD", "/") // a user's own settings do not matter
	m, err := someBox(t).(box).machine()
	g.Expect(err).NotTo(gomega.HaveOccurred())
	state, err := m.state(t.Context(), order(t, Kits{}))
	unable.Skip(t, err)
	g.Expect(state.provider).NotTo(gomega.BeEmpty())
	g.Expect(state.version).To(gomega.HavePrefix("Vagrant "))
}

// TestVagrantSaysWhatIsMissing wants a run to end with what `loopmatrix targets` says, before any
// machine is asked for.
func TestVagrantSaysWhatIsMissing(t *testing.T) {
	runsScripts(t)
	g := gomega.NewWithT(t)
	folder := t.TempDir()
	calls := filepath.Join(folder, "calls")
	for name, script := range map[string]string{"vagrant": "echo \"$1 $2\" >>" + calls, "ssh": "exit 1"} {
		g.Expect(os.WriteFile(filepath.Join(folder, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755)).To(gomega.Succeed())
	}
	t.Setenv("PATH", folder)
	results, err := MeasureAll(t.Context(), []Target{someBox(t)}, 1, func(Target) Order { return order(t, Kits{}) })
	want := surveyBoxes(t.Context())[someBox(t).Name()]
	g.Expect(want).To(gomega.MatchError(gomega.ContainSubstring("there is no plugin vagrant-libvirt")))
	g.Expect(results[0].Err).To(gomega.MatchError(want.Error()))
	g.Expect(err).NotTo(gomega.MatchError(gomega.ContainSubstring("may still run")))
	said, _ := os.ReadFile(calls)
	g.Expect(string(said)).To(gomega.Equal("plugin list\nplugin list\n"))
}
