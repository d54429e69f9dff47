package model

import (
	"fmt"
	"math"
	"strings"
)

// WholeBlock is how many listeners there could be on one port: the addresses of 127.0.0.0/8 without
// its edges.
const WholeBlock = 1<<24 - 2

// Limit is a word for what stopped the holding of listeners.
type Limit string

// The limits.
const (
	LimitCount        Limit = "count"          // as many were held as were asked for
	LimitBlock        Limit = "block"          // every address of the block was tried
	LimitMemory       Limit = "memory"         // the share of the free memory that might be taken was taken
	LimitNoAccount    Limit = "no-account"     // the system does not say how much memory is free, so it stopped early
	LimitKernelMemory Limit = "kernel-memory"  // the kernel had no memory for more
	LimitOpenFiles    Limit = "open-files"     // the system could open no more files, or only the last tenth, which others need
	LimitDescriptors  Limit = "descriptors"    // a process could have no descriptor to listen with
	LimitProcesses    Limit = "processes"      // no further process could be started
	LimitMost         Limit = "most-processes" // as many processes were started as the kit starts at most
	LimitEnded        Limit = "process-ended"  // a process that held listeners ended
	LimitInterrupted  Limit = "interrupted"    // the run was interrupted
	LimitRefused      Limit = "refused"        // the system gave no socket
)

// Limits lists every limit.
func Limits() []Limit {
	return []Limit{LimitCount, LimitBlock, LimitMemory, LimitNoAccount, LimitKernelMemory, LimitOpenFiles, LimitDescriptors,
		LimitProcesses, LimitMost, LimitEnded, LimitInterrupted, LimitRefused}
}

// limitWords say what each limit is.
var limitWords = map[Limit]string{
	LimitCount:        "as many as were asked for",
	LimitBlock:        "the end of the block",
	LimitMemory:       "the share of the free memory that it may take",
	LimitNoAccount:    "caution: the system does not say how much memory is free",
	LimitKernelMemory: "the memory of the kernel",
	LimitOpenFiles:    "the number of files that the system can open",
	LimitDescriptors:  "the number of descriptors that a process can have",
	LimitProcesses:    "the number of processes that can be started",
	LimitMost:         "the number of processes that the kit starts at most",
	LimitEnded:        "the end of a process that held some",
	LimitInterrupted:  "an interrupt",
	LimitRefused:      "the system, which gave no socket",
}

// String says what it is.
func (l Limit) String() string {
	if words, known := limitWords[l]; known {
		return words
	}
	return string(l)
}

// Capacity is how many TCP listeners were held at once on one port, each on an address of its own.
type Capacity struct {
	// Held is how many there were at once.
	Held int `json:"held"`
	// Asked is how many were asked for at most: 16,777,214 for as many as there can be.
	Asked int `json:"asked"`
	// Port is the port they were on, which was free on every address.
	Port int `json:"port,omitempty"`
	// Ranges lists the addresses they were on, in order: "127.0.0.1-127.30.132.128".
	Ranges []string `json:"ranges,omitempty"`
	// Exceptions lists the addresses that can't be listened on although there was room, in order.
	Exceptions []Exception `json:"exceptions,omitempty"`
	// Limit is what stopped it.
	Limit Limit `json:"limit,omitempty"`
	// Why is the error behind the limit, if there was one: "socket: ENFILE (23)".
	Why string `json:"why,omitempty"`
	// Processes is how many processes held them.
	Processes int `json:"processes,omitempty"`
	// Largest is how many of them one process held at most.
	Largest int `json:"largest,omitempty"`
	// Full is how many a process held that could hold no more; missing if there was none.
	Full int `json:"full,omitempty"`
	// Counted is how many TCP sockets more than before the kernel counted itself; missing if it
	// does not say.
	Counted *int `json:"counted,omitempty"`
	// Memory says what they cost; missing if the system says nothing about memory.
	Memory *Memory `json:"memory,omitempty"`
	// Seconds is how long it took to listen on them.
	Seconds float64 `json:"seconds"`
	// FirstHalf is how long the first half of them took, in seconds.
	FirstHalf float64 `json:"first_half,omitempty"`
	// Extrapolation is what 16,777,214 would take if the rest cost what these did; nobody has
	// measured that.
	Extrapolation *Extrapolation `json:"extrapolation,omitempty"`
	// Reason says why nothing was held, if nothing could even begin.
	Reason string `json:"reason,omitempty"`
}

// Memory is what listeners cost, in bytes, by accounts that the system itself keeps.
type Memory struct {
	// Free is how much memory was free at the start; missing if the system does not say.
	Free int64 `json:"free,omitempty"`
	// Share is how much of it might be taken, from 0 to 1.
	Share float64 `json:"share"`
	// Each is what one listener costs: by how much the account By grew per listener, as the median
	// over the whole way. Missing if there were fewer than 10,000, or if there is no such account.
	Each float64 `json:"each,omitempty"`
	// By is the account that Each was read from.
	By string `json:"by,omitempty"`
	// Accounts are all that were read; what else the machine did meanwhile is in them.
	Accounts []Account `json:"accounts,omitempty"`
	// Processes is the memory of all processes that held listeners, without what they share;
	// missing if nobody says.
	Processes int64 `json:"processes,omitempty"`
	// Largest is that of the largest of them.
	Largest int64 `json:"largest,omitempty"`
}

// Account is the state of an account before and at the end, in bytes.
type Account struct {
	// Name says where it was read: "Slab in /proc/meminfo".
	Name string `json:"name"`
	// Before is its state before the first listener.
	Before int64 `json:"before"`
	// After is its state when all were held.
	After int64 `json:"after"`
}

// Extrapolation is computed and not measured.
type Extrapolation struct {
	// Listeners is how many it is for, always 16,777,214.
	Listeners int `json:"listeners"`
	// Bytes is Memory.Each for all of them; missing if that is not known.
	Bytes int64 `json:"bytes,omitempty"`
	// Seconds is what they take at the mean rate.
	Seconds float64 `json:"seconds"`
	// Slowing is what they take, in seconds, if each doubling slows them down as the last one did;
	// missing if it did not notably.
	Slowing float64 `json:"slowing,omitempty"`
	// Processes is how many full processes they take; missing if none was full.
	Processes int `json:"processes,omitempty"`
}

// fewest is how many listeners it takes to extrapolate from.
const fewest = 10_000

// notable is how many times as long the second half must take: less is what a busy machine does.
const notable = 1.25

// Extrapolated is what the whole block would take; nil if it was held, or if too few were to tell.
func (c Capacity) Extrapolated() *Extrapolation {
	if c.Held < fewest || c.Held >= WholeBlock {
		return nil
	}
	e := Extrapolation{Listeners: WholeBlock, Seconds: c.Seconds * WholeBlock / float64(c.Held)}
	if c.Slowed() >= notable { // 1 + Slowed is how many times as long twice as many take
		e.Slowing = c.Seconds * math.Pow(WholeBlock/float64(c.Held), math.Log2(1+c.Slowed()))
	}
	if c.Full > 0 {
		e.Processes = (WholeBlock + c.Full - 1) / c.Full
	}
	if c.Memory != nil {
		e.Bytes = int64(c.Memory.Each * WholeBlock)
	}
	return &e
}

// Slowed is how many times as long as the first half the second half took; 0 if that can't be told.
func (c Capacity) Slowed() float64 {
	if c.FirstHalf <= 0 || c.Seconds <= c.FirstHalf {
		return 0
	}
	return (c.Seconds - c.FirstHalf) / c.FirstHalf
}

// Stopped names what stopped it: "the number of files that the system can open (socket: ENFILE
// (23))".
func (c Capacity) Stopped() string {
	words := c.Limit.String()
	if c.Limit == LimitMemory && c.Memory != nil {
		words = strings.Replace(words, "the share", fmt.Sprintf("%.4g %%", 100*c.Memory.Share), 1)
		words = strings.TrimSuffix(words, " that it may take")
	}
	if c.Why != "" {
		words += " (" + c.Why + ")"
	}
	return words
}
