package remote

import (
	"os"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
)

// tied has a process, and what it starts, end with this process.
func tied(p *os.Process) (release func(), err error) { return func() {}, child.Join(p) }

// endGroup kills a process. What it has started and left ends with this process.
func endGroup(p *os.Process) { _ = p.Kill() }
