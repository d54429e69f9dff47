// Package platform finds out what the kit runs on: system, version, architecture, environment and
// privilege, and the state of the host that changes how loopback answers.
//
// Nothing is guessed. A fact that could not be read stays empty, and the report says why; what the
// environment and the privilege were read from stands beside them. A report is published, so no
// name of a host or a user, no address that could be a user's and no path of theirs goes into it.
package platform

import (
	"runtime"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
)

// Detect describes the platform that this process runs on; network has the facts of its network.
// The error collects the facts that could not be read (a *multierror.Error); the platform is valid
// all the same, with those facts unknown. Which wire a run holds is for the caller to say.
func Detect(network netif.Network) (model.Platform, error) {
	return detect(network, &findings{})
}

func detect(network netif.Network, f *findings) (model.Platform, error) {
	is, clues := readSystem(f)
	environment := innermost(clues)
	who := readPrivilege(f, environment)
	raw, _ := ask(f, "raw socket", canOpenRaw)
	p := model.Platform{
		ID:          is.id(environment, runtime.GOARCH, who.user),
		Title:       is.titled(environment, who.user),
		Family:      is.family,
		Version:     is.version,
		Kernel:      is.kernel,
		Arch:        runtime.GOARCH,
		Environment: environment,
		Privileged:  who.network && raw,
		Wire:        "none",
		State:       readState(network, f),
	}
	p.State.User = who.user
	p.State.Filter = readFilter(f, environment)
	p.State.Evidence = append(remarks(clues), who.remarks...)
	p.State.Evidence = append(p.State.Evidence, machineDiffers(f)...)
	p.State.Unknown = f.remarks()
	return p, f.err()
}

// WithRelease returns a platform with the release of gVisor that is known from outside (runsc
// --version): inside, a sandbox can't tell it. The platform of any other family stays as it is.
func WithRelease(p model.Platform, release string) model.Platform {
	if p.Family != gvisor {
		return p
	}
	release = strings.TrimPrefix(release, "release-")
	p.ID = abi.ReplaceAllString(p.ID, model.PlatformID(gvisor, release, "", ""))
	p.Title = strings.Replace(p.Title, unknownRelease, release, 1)
	p.Version = strings.Replace(p.Version, unknownRelease, release, 1)
	p.State.Evidence = append(p.State.Evidence, "the release of gVisor was told from outside the sandbox")
	return p
}

// WithUser returns a platform below Wine with the user that is known from outside, who is root or
// an ordinary one: Wine shows every program the same user, and does with the sockets what its own
// may do. The platform of any other family stays as it is.
func WithUser(p model.Platform, isRoot bool) model.Platform {
	if p.Family != wine || p.State.User != unknownUser {
		return p
	}
	p.State.User = ordinary
	if isRoot {
		p.State.User = root
		p.ID += "-" + root
		p.Title += ", as " + root
	}
	p.State.Unknown = slices.DeleteFunc(slices.Clone(p.State.Unknown), func(remark string) bool { return strings.HasPrefix(remark, userFact+":") })
	p.State.Evidence = append(slices.Clone(p.State.Evidence), "the user was told from outside Wine")
	return p
}
