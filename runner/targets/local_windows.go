package targets

import (
	"context"
	"fmt"

	"golang.org/x/sys/windows"
)

func isRoot() bool { return windows.GetCurrentProcessToken().IsElevated() }

// become makes the process that is the kit as this user: Windows asks at the screen before it makes
// one another.
func become(ctx context.Context, u User, o Order, kit, _ string) (process, error) {
	if isRoot() != (u == Root) {
		return process{}, fmt.Errorf("%w: start loopmatrix from a terminal of that user, elevated for an administrator", errNoUser)
	}
	return program(ctx, o.Log, kit, kitArguments(o, "--exit-on-stdin-eof")...), nil
}
