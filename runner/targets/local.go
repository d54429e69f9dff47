package targets

import (
	"context"
	"fmt"
	"runtime"
	"slices"

	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
)

// local is this machine: the kit runs as a child process, as this user and, where this user may
// become the other one, as that.
type local struct{}

func localKind() Kind {
	return Kind{
		Word:    "local",
		Form:    "local",
		Does:    "this machine, as this user; --as both: also as root, where sudo or doas asks no password, or from root as an ordinary user",
		Parse:   parseLocal,
		Found:   func() []string { return []string{"local"} },
		Missing: local{}.Missing,
	}
}

func parseLocal(rest string) (Target, error) {
	if rest != "" {
		return nil, fmt.Errorf("there is but one, it takes no %q", rest)
	}
	return local{}, nil
}

// Name is "local".
func (local) Name() string { return "local" }

// Missing is always nil.
func (local) Missing(context.Context) error { return nil }

// Measure runs the kit once for each user.
func (l local) Measure(ctx context.Context, o Order) ([]Returned, error) {
	return eachUser(o.own(isRoot()), func(u User) (Returned, error) { return l.as(ctx, u, o) })
}

func (l local) as(ctx context.Context, u User, o Order) (Returned, error) {
	kit, err := o.Kits.For(ctx, runtime.GOOS, runtime.GOARCH)
	if err != nil {
		return Returned{}, err
	}
	var r Returned
	err = inFolder(o.Log, func(folder string) error {
		return within(ctx, o.Limits.Run, "the run", func(ctx context.Context) error {
			p, err := become(ctx, u, o, kit, folder)
			if err != nil {
				return err
			}
			r, err = measuredUntilEOF(p, u)
			r.How = surroundings()
			return err
		})
	})
	return r, err
}

// surroundings says for the report what network of this machine the kit ran in.
func surroundings() string {
	all, err := netif.Kernel().Interfaces()
	switch {
	case err != nil:
		return "this machine"
	case slices.ContainsFunc(all, func(i netif.Interface) bool { return i.Up && !i.Loopback }):
		return "this machine, in its own network"
	default:
		return "this machine, in a network with nothing but lo"
	}
}
