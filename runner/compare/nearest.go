package compare

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// Nearest returns the column of the family of a platform that is nearest to it, and says in words
// what the two have in common and what not. The release counts most, then the environment, the
// user, the distribution and the architecture; of columns that are as near the one that was
// measured last is taken. There is none if no column is of the family.
func Nearest(here model.Platform, columns []model.Column) (nearest model.Column, chosen string, found bool) {
	same := slices.DeleteFunc(slices.Clone(columns), func(c model.Column) bool { return c.Family != here.Family })
	if len(same) == 0 {
		return model.Column{}, "", false
	}
	nearest = slices.MinFunc(same, func(a, b model.Column) int {
		return cmp.Or(slices.Compare(distance(here, a.Platform), distance(here, b.Platform)), b.Measured.Compare(a.Measured), cmp.Compare(a.ID, b.ID))
	})
	return nearest, inCommon(here, nearest.Platform), true
}

// distance is how far two platforms of a family are from each other; what comes first counts most.
func distance(here, there model.Platform) []int {
	if here.ID == there.ID {
		return nil
	}
	out := apart(release(here), release(there))
	for _, f := range traits(here, there)[1:] {
		out = append(out, map[bool]int{true: 1}[f.Old != f.New])
	}
	return out
}

// apart is how far two releases are from each other. Of another major number the nearest is the one
// next to it: 6.18 is nearer to 7.0 than 6.1 is.
func apart(here, there []int) []int {
	major := there[0] - here[0]
	switch {
	case major < 0:
		return []int{-major, -there[1]}
	case major > 0:
		return []int{major, there[1]}
	default:
		return []int{0, max(there[1]-here[1], here[1]-there[1])}
	}
}

// traits are what distinguishes platforms of a family, here (New) and there (Old).
func traits(here, there model.Platform) []model.Fact {
	return []model.Fact{
		{Name: "release", Old: releaseWord(there), New: releaseWord(here)},
		{Name: "environment", Old: there.Environment, New: here.Environment},
		{Name: "user", Old: there.State.User, New: here.State.User},
		{Name: "system", Old: there.Version, New: here.Version},
		{Name: "architecture", Old: there.Arch, New: here.Arch},
	}
}

// inCommon reads "same user; release 6.12, here 6.8; environment vm, here container".
func inCommon(here, there model.Platform) string {
	if here.ID == there.ID {
		return "the same platform"
	}
	same, other := []string{"family"}, []string{}
	for _, f := range traits(here, there) {
		if f.Old == f.New {
			same = append(same, f.Name)
			continue
		}
		other = append(other, f.Name+" "+cmp.Or(f.Old, "unknown")+", here "+cmp.Or(f.New, "unknown"))
	}
	return strings.Join(append([]string{"same " + strings.Join(same, ", ")}, other...), "; ")
}

var numbers = regexp.MustCompile(`[0-9]+(\.[0-9]+)*`)

// releaseWord is the first number in the id between family and architecture, which is what a
// release is called by: "6.12".
func releaseWord(p model.Platform) string {
	words, _, _ := strings.Cut(strings.TrimPrefix(p.ID, p.Family), "-"+p.Arch)
	return numbers.FindString(words)
}

// release is the major and the minor number of a release, 0 where there is none.
func release(p model.Platform) []int {
	out := make([]int, 2)
	for i, word := range strings.SplitN(releaseWord(p), ".", 3) {
		if i < len(out) {
			out[i], _ = strconv.Atoi(word) // digits only; one of a stranger that is too large is as far as can be
		}
	}
	return out
}
