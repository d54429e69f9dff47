package platform

import (
	"bufio"
	"strings"
)

// distribution is what os-release(5) says.
type distribution struct{ id, name, version, codename string }

// parseOSRelease reads the assignments of an os-release file; lines that are none are passed over.
func parseOSRelease(text string) distribution {
	var d distribution
	fields := map[string]*string{"ID": &d.id, "NAME": &d.name, "VERSION_ID": &d.version, "VERSION_CODENAME": &d.codename}
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		key, value, _ := strings.Cut(strings.TrimSpace(lines.Text()), "=")
		if field := fields[key]; field != nil {
			*field = unquote(value)
		}
	}
	return d
}

// unquote takes the quotes of a shell away. Names that need an escape within them do not occur.
func unquote(s string) string {
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	return s
}

// edition is the version, or the code name of what has none yet ("forky"). A rolling distribution
// has neither.
func (d distribution) edition() string {
	if d.version != "" {
		return d.version
	}
	return d.codename
}

// words are for an id: "debian", "13".
func (d distribution) words() []string {
	if d.id == "" {
		return nil
	}
	return []string{d.id, d.edition()}
}

// named is for people: "Debian 13". A point release takes the place of the version that it begins
// with.
func (d distribution) named(point string) string {
	if d.id == "" {
		return "no distribution"
	}
	edition := d.edition()
	if d.version != "" && strings.HasPrefix(point, d.version+".") {
		edition = point
	}
	name := strings.TrimSuffix(strings.TrimSuffix(d.name, " Linux"), " GNU/Linux")
	if name == "" {
		name = d.id
	}
	return strings.TrimSpace(name + " " + edition)
}
