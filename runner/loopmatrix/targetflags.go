package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/go-multierror"
	"github.com/spf13/cobra"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/runner/session"
	"github.com/loopmatrix/loopmatrix/runner/targets"
)

// targetFlags are the flags of the command run that take the kit to other systems.
type targetFlags struct {
	names  []string
	kits   string
	as     string
	log    string
	limits targets.Limits
	// limited says that --run-limit was given, so that sweeps do not lengthen it.
	limited bool
	// prepared says that --prepare-limit was given.
	prepared bool
	keep     bool
}

// The values of --as.
const (
	asUser = "user"
	asRoot = "root"
	asBoth = "both"
)

func (f *targetFlags) declare(c *cobra.Command) {
	f.limits = targets.DefaultLimits()
	c.Flags().StringArrayVar(&f.names, "target", nil, "measure on this `target`, not here; may be given again (see loopmatrix targets)")
	c.Flags().StringVar(&f.as, "as", "", "run as `who`: user, root (by sudo or doas, where they ask no password) or both; by default\nas who starts it (local) or logs in (ssh), and as both in what is made for the run")
	c.Flags().StringVar(&f.kits, "kit-dir", "", "`folder` of released binaries for other systems, else they are built from the source")
	c.Flags().StringVar(&f.log, "log", "", "write what targets say into this `folder`; without it only logs of failures are kept")
	c.Flags().DurationVar(&f.limits.Prepare, "prepare-limit", f.limits.Prepare, "longest `time` to boot, connect or set up a target")
	c.Flags().DurationVar(&f.limits.Run, "run-limit", f.limits.Run, "longest `time` of one run on a target")
	c.Flags().DurationVar(&f.limits.Finish, "finish-limit", f.limits.Finish, "longest `time` to clean up a target")
	c.Flags().BoolVar(&f.keep, "keep", false, "leave a machine that was made for the run, halted, for the next run")
}

// given reports whether the kit is to run on a target, or as another user.
func (f targetFlags) given() bool { return len(f.names) > 0 || f.as != "" }

// here reports whether this machine is measured.
func (f targetFlags) here() bool { return len(f.names) == 0 || slices.Contains(f.names, "local") }

// users returns those to run as on a target. No run becomes root without a word on a machine that
// was there before.
func (f targetFlags) users(t targets.Target) []targets.User {
	switch f.as {
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

// single reports whether one report at most comes back.
func (f targetFlags) single() bool {
	return len(f.names) <= 1 && (f.as == asUser || f.as == asRoot || f.stack())
}

// stack reports whether a stack is among the targets.
func (f targetFlags) stack() bool {
	return slices.ContainsFunc(f.names, func(name string) bool { return strings.HasPrefix(name, stackPrefix) })
}

// stackPrefix begins the name of a target that is a stack.
const stackPrefix = "stack:"

// check refuses what can't work and returns the targets. All unknown ones are named at once.
func (f *runFlags) check(o *outputs) ([]targets.Target, error) {
	t := f.targets
	if t.as != "" {
		if err := oneOf("as", t.as, asUser, asRoot, asBoth); err != nil {
			return nil, err
		}
	}
	switch {
	case t.stack() && (t.as != "" || f.Wire == session.WireRequired || f.Sweep != ""):
		return nil, usage("a stack is measured by its sockets alone, as whoever starts it; leave --as, --wire required and --sweep out")
	case f.pcap != "":
		return nil, usage("--pcap: the captures of targets go beside the reports, into the folder of --out")
	case !t.single() && (f.junit != "" || f.tap != ""):
		return nil, usage("--junit and --tap take one report: name one --target, and --as user or --as root")
	case t.limits.Prepare <= 0 || t.limits.Run <= 0 || t.limits.Finish <= 0:
		return nil, usage("--prepare-limit, --run-limit, --finish-limit: they are longer than 0, such as 90s")
	}
	if t.log != "" {
		if err := o.folder("log", t.log); err != nil {
			return nil, err
		}
	}
	names := t.names
	if len(names) == 0 {
		names = []string{"local"}
	}
	return parseTargets(names)
}

func parseTargets(names []string) ([]targets.Target, error) {
	var out []targets.Target
	all := &multierror.Error{ErrorFormat: model.Lines}
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
	if err := all.ErrorOrNil(); err != nil {
		return nil, usage("--target: %w", err)
	}
	return out, nil
}

// binaries returns where the kit for other systems comes from: a folder of released ones, or the
// source around this folder.
func (f targetFlags) binaries() targets.Kits {
	k := targets.Kits{Folder: f.kits, Source: sourceAround(), Stamp: "-X main.version=" + thisKit().Version + " -X main.commit=" + thisKit().Commit}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	k.Built = filepath.Join(cache, "loopmatrix", "kits")
	return k
}

// module is the path of this module.
const module = "github.com/loopmatrix/loopmatrix"

// sourceAround returns the folder of this module's source that the working directory is in, empty
// if it is in none.
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
