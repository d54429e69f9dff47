package submission

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// leak is a pattern of texts that tell whose machine it was. The kit writes none of them on
// purpose; the message of an error or a name that the system made up may hold one. A name alone
// looks like any other word.
type leak struct {
	pattern  *regexp.Regexp
	tells    string
	harmless []string
}

func leaks() []leak {
	return []leak{
		{regexp.MustCompile(`(?i)(/home/|/users/|/var/home/|/export/home/|/data/data/|[a-z]:\\+users\\+|[a-z]:\\+documents and settings\\+)[^/\\\s"':]+`),
			"is a path in somebody's home", nil},
		{regexp.MustCompile(`(^|[\s"'=:(])(/root|/tmp|/var/folders|/private/var)/[^\s"':]+`), "is a path on the machine that measured", nil},
		{regexp.MustCompile(`(?i)(^|[\s"'=:(])[a-z]:[\\/][^\s"':]+`), "is a path on the machine that measured", nil},
		{regexp.MustCompile(`(^|[\s"'=(])\\{2,4}[A-Za-z0-9][^\\\s"']*\\{1,2}[^\s"':]+`), "is a folder on a server", nil},
		{regexp.MustCompile(`(?i)[a-z0-9._-]+@[a-z0-9-]+(\.[a-z0-9-]+)*`), "looks like a user and a host", nil},
		{regexp.MustCompile(`(?i)\b[a-z0-9-]+\.(local|lan|internal|intranet|corp|home|home\.arpa|localdomain|fritz\.box)($|[^a-z0-9-])`),
			"looks like the name of a host", []string{"localhost.localdomain"}},
	}
}

// texts calls f with every string of a JSON value and its path, the keys of objects in order.
func texts(v any, path string, f func(path, text string)) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			texts(v[key], strings.TrimPrefix(path+"."+key, "."), f)
		}
	case []any:
		for i, element := range v {
			texts(element, fmt.Sprintf("%s[%d]", path, i), f)
		}
	case string:
		f(path, v)
	}
}
