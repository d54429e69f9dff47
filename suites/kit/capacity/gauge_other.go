//go:build !linux

package capacity

import (
	"runtime/metrics"

	"github.com/shirou/gopsutil/v4/mem"
)

// Free is what the system calls available.
func (machine) Free() (int64, bool) {
	m, err := mem.VirtualMemory()
	if err != nil {
		return 0, false
	}
	return int64(m.Available), true
}

// Files is unknown: the systems that bound open files by a number bound them for each process and
// user first.
func (machine) Files() (left, of int64, known bool) { return 0, 0, false }

// Sockets is unknown.
func (machine) Sockets() (int, bool) { return 0, false }

// Cost is all memory that is not available, the processes' own included: the system has no other
// account.
func (machine) Cost() (bytes int64, name string, known bool) {
	m, err := mem.VirtualMemory()
	if err != nil {
		return 0, "", false
	}
	return int64(m.Total) - int64(m.Available), "memory that is not available", true
}

// Accounts is that one.
func (machine) Accounts() []Reading {
	n, name, known := machine{}.Cost()
	if !known {
		return nil
	}
	return []Reading{{Name: name, Bytes: n}}
}

// ownMemory is what the runtime has taken from the system.
func ownMemory() int64 {
	s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}}
	metrics.Read(s)
	if s[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return int64(s[0].Value.Uint64())
}
