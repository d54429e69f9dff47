package capacity

import (
	"fmt"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// kilobytes of /proc/meminfo and /proc/PID/status are of 1,024 bytes (proc_meminfo(5)).
const kilobyte = 1 << 10

// field is a number in a file of lines such as "MemAvailable:   24029900 kB"; false if it is not
// there.
func field(file, name string) (int64, bool) {
	b, err := os.ReadFile(file)
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(b)) {
		words := strings.Fields(line)
		if len(words) < 2 || strings.TrimSuffix(words[0], ":") != name {
			continue
		}
		n, err := strconv.ParseInt(words[1], 10, 64)
		if len(words) > 2 && words[2] == "kB" {
			n *= kilobyte
		}
		return n, err == nil
	}
	return 0, false
}

// number is a file that holds a number, or the first of several; false if it is not there or is
// "max".
func number(file string) (int64, bool) {
	b, err := os.ReadFile(file)
	if words := strings.Fields(string(b)); err == nil && len(words) > 0 {
		n, err := strconv.ParseInt(words[0], 10, 64)
		return n, err == nil
	}
	return 0, false
}

// Free is MemAvailable, or less where a control group leaves less: what a listener costs is charged
// to it.
func (machine) Free() (int64, bool) {
	free, known := field("/proc/meminfo", "MemAvailable")
	for _, g := range groups() {
		limit, limited := number(path.Join(g.folder, g.limit))
		used, counted := number(path.Join(g.folder, g.usage))
		if !limited || !counted {
			continue
		}
		cache, _ := field(path.Join(g.folder, "memory.stat"), g.cache) // is given back when it is needed
		if left := max(limit-used+cache, 0); !known || left < free {
			free, known = left, true
		}
	}
	return free, known
}

// group is a control group with its files.
type group struct{ folder, limit, usage, cache, account string }

// limitOf1 is a file that only version 1 has.
const limitOf1 = "memory.limit_in_bytes"

// groups are the memory control groups that this process is in, from the innermost out
// (cgroups(7)). Where they are mounted elsewhere than systemd does, nothing is known about them.
func groups() []group {
	b, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return nil
	}
	var out []group
	for line := range strings.Lines(string(b)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) < 3 {
			continue
		}
		g, root := group{limit: "memory.max", usage: "memory.current", cache: "inactive_file", account: "slab in memory.stat of the control group"}, "/sys/fs/cgroup"
		switch {
		case parts[1] == "memory":
			g, root = group{limit: limitOf1, usage: "memory.usage_in_bytes", cache: "total_inactive_file", account: "memory.kmem.usage_in_bytes of the control group"}, "/sys/fs/cgroup/memory"
		case parts[0] != "0" || parts[1] != "":
			continue
		}
		for at := path.Clean("/" + parts[2]); ; at = path.Dir(at) {
			g.folder = path.Join(root, at)
			out = append(out, g)
			if at == "/" {
				break
			}
		}
	}
	return out
}

// Files is by fs.file-nr. Root in the first user namespace is not bounded (alloc_empty_file asks
// for CAP_SYS_ADMIN).
func (machine) Files() (left, of int64, known bool) {
	b, err := os.ReadFile("/proc/sys/fs/file-nr")
	words := strings.Fields(string(b))
	if err != nil || len(words) < 3 || hasInitialSysAdmin() {
		return 0, 0, false
	}
	open, unreadable := strconv.ParseInt(words[0], 10, 64)
	of, err = strconv.ParseInt(words[2], 10, 64)
	return of - open, of, unreadable == nil && err == nil
}

// hasInitialSysAdmin reports whether this process has CAP_SYS_ADMIN outside every user namespace,
// whose map is then the whole one.
func hasInitialSysAdmin() bool {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(b), "\nCapEff:")
	word, _, _ := strings.Cut(rest, "\n")
	set, err := strconv.ParseUint(strings.TrimSpace(word), 16, 64)
	if err != nil || set&(1<<unix.CAP_SYS_ADMIN) == 0 {
		return false
	}
	users, err := os.ReadFile("/proc/self/uid_map")
	return err == nil && strings.Join(strings.Fields(string(users)), " ") == "0 0 4294967295"
}

// Sockets is what /proc/net/sockstat counts for this network namespace.
func (machine) Sockets() (int, bool) {
	n, known := sockstat("inuse")
	return int(n), known
}

// sockstat is a number of the line for TCP in /proc/net/sockstat: "TCP: inuse 5 orphan 0 tw 0 alloc
// 8 mem 2".
func sockstat(name string) (int64, bool) {
	b, err := os.ReadFile("/proc/net/sockstat")
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(b)) {
		words := strings.Fields(line)
		if i := slices.Index(words, name); i > 0 && words[0] == "TCP:" && i+1 < len(words) {
			n, err := strconv.ParseInt(words[i+1], 10, 64)
			return n, err == nil
		}
	}
	return 0, false
}

// Cost is what the kernel has spent on its own objects: for this control group, if it counts that,
// and otherwise for all. The latter holds what others do meanwhile as well; a monitor that lists
// all descriptors costs an inode for each listener.
func (machine) Cost() (bytes int64, name string, known bool) {
	if g, has := innermost(); has {
		if n, known := g.objects(); known {
			return n, g.account, true
		}
	}
	n, known := field("/proc/meminfo", "Slab")
	return n, allObjects, known && n > 0 // gVisor has the line, and no such thing behind it
}

const allObjects = "Slab in /proc/meminfo"

// innermost is the control group whose own account this process is in.
func innermost() (group, bool) {
	for _, g := range groups() {
		if _, known := number(path.Join(g.folder, g.usage)); known {
			return g, true
		}
	}
	return group{}, false
}

// objects is what the kernel's objects cost that the group has made.
func (g group) objects() (int64, bool) {
	if g.limit == limitOf1 {
		return number(path.Join(g.folder, "memory.kmem.usage_in_bytes"))
	}
	return field(path.Join(g.folder, "memory.stat"), "slab")
}

// Accounts reads meminfo, the buffers of TCP, the control group's own account, and, where this user
// may, slabinfo.
func (machine) Accounts() []Reading {
	var out []Reading
	add := func(name string, n int64, known bool) {
		if known {
			out = append(out, Reading{Name: name, Bytes: n})
		}
	}
	n, known := field("/proc/meminfo", "Slab")
	add(allObjects, n, known && n > 0)
	total, known := field("/proc/meminfo", "MemTotal")
	available, also := field("/proc/meminfo", "MemAvailable")
	add("memory that is not available", total-available, known && also)
	if g, has := innermost(); has {
		n, known := g.objects()
		add(g.account, n, known)
		n, known = number(path.Join(g.folder, g.usage))
		add(g.usage+" of the control group", n, known)
	}
	pages, known := sockstat("mem")
	add("mem of TCP in /proc/net/sockstat", pages*int64(os.Getpagesize()), known)
	return append(out, kinds()...)
}

// kinds are the kernel's kinds of objects by slabinfo(5), which only root may read: how many are in
// use, by their size.
func kinds() []Reading {
	b, err := os.ReadFile("/proc/slabinfo")
	if err != nil {
		return nil
	}
	var out []Reading
	for line := range strings.Lines(string(b)) {
		var name string
		var active, all, size int64
		if n, err := fmt.Sscan(line, &name, &active, &all, &size); n == 4 && err == nil && size > 0 {
			out = append(out, Reading{Name: name + " in /proc/slabinfo", Bytes: active * size, Object: size})
		}
	}
	return out
}

// ownMemory is the anonymous memory of this process, and not the pages that all processes of a
// program share. The kernel counts the pages for this (Linux 4.14 and later); RssAnon of
// /proc/self/status is off by megabytes, since each thread or processor keeps some of the count to
// itself.
func ownMemory() int64 {
	n, _ := field("/proc/self/smaps_rollup", "Anonymous")
	return n
}
