package targets

import (
	"context"
	"os"
	"sync"
)

// Groups are the processes that targets have running, each with those that it started. It is for a
// program that ends at once and so can't let targets clean up: the system ends a process with the
// one that started it at most (PR_SET_PDEATHSIG), and not what that one has started.
type Groups struct {
	mu      sync.Mutex
	leaders map[*os.Process]bool
	over    bool
}

type groupsKey struct{}

// In returns a context whose targets add to these groups what they start.
func (g *Groups) In(ctx context.Context) context.Context {
	return context.WithValue(ctx, groupsKey{}, g)
}

// Kill kills all of them, and whatever is started from now on.
func (g *Groups) Kill() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.over = true
	for leader := range g.leaders {
		end(leader)
	}
}

// groupsOf returns the groups of a context; of one without, they are empty.
func groupsOf(ctx context.Context) *Groups {
	if g, is := ctx.Value(groupsKey{}).(*Groups); is {
		return g
	}
	return &Groups{}
}

func (g *Groups) add(leader *os.Process) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.leaders == nil {
		g.leaders = map[*os.Process]bool{}
	}
	g.leaders[leader] = true
	if g.over {
		end(leader)
	}
}

// remove ends what is left of the group of a leader that has ended.
func (g *Groups) remove(leader *os.Process) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.leaders, leader)
	sweep(leader.Pid)
}

// end kills a leader, which may have ended, and its group. As long as it is in the list, its number
// is that of no other.
func end(leader *os.Process) {
	_ = leader.Kill()
	sweep(leader.Pid)
}
