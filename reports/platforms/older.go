package platforms

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// newest is how many releases of a target the table shows: the present one, and the one that it
// took the place of.
const newest = 2

// Older are the ids of those platforms that the table has no column for, since it has some of the
// same target and class of user that were measured later. A platform that is no target keeps its
// column.
func Older(targets []Target, measured []model.Column) []string {
	type group struct{ target, class string }
	groups := map[group][]model.Column{}
	for _, c := range measured {
		for _, t := range targets {
			if class, is := t.class(c.ID); is {
				g := group{t.ID, class}
				groups[g] = append(groups[g], c)
				break
			}
		}
	}
	var out []string
	for _, columns := range groups {
		slices.SortFunc(columns, func(a, b model.Column) int {
			return cmp.Or(b.Measured.Compare(a.Measured), cmp.Compare(b.ID, a.ID))
		})
		for _, c := range columns[min(newest, len(columns)):] {
			out = append(out, c.ID)
		}
	}
	slices.Sort(out)
	return out
}

// Is reports whether a platform is the one that is wanted, whoever measured it.
func (t Target) Is(platform string) bool {
	_, is := t.class(platform)
	return is
}

// class is the end of a platform's id that names the class of its user, empty for an ordinary one,
// if the platform is the one that is wanted.
func (t Target) class(platform string) (string, bool) {
	for _, class := range []string{"", "-root", "-userns-root", "-administrator"} {
		if ordinary, cut := strings.CutSuffix(platform, class); cut {
			if is, err := path.Match(t.Platforms, ordinary); err == nil && is {
				return class, true
			}
		}
	}
	return "", false
}
