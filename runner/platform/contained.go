package platform

import (
	"fmt"
	"slices"
	"strings"
)

// firstNamespaces are the inode numbers of the namespaces that a kernel boots with
// (include/linux/proc_ns.h). The first network namespace had no fixed one for most of Linux's life.
var firstNamespaces = map[string]uint32{"ipc": 0xEFFFFFFF, "uts": 0xEFFFFFFE, "user": 0xEFFFFFFD, "pid": 0xEFFFFFFC,
	"cgroup": 0xEFFFFFFB}

// isFirst reports whether a link below /proc/self/ns ("pid:[4026531836]") is a namespace that the
// kernel booted with.
func isFirst(kind, link string) bool {
	return link == fmt.Sprintf("%s:[%d]", kind, firstNamespaces[kind])
}

// isolation is what a Linux process can see of the walls around it.
type isolation struct {
	namespaces map[string]string // links below /proc/self/ns; those that could not be read are missing
	net        string            // the same for the network
	initNet    string            // and for the network of process 1; empty if it may not be seen
	cgroup     string            // /proc/self/cgroup
	manager    string            // what the container manager wrote to /run/systemd/container
	markers    []string          // .dockerenv, .containerenv
	mounts     string            // /proc/self/mountinfo
	wsl        bool              // the walls of WSL's own distributions are not those of a container
}

// managers are the words in a path of cgroups that name who made a container.
var managers = []string{"docker", "containerd", "kubepods", "libpod", "crio", "lxc", "machine.slice/systemd-nspawn", "garden"}

// contained reads the walls. A namespace of its own for processes, a manager's own word, or its
// cgroup prove a container. A marker file alone does not, since the root of an image that was
// unpacked and booted has it as well; it counts beside a namespace.
func contained(i isolation) []clue {
	var out []clue
	var own []string
	for _, kind := range []string{"pid", "ipc", "uts", "cgroup"} {
		if link := i.namespaces[kind]; link != "" && !isFirst(kind, link) {
			own = append(own, kind)
		}
	}
	if slices.Contains(own, "pid") && !i.wsl {
		out = append(out, clue{container, "the pid namespace is not the one that the kernel booted with"})
	}
	if i.manager != "" && i.manager != "wsl" {
		out = append(out, clue{container, "systemd was told that the container manager is " + i.manager})
	}
	for _, m := range managers {
		if strings.Contains(i.cgroup, m) {
			out = append(out, clue{container, "the path of the cgroup names " + m})
			break
		}
	}
	for _, m := range i.markers {
		switch {
		case i.wsl:
			out = append(out, clue{"", m + " exists, in a distribution of WSL"})
		case len(own) > 0:
			out = append(out, clue{container, m + " exists, and so do namespaces of its own: " + strings.Join(own, ", ")})
		default:
			out = append(out, clue{"", m + " exists, but all namespaces are those that the kernel booted with: an image that was booted"})
		}
	}
	return append(out, i.remarks()...)
}

// remarks are what proves nothing and helps to read the report.
func (i isolation) remarks() []clue {
	var out []clue
	for line := range strings.Lines(i.mounts) {
		before, after, _ := strings.Cut(line, " - ")
		if f := strings.Fields(before); len(f) > 4 && f[4] == "/" && strings.HasPrefix(after, "overlay ") {
			out = append(out, clue{"", "the root file system is an overlay"})
		}
	}
	if link := i.namespaces["user"]; link != "" && !isFirst("user", link) {
		out = append(out, clue{"", "the user namespace is not the one that the kernel booted with"})
	}
	if i.net != "" && i.initNet != "" && i.net != i.initNet {
		out = append(out, clue{"", "the network namespace is not that of process 1"})
	}
	return out
}
