package privatehost

import (
	"maps"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
)

// fileFaults are about the files that the resolver reads.
func fileFaults() []Fault {
	return []Fault{{
		Name: "hosts-without-localhost",
		Does: "The hosts file does not have localhost in it.",
		Turns: []string{"name.localhost.v4", "name.localhost.v6", "name.localhost.order", "name.localhost.nodns",
			"name.case", "name.reverse.v4", "name.reverse.v6"},
		before: hosts("198.51.100.7 elsewhere\n"),
	}, {
		Name:   "hosts-with-foo",
		Does:   "The hosts file names foo.localhost, and gives it an address that is not loopback.",
		Turns:  []string{"name.sub"},
		before: hosts(usualHosts + "198.51.100.7 foo.localhost\n"),
	}}
}

// hosts makes a fault of a hosts file. A part that brings its own is measured with that.
func hosts(content string) func(*host.Arrangement) {
	return func(a *host.Arrangement) {
		if text, brought := a.Files[hostsFile]; brought && text != usualHosts {
			return
		}
		a.Files = maps.Clone(a.Files)
		if a.Files == nil {
			a.Files = map[string]string{}
		}
		a.Files[hostsFile] = content
	}
}
