package targets

import (
	"context"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/runner/platform"
	"github.com/loopmatrix/loopmatrix/runner/targets/enclosure"
)

// sandbox is gVisor: a kernel of its own, in which nothing but the kit runs, with gVisor's network
// stack and no other.
//
// It has a wire of its own. /dev/net/tun is there in every sandbox, and releases of today make a
// TAP device in a network namespace of the sandbox, give it addresses and routes, and so have
// private hosts, without root too. Those of 2022 open the device, but their rtnetlink has no
// request to change a link or to add a route, so that there the claims about the wire are not run,
// with that error. Neither has nftables, a neighbour table that can be listed, or route_localnet;
// only root may make a router.
type sandbox struct {
	path string // of runsc; empty for the one in PATH
}

func runscKind() Kind {
	return Kind{
		Word:    "runsc",
		Form:    "runsc[:PATH]",
		Does:    "gVisor with its own network stack, by the runsc in PATH or another one",
		Parse:   func(path string) (Target, error) { return sandbox{path}, nil },
		Found:   foundRunsc,
		Missing: sandbox{}.Missing,
		Made:    true,
	}
}

// foundRunsc lists what `make runsc` has put below the working directory.
func foundRunsc() []string {
	var out []string
	if sandboxPath, err := exec.LookPath("runsc"); err == nil && sandboxPath != "" {
		out = append(out, "runsc")
	}
	paths, _ := filepath.Glob("build/runsc/*/runsc") // the pattern is well-formed
	for _, path := range paths {
		out = append(out, "runsc:"+path)
	}
	return out
}

// Name is "runsc" or "runsc:PATH".
func (s sandbox) Name() string { return strings.TrimSuffix("runsc:"+s.path, ":") }

func (s sandbox) program() (string, error) {
	name := s.path
	if name == "" {
		name = "runsc"
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return "", err
	}
	return filepath.Abs(path)
}

// Missing asks for runsc and for what keeps its traces together.
func (s sandbox) Missing(ctx context.Context) error {
	var all *multierror.Error
	if _, err := s.program(); err != nil {
		all = multierror.Append(all, fmt.Errorf("%w; make runsc gets two of them", err))
	}
	if err := enclosure.Probe(ctx); err != nil {
		all = multierror.Append(all, err)
	}
	if all != nil {
		all.ErrorFormat = Joined
	}
	return all.ErrorOrNil()
}

// Measure runs the kit in a sandbox for each user.
func (s sandbox) Measure(ctx context.Context, o Order) ([]Returned, error) {
	runsc, err := s.program()
	if err != nil {
		return nil, err
	}
	release, err := releaseOf(ctx, runsc, o)
	if err != nil {
		return nil, err
	}
	kit, err := o.Kits.For(ctx, "linux", runtime.GOARCH)
	if err == nil {
		err = alone(kit)
	}
	if err != nil {
		return nil, err
	}
	var returned []Returned
	err = inFolder(o.Log, func(folder string) error {
		b := bundle{runsc: runsc, folder: folder}
		if err := b.fill(kit); err != nil {
			return err
		}
		o.Step("choose a platform")
		err := within(ctx, o.Limits.Prepare, "the first sandbox", func(ctx context.Context) error { return b.choose(ctx, o) })
		if err != nil {
			return err
		}
		returned, err = eachUser(o, func(u User) (r Returned, err error) {
			err = within(ctx, o.Limits.Run, "the run", func(ctx context.Context) error {
				p, err := b.sandbox(ctx, o, u, kitArguments(o))
				if err != nil {
					return err
				}
				r, err = measured(p, u)
				return err
			})
			r.How = fmt.Sprintf("runsc %s, platform %s, network none (gVisor's own stack with lo only)", release, b.platform)
			r.Amend = func(p model.Platform) model.Platform { return platform.WithRelease(p, release) }
			return r, err
		})
		return err
	})
	return returned, err
}

var versionLine = regexp.MustCompile(`(?m)^runsc version (\S+)`)

// stamped is the time of the commit in a version that the Go toolchain made up for one
// (go.dev/ref/mod#pseudo-versions).
var stamped = regexp.MustCompile(`^v0\.0\.0-(\d{8})\d{6}-[0-9a-f]{12}$`)

// releaseOf is what runsc calls its release ("release-20240729.0", Debian's "0.0~20240729.0"). One
// that the Go toolchain built has none; then the date of its source names it as the releases are
// named.
func releaseOf(ctx context.Context, runsc string, o Order) (string, error) {
	out, err := program(ctx, o.Log, runsc, "--version").output()
	if err != nil {
		return "", fmt.Errorf("runsc --version: %w", err)
	}
	if v := versionLine.FindSubmatch(out); v != nil && string(v[1]) != "VERSION_MISSING" {
		return release(string(v[1])), nil
	}
	info, err := buildinfo.ReadFile(runsc)
	if err != nil {
		return "", fmt.Errorf("runsc --version tells none (%q): %w", strings.TrimSpace(string(out)), err)
	}
	if date := stamped.FindStringSubmatch(info.Main.Version); date != nil {
		return date[1], nil
	}
	return info.Main.Version, nil
}

// release takes off what packagers and tags put before the date.
func release(version string) string {
	return strings.TrimPrefix(strings.TrimPrefix(version, "release-"), "0.0~")
}

// bundle is an OCI bundle: a root file system with the kit, and a configuration.
type bundle struct {
	runsc    string
	folder   string
	platform string
}

// rootfs is the root file system that the sandbox sees.
func (b *bundle) rootfs(path ...string) string {
	return filepath.Join(append([]string{b.folder, "rootfs"}, path...)...)
}

func (b *bundle) fill(kit string) error {
	for _, dir := range []string{"bin", "etc", "proc", "sys", "dev", "tmp"} {
		if err := os.MkdirAll(b.rootfs(dir), 0o755); err != nil { //nolint:gosec // it is the root of others
			return err
		}
	}
	for name, text := range map[string]string{
		"passwd": "root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/tmp:/bin/sh\n", "group": "root:x:0:\nnogroup:x:65534:\n",
		"hosts": "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n", "nsswitch.conf": "hosts: files dns\n", "resolv.conf": ""} {
		if err := os.WriteFile(b.rootfs("etc", name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	content, err := os.ReadFile(kit)
	if err != nil {
		return err
	}
	return writeProgram(b.rootfs("bin", "loopmatrix"), content)
}

// platforms are gVisor's ways to catch system calls that need no more than this machine's kernel,
// the one of today first: systrap came in 2023, until when ptrace was the default.
var platforms = [...]string{"systrap", "ptrace"}

// choose takes the first platform that starts a program.
func (b *bundle) choose(ctx context.Context, o Order) error {
	var all []string
	for _, b.platform = range platforms {
		p, err := b.sandbox(ctx, o, Root, []string{"--version"})
		if err != nil {
			return err
		}
		if _, err = p.output(); err == nil {
			return nil
		}
		all = append(all, fmt.Sprintf("%s: %v", b.platform, p.explain(err)))
	}
	return errors.New(strings.Join(all, "; "))
}

// sandbox is the process that is a sandbox with the kit in it. Its enclosure keeps together what
// runsc starts and mounts.
func (b *bundle) sandbox(ctx context.Context, o Order, u User, args []string) (process, error) {
	config, err := json.Marshal(configuration(u, append([]string{"/bin/loopmatrix"}, args...)))
	if err != nil {
		return process{}, err
	}
	if err := os.WriteFile(filepath.Join(b.folder, "config.json"), config, 0o644); err != nil {
		return process{}, err
	}
	const inside = "/tmp/bundle"
	flags := []string{"--root", "/tmp/state", "--platform", b.platform, "--network", "none", "--ignore-cgroups", "--log", "/dev/stderr"}
	if u == Root {
		flags = append(flags, "--net-raw") // else not even root gets a raw socket
	}
	if os.Geteuid() != 0 {
		flags = append(flags, "--rootless")
	}
	return enclosed(ctx, o, enclosure.Plan{
		Base:    "/",
		Folders: []enclosure.Folder{{From: b.folder, To: inside}, {From: filepath.Dir(b.runsc), To: "/tmp/runsc"}},
		Env:     []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "TMPDIR=/tmp"},
		Dir:     "/",
		Args:    append(append([]string{"/tmp/runsc/" + filepath.Base(b.runsc)}, flags...), "run", "--bundle", inside, "loopmatrix"),
	})
}

// enclosed is the process that makes an enclosure.
func enclosed(ctx context.Context, o Order, plan enclosure.Plan) (process, error) {
	c, err := enclosure.Command(ctx, plan)
	if err != nil {
		return process{}, err
	}
	p := process{c, &lastWords{log: o.Log}, groupsOf(ctx)}
	c.Stderr, c.WaitDelay = p.words, grace
	return p, nil
}
