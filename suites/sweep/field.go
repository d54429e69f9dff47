package sweep

import (
	"net/netip"
	"slices"
	"sync"

	"go4.org/netipx"

	"github.com/loopmatrix/loopmatrix/suites/observe"
)

// Offset numbers the addresses of Block: 0 is 127.0.0.0. An address that is made from an offset is in the block by
// construction, which is what keeps a sweep inside the host.
type Offset uint32

// Size is how many addresses Block has.
const Size = 1 << 24

// Addr is the address with this offset.
func (o Offset) Addr() netip.Addr { return netip.AddrFrom4(o.bytes()) }

func (o Offset) bytes() [4]byte { return [4]byte{127, byte(o >> 16), byte(o >> 8), byte(o)} }

// offsetOf is the offset of an address, and whether it is one of the block.
func offsetOf(a [4]byte) (Offset, bool) {
	return Offset(a[1])<<16 | Offset(a[2])<<8 | Offset(a[3]), a[0] == 127
}

// offsets are those of the first address of a prefix and of the one after its last.
func offsets(p netip.Prefix) (from, to Offset) {
	from, _ = offsetOf(p.Masked().Addr().As4())
	return from, from + 1<<(32-p.Bits())
}

// Code says in a byte what came back from an address.
type Code uint8

// The codes that every field has. Further ones stand for error numbers (Field.Result).
const (
	Unasked Code = iota // nobody has asked it
	Missing             // asked, and nothing came; it will be asked again
	OK                  // it worked at once
	Late                // it worked only when it was asked again: the first time was lost
	Lost                // it never arrived, and the markers did
	Silent              // nothing came back before the deadline
	Astray              // what was sent to it arrived with another address
)

// Result is what a code stands for.
type Result struct {
	Outcome observe.Outcome
	Errno   string // the portable name, empty for none
}

// Field holds what came back from each address of Block: a byte each, 16 MiB. Workers may write to different addresses
// at the same time.
type Field struct {
	codes []Code
	mu    sync.Mutex
	known []Result // by code
}

// NewField makes a field in which nothing has been asked.
func NewField() *Field {
	return &Field{codes: make([]Code, Size), known: builtin()}
}

func builtin() []Result {
	return []Result{
		Unasked: {}, Missing: {Outcome: observe.Lost}, OK: {Outcome: observe.OK}, Late: {Outcome: observe.OK},
		Lost: {Outcome: observe.Lost}, Silent: {Outcome: observe.Timeout}, Astray: {Outcome: observe.Astray},
	}
}

// At is the code of an address.
func (f *Field) At(o Offset) Code { return f.codes[o] }

// Result says what a code stands for.
func (f *Field) Result(c Code) Result {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.known[c]
}

// code is the code of a result, a new one if need be; with more than 249 different error numbers, which no system has,
// the last ones are all "failed".
func (f *Field) code(r Result) Code {
	f.mu.Lock()
	defer f.mu.Unlock()
	if i := slices.Index(f.known[OK:], r); i >= 0 {
		return OK + Code(i)
	}
	if len(f.known) > 255 {
		return Code(len(f.known) - 1)
	}
	if len(f.known) == 255 {
		r = Result{Outcome: observe.Failed}
	}
	f.known = append(f.known, r)
	return Code(len(f.known) - 1)
}

// Set gives all addresses of a prefix an outcome, as a report says it.
func (f *Field) Set(p netip.Prefix, r Result) {
	c := f.code(r)
	from, to := offsets(p)
	for i := from; i < to; i++ {
		f.codes[i] = c
	}
}

// has says whether some address of [from, to) has this code.
func (f *Field) has(c Code, from, to Offset) bool { return slices.Contains(f.codes[from:to], c) }

// Settled is how many addresses of [from, to) have an outcome.
func (f *Field) Settled(from, to Offset) int {
	n := 0
	for _, c := range f.codes[from:to] {
		if c > Missing {
			n++
		}
	}
	return n
}

// Count is how many addresses have each code.
func (f *Field) Count() map[Code]int {
	var counts [256]int
	for _, c := range f.codes {
		counts[c]++
	}
	out := map[Code]int{}
	for c, n := range counts {
		if n > 0 {
			out[Code(c)] = n
		}
	}
	return out
}

// Ranges lists the ranges of neighbouring addresses whose code is wanted, in order, and joins those of the same result.
func (f *Field) Ranges(wanted func(Code) bool) []Range {
	var out []Range
	for from := 0; from < Size; {
		to := from + 1
		c := f.codes[from]
		for to < Size && f.codes[to] == c {
			to++
		}
		if wanted(c) {
			out = append(out, Range{netipx.IPRangeFrom(Offset(from).Addr(), Offset(to-1).Addr()), f.Result(c)})
		}
		from = to
	}
	return out
}

// Range is a range of neighbouring addresses from which the same came back.
type Range struct {
	netipx.IPRange
	Result
}
