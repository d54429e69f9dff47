package privatehost

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// onOneProcessor keeps every thread of this process on one processor. What goes through a veth pair
// waits in the backlog of the processor that sent it (netif_rx), and when that is busy, what
// another one sends later comes out first: a marker would prove nothing.
func onOneProcessor() error {
	one, err := anyProcessor()
	if err != nil {
		return err
	}
	pinned := map[int]bool{}
	for more := true; more; { // a thread that is not pinned yet may start another one meanwhile
		more = false
		threads, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return err
		}
		for _, t := range threads {
			id, err := strconv.Atoi(t.Name())
			if err != nil || pinned[id] {
				continue
			}
			if err := unix.SchedSetaffinity(id, &one); err != nil && !errors.Is(err, unix.ESRCH) {
				return fmt.Errorf("keep thread %d on one processor: %w", id, err)
			}
			pinned[id], more = true, true
		}
	}
	return nil
}

// anyProcessor is one of those that this process may use. Processes that run side by side get
// different ones.
func anyProcessor() (one unix.CPUSet, err error) {
	var all unix.CPUSet
	if err := unix.SchedGetaffinity(0, &all); err != nil {
		return one, fmt.Errorf("processors of this process: %w", err)
	}
	skip := os.Getpid() % all.Count()
	for n := 0; ; n++ {
		if !all.IsSet(n) {
			continue
		}
		if skip == 0 {
			one.Set(n)
			return one, nil
		}
		skip--
	}
}
