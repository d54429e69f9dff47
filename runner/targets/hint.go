package targets

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// onDebian reports whether this system is Debian or made of it, by its own word (os-release(5)).
// Under Wine that file may be in sight as well, and it is another system's.
var onDebian = sync.OnceValue(func() bool {
	if runtime.GOOS == "windows" {
		return false
	}
	for _, path := range []string{"/etc/os-release", "/usr/lib/os-release"} {
		if b, err := os.ReadFile(path); err == nil {
			return madeOfDebian(string(b))
		}
	}
	return false
})

func madeOfDebian(release string) bool {
	for line := range strings.Lines(release) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		if (key == "ID" || key == "ID_LIKE") && slices.Contains(strings.Fields(strings.Trim(value, `"'`)), "debian") {
			return true
		}
	}
	return false
}

// hinted adds a way out that only a system made of Debian has.
func hinted(err error, hint string, there bool) error {
	if !there {
		return err
	}
	return fmt.Errorf("%w; %s", err, hint)
}
