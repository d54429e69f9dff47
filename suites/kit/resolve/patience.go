package resolve

import (
	"context"
	"sync/atomic"
	"time"
)

// Patience is the longest wait for one answer. A resolver that knows a name by itself answers in
// milliseconds; one that asks a name server that is there, in tens of milliseconds; the number is
// for slow machines, emulated ones, and busy ones: a getent that asked no server took 2.2 s on two
// processors which fifteen processes wanted.
const Patience = 4 * time.Second

// Impatience is the longest wait after one answer has not come at all. Only questions that the
// resolver hands on to a name server are slow, and their name server is known to be silent then; it
// is still asked, and an answer counts.
const Impatience = 250 * time.Millisecond

// patience makes a silent name server cost its deadline only once for each resolver.
type patience struct{ lost atomic.Bool }

// begin gives the context of one question. End must be called with it.
func (p *patience) begin() (context.Context, context.CancelFunc) {
	wait := Patience
	if p.lost.Load() {
		wait = Impatience
	}
	return context.WithTimeout(context.Background(), wait)
}

// end says whether the question took too long, and remembers it.
func (p *patience) end(ctx context.Context) bool {
	if ctx.Err() == nil {
		return false
	}
	p.lost.Store(true)
	return true
}
