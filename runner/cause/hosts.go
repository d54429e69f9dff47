package cause

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// Hosts is what a hosts file has to say of localhost.
type Hosts string

// What it has to say.
const (
	HostsNames      Hosts = "names localhost"
	HostsSilent     Hosts = "does not name localhost"
	HostsAbsent     Hosts = "is not there"
	HostsUnreadable Hosts = "may not be read"
)

// HostsFile returns the path of the system's hosts file.
func HostsFile() string {
	if runtime.GOOS == "windows" {
		return filepath.Join(os.Getenv("SystemRoot"), "System32", "drivers", "etc", "hosts")
	}
	return "/etc/hosts"
}

// ReadHosts reads a hosts file as this user; see hosts(5).
func ReadHosts(path string) Hosts {
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return HostsAbsent
	case err != nil:
		return HostsUnreadable
	}
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "#")
		if fields := strings.Fields(line); len(fields) > 1 && slices.Contains(fields[1:], "localhost") {
			return HostsNames
		}
	}
	return HostsSilent
}
