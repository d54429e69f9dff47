package targets

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/runner/platform"
	"github.com/loopmatrix/loopmatrix/runner/targets/enclosure"
)

// windowsLayer is Wine: the kit for Windows on this machine's kernel, in a network of its own with
// nothing but lo, so that what is measured does not depend on this machine's.
type windowsLayer struct {
	path string // a folder with a system in it, or Wine's program; empty for this machine's
}

func wineKind() Kind {
	return Kind{
		Word:    "wine",
		Form:    "wine[:PATH]",
		Does:    "the kit for Windows under Wine: this machine's, a program, or a folder with a system that has one",
		Parse:   func(path string) (Target, error) { return windowsLayer{path}, nil },
		Found:   foundWine,
		Missing: windowsLayer{}.Missing,
		Made:    true,
	}
}

// foundWine lists this machine's Wine and what `make wine` has put below the working directory.
func foundWine() []string {
	var out []string
	if _, err := findWine("/"); err == nil {
		out = append(out, "wine")
	}
	if _, err := findWine("build/wine"); err == nil {
		out = append(out, "wine:build/wine")
	}
	return out
}

// Name is "wine" or "wine:PATH".
func (w windowsLayer) Name() string { return strings.TrimSuffix("wine:"+w.path, ":") }

// placed is where a Wine is.
type placed struct {
	base    string // the folder that is the root for it
	program string // its path in there
}

// wines are the places of its program in distributions, that for 64 bits alone first: the other
// would ask for a Wine for 32 bits as well, which the kit does not need.
func wines() []string {
	return []string{"usr/lib/wine/wine64", "usr/bin/wine64", "usr/bin/wine", "usr/local/bin/wine", "opt/wine-stable/bin/wine", "usr/local/bin/wine64"}
}

// What helps where debootstrap is.
const (
	wineHint  = "make wine puts one into build/wine"
	newerHint = "make wine puts a newer one into build/wine"
)

func findWine(base string) (placed, error) {
	for _, name := range wines() {
		if info, err := os.Stat(filepath.Join(base, name)); err == nil && info.Mode().IsRegular() {
			return placed{base, "/" + name}, nil
		}
	}
	return placed{}, hinted(fmt.Errorf("there is no Wine in %s", base), wineHint, onDebian())
}

func (w windowsLayer) place() (placed, error) {
	if w.path == "" {
		return findWine("/")
	}
	path, err := filepath.Abs(w.path)
	if err != nil {
		return placed{}, err
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return placed{}, err
	case info.IsDir():
		return findWine(path)
	default:
		return placed{"/", path}, nil
	}
}

// Missing looks for Wine and for what keeps its servers together.
func (w windowsLayer) Missing(ctx context.Context) error {
	var all *multierror.Error
	if _, err := w.place(); err != nil {
		all = multierror.Append(all, err)
	}
	if err := enclosure.Probe(ctx); err != nil {
		all = multierror.Append(all, err)
	}
	if all != nil {
		all.ErrorFormat = Joined
	}
	return all.ErrorOrNil()
}

// Measure makes the prefix if there is none yet and runs the kit for each user. What a run writes
// to the prefix vanishes with it.
func (w windowsLayer) Measure(ctx context.Context, o Order) ([]Returned, error) {
	at, err := w.place()
	if err != nil {
		return nil, err
	}
	kit, err := o.Kits.For(ctx, "windows", "amd64")
	if err != nil {
		return nil, err
	}
	var returned []Returned
	err = inFolder(o.Log, func(folder string) error {
		b, err := os.ReadFile(kit)
		if err != nil {
			return err
		}
		if err := writeProgram(filepath.Join(folder, "kit.exe"), b); err != nil {
			return err
		}
		version, prefix, err := w.prepare(ctx, o, at)
		if err != nil {
			return err
		}
		returned, err = eachUser(o, func(u User) (r Returned, err error) {
			err = within(ctx, o.Limits.Run, "the run", func(ctx context.Context) error {
				p, err := at.process(ctx, o, u, prefix, folder, append([]string{`Z:\tmp\kit\kit.exe`}, kitArguments(o)...))
				if err != nil {
					return err
				}
				r, err = measured(p, u)
				return err
			})
			r.How = version + ", in a network of its own with lo only"
			r.Amend = func(p model.Platform) model.Platform { return platform.WithUser(p, u == Root) }
			return r, err
		})
		return err
	})
	return returned, err
}

// prepare gives Wine's version and a prefix for it.
func (w windowsLayer) prepare(ctx context.Context, o Order, at placed) (version, prefix string, err error) {
	o.Step("prepare Wine")
	err = within(ctx, o.Limits.Prepare, "prepare Wine", func(ctx context.Context) error {
		if version, err = at.version(ctx, o); err == nil {
			prefix, err = at.prefix(ctx, o, version)
		}
		return err
	})
	return version, prefix, err
}

// process is Wine in an enclosure. Its servers, which outlive a program otherwise, end with the
// enclosure.
func (at placed) process(ctx context.Context, o Order, u User, prefix, folder string, args []string) (process, error) {
	plan := at.plan(u, args)
	if folder != "" {
		plan.Folders = append(plan.Folders, enclosure.Folder{From: folder, To: "/tmp/kit"})
	}
	if prefix != "" {
		plan.Folders = append(plan.Folders, enclosure.Folder{From: prefix, To: "/tmp/prefix", Fleeting: true})
	}
	return enclosed(ctx, o, plan)
}

// plan is an enclosure for Wine. No program of Wine's that needs a screen or the network is let in,
// such as those that offer to download Mono.
func (at placed) plan(u User, args []string) enclosure.Plan {
	plan := enclosure.Plan{
		Base:       at.base,
		OwnNetwork: true,
		Args:       append([]string{at.program}, args...),
		Dir:        "/tmp",
		Env: []string{"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/tmp", "USER=wine", "LANG=C.UTF-8", "WINEPREFIX=/tmp/prefix", "WINEARCH=win64",
			"WINEDEBUG=-all", "WINEDLLOVERRIDES=mscoree=;mshtml=;winemenubuilder.exe="},
	}
	if u == Ordinary {
		plan.User = nobody
	}
	return plan
}

// oldest is the first version that today's Go runs on: it asks Windows for ProcessPrng, which Wine
// 8 does not have.
const oldest = 9

// wineVersion is the line with the version. Wrappers of distributions may say more before, with
// paths of this machine, which a report must not tell.
var wineVersion = regexp.MustCompile(`(?m)^wine-(\d+)\.[^/\\\r\n]*`)

// version is what Wine says of itself, "wine-10.0 (Debian 10.0~repack-6)".
func (at placed) version(ctx context.Context, o Order) (string, error) {
	p, err := at.process(ctx, o, Ordinary, "", "", []string{"--version"})
	if err != nil {
		return "", err
	}
	out, err := p.output()
	if err != nil {
		return "", p.explain(fmt.Errorf("wine --version: %w", err))
	}
	return readWineVersion(string(out))
}

func readWineVersion(said string) (string, error) {
	v := wineVersion.FindStringSubmatch(said)
	if v == nil {
		return "", fmt.Errorf("wine --version can't be read: %q", strings.TrimSpace(said))
	}
	said = strings.TrimSpace(v[0])
	if major, err := strconv.Atoi(v[1]); err != nil || major < oldest {
		return "", hinted(fmt.Errorf("%s is too old for programs of today's Go, which need Wine %d", said, oldest), newerHint, onDebian())
	}
	return said, nil
}

// errNoPrefix is behind the error for a Wine that did not make a prefix.
var errNoPrefix = errors.New("no prefix was made by Wine")

// prefix returns the folder with Wine's files of a Windows, which takes ten seconds and 800 MB to
// make and so is kept for every further run of this version. It belongs to the ordinary user; root
// sees it through a layer of its own. It is made under another name, so that what has the right one
// is whole.
func (at placed) prefix(ctx context.Context, o Order, version string) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	parent := filepath.Join(cache, "loopmatrix", "wine")
	ready := filepath.Join(parent, strings.Trim(notPlain.ReplaceAllString(version, "-"), "-"))
	if _, err := os.Stat(ready); err == nil {
		return ready, nil
	}
	o.Step("make a Windows for " + version)
	if err := os.MkdirAll(parent, 0o755); err != nil { //nolint:gosec // another user runs Wine
		return "", err
	}
	fresh, err := os.MkdirTemp(parent, ".making-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(fresh) }()
	if os.Geteuid() == 0 {
		if err := os.Chown(fresh, nobody, nobody); err != nil {
			return "", err
		}
	}
	if err := at.boot(ctx, o, fresh); err != nil {
		return "", err
	}
	if err := os.Rename(fresh, ready); err != nil {
		if _, there := os.Stat(ready); there == nil { // another run was quicker
			return ready, nil
		}
		return "", err
	}
	return ready, nil
}

var notPlain = regexp.MustCompile(`[^A-Za-z0-9.]+`)

// boot lets Wine make a prefix, and waits for its server, which writes the registry when it ends.
func (at placed) boot(ctx context.Context, o Order, fresh string) error {
	plan := at.plan(Ordinary, []string{"wineboot", "--init"})
	plan.Folders, plan.Linger = []enclosure.Folder{{From: fresh, To: "/tmp/prefix"}}, true
	p, err := enclosed(ctx, o, plan)
	if err != nil {
		return err
	}
	p.Stdout = p.words
	if err := p.run(); err != nil {
		return p.explain(fmt.Errorf("%w: wineboot: %w", errNoPrefix, err))
	}
	if _, err := os.Stat(filepath.Join(fresh, "system.reg")); err != nil {
		return p.explain(fmt.Errorf("%w: %w", errNoPrefix, err))
	}
	return nil
}
