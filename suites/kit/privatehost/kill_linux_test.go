package privatehost_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/nftables"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// kills is how many runs are killed; LAB_TEST_KILLS asks for another number.
const kills = 20

// TestKilled kills a run, or one of the processes that it started, at a random moment. No process
// is left then, and with the last process or descriptor of a namespace the kernel removes it
// (namespaces(7)). Interfaces, routes, rules, packet filter, mounts and temporary files are what
// they were.
func TestKilled(t *testing.T) {
	unable.Long(t, "it kills processes at random")
	_, err := privatehost.Probe()
	unable.Skip(t, err)
	rounds, random := kills, rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	if n, err := strconv.Atoi(os.Getenv("LAB_TEST_KILLS")); err == nil {
		rounds = n
	}
	before := machine(t)
	for round := range rounds {
		victim := []string{"run", "child"}[round%2]
		folder := t.TempDir()
		killed(t, folder, victim, random)
		if left, _ := filepath.Glob(filepath.Join(folder, "*")); len(left) > 0 {
			t.Errorf("%s killed: there are still %q", victim, left)
		}
	}
	if after := machine(t); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
}

// killed starts a run, kills the victim a moment after a private host has come about, then the run,
// and waits until no process of it is left.
func killed(t *testing.T, folder, victim string, random *rand.Rand) {
	mark := endless + "=" + folder
	run := exec.Command(os.Args[0])
	run.Env = append(os.Environ(), mark, "TMPDIR="+folder)
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	moment := func(longest time.Duration) { <-time.After(time.Duration(random.Int64N(int64(longest)))) }
	moment(100 * time.Millisecond)
	var children []int
	for begun := time.Now(); len(children) == 0; {
		moment(5 * time.Millisecond) // to look all the time would take the processor from the run
		if children = others(processes(mark)); time.Since(begun) > patience {
			t.Error("no private host came about")
			break
		}
	}
	moment(40 * time.Millisecond) // about as long as one lives
	if victim == "child" && len(children) > 0 {
		_ = unix.Kill(children[random.IntN(len(children))], unix.SIGKILL)
		moment(40 * time.Millisecond) // the run goes on meanwhile
	}
	_ = run.Process.Kill()
	_ = run.Wait()
	gone(t, mark)
}

// others are the processes in network namespaces of their own.
func others(all []int) []int {
	own := namespace(os.Getpid())
	return slices.DeleteFunc(all, func(pid int) bool { return namespace(pid) == "" || namespace(pid) == own })
}

// patience is how long a private host may take to come about, and a killed process to be gone: the
// kernel makes and takes apart one network namespace after the other, also those of others, and the
// machine may be busy.
const patience = time.Minute

// gone waits until no process with this mark is left.
func gone(t *testing.T, mark string) {
	for _, pid := range processes(mark) {
		fd, err := unix.PidfdOpen(pid, 0)
		if err != nil {
			continue // gone meanwhile
		}
		n, _ := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, int(patience.Milliseconds()))
		_ = unix.Close(fd)
		if n == 0 {
			t.Fatalf("process %d outlives the run that was killed", pid)
		}
	}
}

// processes lists those that have this in their environment: a run, what it started, and so on.
func processes(mark string) []int {
	var out []int
	all, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, file := range all {
		if text, err := os.ReadFile(file); err == nil && bytes.Contains(text, []byte(mark+"\x00")) {
			pid, _ := strconv.Atoi(strings.Split(file, "/")[2])
			out = append(out, pid)
		}
	}
	return out
}

// namespace is the network namespace of a process: "net:[4026531840]".
func namespace(pid int) string {
	name, _ := os.Readlink(fmt.Sprintf("/proc/%d/ns/net", pid))
	return name
}

// machine describes what a private host must not change, outside of it.
func machine(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	note := func(what string, value any, err error) {
		if err != nil && !errors.Is(err, fs.ErrPermission) { // an ordinary user may not read everything, nor change it
			t.Fatalf("%s: %v", what, err)
		}
		fmt.Fprintf(&b, "%s %v\n", what, value)
	}
	links, err := netlink.LinkList()
	for _, l := range links {
		note("interface", fmt.Sprint(l.Attrs().Index, l.Attrs().Name, l.Attrs().Flags), nil)
	}
	note("interfaces", len(links), err)
	routes, err := netlink.RouteListFiltered(netlink.FAMILY_ALL, &netlink.Route{Table: unix.RT_TABLE_UNSPEC}, netlink.RT_FILTER_TABLE)
	note("routes", routes, err)
	rules, err := netlink.RuleList(netlink.FAMILY_ALL)
	note("rules", rules, err)
	filter, err := nftables.New()
	note("packet filter", "", err)
	tables, err := filter.ListTables()
	note("tables", len(tables), err)
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	note("mounts", strings.Count(string(mounts), "loopmatrix"), err)
	_, err = os.Stat("/run/netns")
	note("named namespaces", err == nil, nil)
	return b.String()
}
