package submission

import (
	"regexp"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

var (
	// release is the version of a release: a tag of this repository.
	release = regexp.MustCompile(`^v[0-9]+\.[0-9]+\.[0-9]+(-(alpha|beta|rc)[.-]?[0-9]*)?$`)
	// described is what git describe says of a commit ("v0.1.0-12-g0123abc", or "0123abc" before
	// the first tag), or the Go toolchain ("v0.1.1-0.20260304050607-0123456789ab"). It ends with
	// the beginning of the commit.
	described = regexp.MustCompile(`^(v[0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.-]*-g?)?([0-9a-f]{7,40})$`)
	commit    = regexp.MustCompile(`^[0-9a-f]{40}$`)
)

// kit refuses a report of a kit that can't be built again, by the form of version and commit:
// whether there is such a commit shows in the repository, to those who merge.
func (f findings) kit(at string, k model.Kit) {
	const wayOut = "measure with a release, or with what make build makes of a clean checkout"
	told := described.FindStringSubmatch(k.Version)
	switch {
	case strings.Contains(k.Version, "dirty"):
		f.add(at+".version", "%q was built from a changed tree; %s", k.Version, wayOut)
	case release.MatchString(k.Version):
		if k.Commit != "" && !commit.MatchString(k.Commit) {
			f.add(at+".commit", "%q is no whole commit; %s", k.Commit, wayOut)
		}
	case told == nil:
		f.add(at+".version", "%q is neither a release (v1.2.3) nor a commit that git describe tells; %s", k.Version, wayOut)
	case !commit.MatchString(k.Commit) || !strings.HasPrefix(k.Commit, told[2]):
		f.add(at+".commit", "%q is not the commit that version %q tells; %s", k.Commit, k.Version, wayOut)
	}
}
