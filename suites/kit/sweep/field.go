package sweep

import (
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"

	"go4.org/netipx"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// Offset numbers the addresses of Block: 0 is 127.0.0.0. An address that is made from an offset is
// in the block by construction, which is what keeps a sweep inside the host.
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
	Unasked Code = iota // not asked
	Missing             // asked, and nothing came; it will be asked again
	OK                  // it worked at once
	Late                // it worked only when it was asked again: the first time was lost
	Lost                // it never arrived, and the markers did
	Silent              // nothing came back before the deadline
	Astray              // what was sent to it arrived with another address
)

// Result is what a code stands for.
type Result struct {
	Outcome observation.Outcome
	Errno   string // the portable name, empty for none
}

// Field holds what came back from each address of Block: a byte each, 16 MiB. Workers may write to
// different addresses at the same time.
type Field struct {
	codes []Code
	words
}

// NewField makes a field in which nothing has been asked.
func NewField() *Field { return &Field{codes: make([]Code, Size), words: newWords()} }

// words say what codes stand for. They are read for every address that fails, so reading takes no
// lock.
type words struct {
	mu    *sync.Mutex
	known *atomic.Pointer[[]Result] // by code; a new slice for every new code
}

func newWords() words {
	w := words{new(sync.Mutex), new(atomic.Pointer[[]Result])}
	w.known.Store(&[]Result{
		Unasked: {}, Missing: missing, OK: {Outcome: observation.OK}, Late: {Outcome: observation.OK},
		Lost: {Outcome: observation.Lost}, Silent: {Outcome: observation.Timeout}, Astray: {Outcome: observation.Astray},
	})
	return w
}

// At is the code of an address.
func (f *Field) At(o Offset) Code { return f.codes[o] }

// Result says what a code stands for.
func (w words) Result(c Code) Result { return (*w.known.Load())[c] }

// code is the code of a result, a new one if need be. With more than 249 different error numbers,
// which no system has, the last ones are all "failed".
func (w words) code(r Result) Code {
	w.mu.Lock()
	defer w.mu.Unlock()
	known := *w.known.Load()
	if i := slices.Index(known, r); i >= 0 {
		return Code(i)
	}
	switch len(known) {
	case 256:
		return 255
	case 255:
		r = Result{Outcome: observation.Failed}
	}
	known = append(slices.Clone(known), r)
	w.known.Store(&known)
	return Code(len(known) - 1)
}

// Set gives all addresses of a prefix an outcome, as a report says it.
func (f *Field) Set(p netip.Prefix, r Result) {
	c := f.code(r)
	from, to := offsets(p)
	for i := from; i < to; i++ {
		f.codes[i] = c
	}
}

// settle gives [from, to) a code, where nothing has come of an address yet.
func (f *Field) settle(from, to Offset, c Code) {
	for i := from; i < to; i++ {
		if f.codes[i] <= Missing {
			f.codes[i] = c
		}
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

// Ranges lists the ranges of neighbouring addresses of a prefix from which the same came back, in
// order.
func (f *Field) Ranges(in netip.Prefix) []Range {
	var out []Range
	from, end := offsets(in)
	for from < end {
		c := f.codes[from]
		to := from + 1
		for to < end && f.codes[to] == c {
			to++
		}
		out = append(out, Range{netipx.IPRangeFrom(from.Addr(), (to - 1).Addr()), f.Result(c), c == Late})
		from = to
	}
	return out
}

// Range is a range of neighbouring addresses from which the same came back.
type Range struct {
	netipx.IPRange
	Result
	// Late says that they worked only when they were asked again.
	Late bool
}

// Size is how many addresses it has.
func (r Range) Size() int {
	from, _ := offsetOf(r.From().As4())
	to, _ := offsetOf(r.To().As4())
	return int(to-from) + 1
}

// Open says that nothing has come of these addresses yet: they were not asked, or they are to be
// asked again.
func (r Range) Open() bool { return r.Outcome == "" || r.Result == missing }

// missing is what Missing stands for: an outcome that no report has.
var missing = Result{Errno: "missing"}
