package platform

import (
	"runtime"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// stackFamily is the family, and the environment, of what was measured behind the stack protocol.
const stackFamily = "stack"

// Stack describes a network stack that a program offers by the stack protocol, under its name and
// release, which may be empty. Nothing is known of its interfaces. The user is the one whom the
// program runs as.
func Stack(name, release string) model.Platform {
	f := &findings{}
	who := readPrivilege(f, host)
	full := strings.TrimSpace(name + " " + release)
	is := identity{family: stackFamily, release: []string{full}, title: []string{full}, version: release, kernel: full}
	p := model.Platform{
		ID:          is.id(stackFamily, runtime.GOARCH, who.user),
		Title:       is.titled(stackFamily, who.user),
		Family:      stackFamily,
		Version:     release,
		Kernel:      full,
		Arch:        runtime.GOARCH,
		Environment: stackFamily,
		Wire:        "none",
	}
	p.State.User, p.State.Switches, p.State.Filter = who.user, map[string]string{}, "unknown: of a stack only its sockets are known"
	p.State.Evidence = []string{"name and release are those of the stack's greeting"}
	p.State.Unknown = f.remarks()
	return p
}
