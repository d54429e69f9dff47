package platform

import (
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// Misnamed says in what the id of a platform contradicts its facts, empty if in nothing. An id is
// made of them by Detect and the With functions; one that was made by hand may put a report into
// the wrong column.
func Misnamed(p model.Platform) string {
	environment := p.Environment
	if environment == p.Family {
		environment = ""
	}
	tail := p.Arch + " " + distinguished(p.State.User)
	release, whole := releaseOf(p)
	if want := model.PlatformID(p.Family, release, environment, tail); whole {
		if p.ID != want {
			return "its facts make it " + want
		}
		return ""
	}
	// The first word of a distribution in the id stands in no other fact, so only what is around it
	// can be held against them.
	head := strings.TrimSuffix(model.PlatformID(p.Family, release, "", ""), "-unknown") + "-"
	end := strings.TrimPrefix(model.PlatformID("x", editionOf(p), environment, tail), "x")
	if !strings.HasPrefix(p.ID, head) || !strings.HasSuffix(p.ID, end) {
		return "its facts make it begin with " + head + " and end with " + end
	}
	return ""
}

// releaseOf returns the words of an id between family and environment, and whether they are all of
// them: on Linux and what imitates it, those of a distribution follow.
func releaseOf(p model.Platform) (words string, whole bool) {
	first, rest, _ := strings.Cut(p.Title, ", ")
	switch p.Family {
	case "linux":
		return series(strings.TrimPrefix(p.Kernel, "Linux ")), strings.HasPrefix(first, "Linux ")
	case gvisor:
		named := strings.TrimPrefix(first, "gVisor ")
		if named == unknownRelease {
			_, calls, _ := strings.Cut(p.Version, "with the system calls of Linux ")
			calls, _, _ = strings.Cut(calls, ",")
			named = "abi " + calls
		}
		return named, editionOf(p) == ""
	case "wsl1":
		_, release, _ := strings.Cut(p.Kernel, "it is Linux ")
		return series(release), strings.HasPrefix(rest, "no distribution")
	case wine:
		below, _, _ := strings.Cut(", "+rest, ", as ")
		return strings.TrimPrefix(first, "Wine ") + " " + below, true
	case "windows":
		return strings.TrimPrefix(first, "Windows "), true
	default: // macOS and the BSDs
		short, _, _ := strings.Cut(p.Version, "-RELEASE")
		return short, true
	}
}

// editionOf is the last word of the distribution that a title names: its version, or its name if it
// has none.
func editionOf(p model.Platform) string {
	for _, part := range strings.Split(p.Title, ", ") {
		switch {
		case strings.HasPrefix(part, "gVisor "), strings.HasPrefix(part, "WSL 1"), strings.HasPrefix(part, "Linux "),
			strings.HasPrefix(part, "as "), part == "VM", part == "WSL", part == "container":
			continue
		}
		words := strings.Fields(part)
		if len(words) > 0 {
			return words[len(words)-1]
		}
	}
	return ""
}
