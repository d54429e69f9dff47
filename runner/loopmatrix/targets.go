package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/hashicorp/go-multierror"
	"github.com/spf13/cobra"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/runner/progress"
	"github.com/loopmatrix/loopmatrix/runner/targets"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// away are the flags of the command run that take the kit to other systems.
type away struct {
	targets []string
	kits    string
	as      string
	log     string
	limits  targets.Limits
	bundle  bool
	tether  bool
	keep    bool
	// limited says that --run-limit was given, so that sweeps do not lengthen it.
	limited bool
}

// The values of --as.
const (
	asUser = "user"
	asRoot = "root"
	asBoth = "both"
)

func (a *away) declare(c *cobra.Command) {
	a.limits = targets.DefaultLimits()
	c.Flags().StringArrayVar(&a.targets, "target", nil, "measure on this `target`, not here; may be given again (see loopmatrix targets)")
	c.Flags().StringVar(&a.as, "as", "", "run as `who`: user, root (by sudo or doas, where they ask no password) or both; by default\nas who starts it (local) or logs in (ssh), and as both in what is made for the run")
	c.Flags().StringVar(&a.kits, "kit-dir", "", "`folder` of released binaries for other systems, else they are built from the source")
	c.Flags().StringVar(&a.log, "log", "", "write what targets say into this `folder`; without it only logs of failures are kept")
	c.Flags().DurationVar(&a.limits.Prepare, "prepare-limit", a.limits.Prepare, "longest `time` to boot, connect or set up a target")
	c.Flags().DurationVar(&a.limits.Run, "run-limit", a.limits.Run, "longest `time` of one run on a target")
	c.Flags().DurationVar(&a.limits.Finish, "finish-limit", a.limits.Finish, "longest `time` to clean up a target")
	c.Flags().BoolVar(&a.keep, "keep", false, "leave a machine that was made for the run, halted, for the next run")
	c.Flags().BoolVar(&a.bundle, "bundle", false, "write report and captures to stdout as one stream")
	c.Flags().BoolVar(&a.tether, "tether", false, "end with standard input")
	for _, hidden := range []string{"bundle", "tether"} {
		_ = c.Flags().MarkHidden(hidden) // it fails for flags that do not exist
	}
}

// asked says whether the kit is to run elsewhere, or as somebody else.
func (a away) asked() bool { return len(a.targets) > 0 || a.as != "" }

// here reports whether this machine is measured.
func (a away) here() bool { return len(a.targets) == 0 || slices.Contains(a.targets, "local") }

// users are those to run as on a target. No run becomes root without a word on a machine that was there before.
func (a away) users(t targets.Target) []targets.User {
	switch a.as {
	case asUser:
		return []targets.User{targets.Ordinary}
	case asRoot:
		return []targets.User{targets.Root}
	case asBoth:
		return targets.Users()
	default:
		return targets.DefaultUsers(t)
	}
}

// single says whether one report at most comes back.
func (a away) single() bool { return len(a.targets) <= 1 && (a.as == asUser || a.as == asRoot) }

// check refuses what can't work and gives the targets. All unknown ones are named at once.
func (a away) check(f runFlags) ([]targets.Target, error) {
	if a.as != "" {
		if err := oneOf("as", a.as, asUser, asRoot, asBoth); err != nil {
			return nil, err
		}
	}
	switch {
	case f.pcap != "":
		return nil, usage("--pcap: the captures of targets go beside the reports, into the folder of --out")
	case !a.single() && (f.junit != "" || f.tap != "" || a.bundle):
		return nil, usage("--junit and --tap take one report: name one --target, and --as user or --as root")
	case a.limits.Prepare <= 0 || a.limits.Run <= 0 || a.limits.Finish <= 0:
		return nil, usage("--prepare-limit, --run-limit, --finish-limit: they are longer than 0, such as 90s")
	}
	if a.log != "" {
		if err := f.desk.folder("log", a.log); err != nil {
			return nil, err
		}
	}
	names := a.targets
	if len(names) == 0 {
		names = []string{"local"}
	}
	return parseTargets(names)
}

// room makes the folder of --out where several reports need one.
func (a away) room(d *desk, out string) error {
	if out == "" || !a.asked() || a.single() {
		return nil
	}
	return d.folder("out", out)
}

func parseTargets(names []string) ([]targets.Target, error) {
	var out []targets.Target
	var all *multierror.Error
	for i, name := range names {
		t, err := targets.Parse(name)
		switch {
		case err != nil:
			all = multierror.Append(all, err)
		case slices.Contains(names[:i], name):
			all = multierror.Append(all, fmt.Errorf("target %q is named twice", name))
		default:
			out = append(out, t)
		}
	}
	if all.ErrorOrNil() != nil {
		return nil, usage("--target: %w", all)
	}
	return out, nil
}

// folder makes a folder where there is none, and says whether files can be written there.
func (d *desk) folder(flag, path string) error {
	if path == standardOutput {
		return usage("--%s: standard output takes one report: name one --target, and --as user or --as root", flag)
	}
	if err := os.MkdirAll(path, 0o755); err != nil { //nolint:gosec // reports are there to be passed on
		return usage("--%s: %s: %w", flag, path, cause(err))
	}
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return usage("--%s: %s: it is no folder, and several files are to go there", flag, path)
	}
	return d.writable(flag, somewhere(path))
}

// onTargets takes the kit to the targets and keeps what comes back, each target's as soon as it is there.
func (f runFlags) onTargets(ctx context.Context) error {
	chosen, err := f.away.check(f)
	if err != nil {
		return err
	}
	logs, err := f.away.openLogs(chosen)
	if err != nil {
		return err
	}
	shown := f.display()
	home := &home{flags: f, lines: shown, files: map[string]string{}}
	lines := map[string]*progress.Line{}
	for _, t := range chosen {
		lines[t.Name()] = shown.Show(progress.Unknown, t.Name())
	}
	carried := make([]targets.Target, len(chosen))
	for i, t := range chosen {
		carried[i] = carrying{t, home.keep}
	}
	results, _ := targets.MeasureAll(ctx, carried, targets.AtOnce, func(t targets.Target) targets.Order {
		step := func(step string) { lines[t.Name()].Set(0, step, "") }
		return targets.Order{Kits: kits(f.away.kits), Flags: f.kitFlags(), Users: f.away.users(t), Limits: f.limits(), Keep: f.away.keep,
			Log: &sweepListener{to: logs.of(t), step: step}, Step: step}
	})
	for _, line := range lines {
		line.End()
	}
	failed := logs.close(results)
	if err := home.show(); err != nil {
		failed = multierror.Append(failed, err)
	}
	verdict := home.verdict()
	if failed.ErrorOrNil() != nil { // which outweighs what the others found
		return kit("%w", failed)
	}
	return verdict
}

// kitFlags are the flags that the kit on a target gets.
func (f runFlags) kitFlags() []string {
	flags := []string{"--wire", f.wire, "--seed", strconv.FormatUint(f.seed, 10), "--repeat", strconv.Itoa(f.repeat)}
	if f.claims != "" { // some shells lose an empty word
		flags = append(flags, "--claims", f.claims)
	}
	if f.sweep != "" {
		flags = append(flags, "--sweep", f.sweep, "--memory-share", strconv.FormatFloat(f.share, 'g', -1, 64))
	}
	return flags
}

// carrying is a target whose results are brought home before anything else is done.
type carrying struct {
	targets.Target
	keep func(targets.Target, targets.Returned) error
}

// Measure keeps every report that comes back, also beside an error.
func (c carrying) Measure(ctx context.Context, o targets.Order) ([]targets.Returned, error) {
	started := time.Now()
	returned, err := c.Target.Measure(ctx, o)
	all := &multierror.Error{ErrorFormat: targets.Joined}
	if err != nil {
		all = multierror.Append(all, err)
	}
	for _, r := range returned {
		if err := c.keep(c.Target, r); err != nil {
			all = multierror.Append(all, fmt.Errorf("as %s: %w", r.User, err))
		}
	}
	o.Step(fmt.Sprintf("done, %d reports in %.1f s", len(returned), time.Since(started).Seconds()))
	return returned, all.ErrorOrNil()
}

// kits says where binaries for other systems come from: a folder of released ones, or the source around this folder.
func kits(released string) targets.Kits {
	k := targets.Kits{Folder: released, Source: sourceAround(), Stamp: "-X main.version=" + thisKit().Version + " -X main.commit=" + thisKit().Commit}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	k.Built = filepath.Join(cache, "loopmatrix", "kits")
	return k
}

// sourceAround is the folder of this module's source that the working directory is in, empty if it is in none.
func sourceAround() string {
	dir, err := os.Getwd()
	for err == nil {
		b, read := os.ReadFile(filepath.Join(dir, "go.mod"))
		if read == nil && bytes.HasPrefix(b, []byte("module "+module+"\n")) {
			return dir
		}
		if read != nil && !errors.Is(read, fs.ErrNotExist) || dir == filepath.Dir(dir) {
			return ""
		}
		dir = filepath.Dir(dir)
	}
	return ""
}

// module is the path of this module.
const module = "github.com/loopmatrix/loopmatrix"

// decode reads what a target returned, and adds what only this side knows.
func decode(t targets.Target, r targets.Returned) (model.Report, error) {
	report, err := model.Decode(bytes.NewReader(r.Report), "the report of "+t.Name(), claim.Catalogue())
	if err != nil {
		return report, err
	}
	if err := arrived(report); err != nil {
		return report, err
	}
	inside := report.Platform
	if r.Amend != nil {
		report.Platform = r.Amend(report.Platform)
	}
	if report.Schema == 1 { // of an older kit, which keeps nothing apart
		report.Run.Target, report.Run.How = targets.Label(t), r.How
		return report, nil
	}
	report.Outside = &model.Outside{Kit: thisKit(), Target: targets.Label(t), How: r.How}
	report.Outside.Amended, err = model.Amended(inside, report.Platform)
	return report, err
}
