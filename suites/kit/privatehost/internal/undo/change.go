package undo

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
)

// ErrLost is behind the error of a change that was not made because the guard is gone.
var ErrLost = errors.New("the guard that would undo it is gone")

// Guard is the guard as seen from the process that changes things.
type Guard struct {
	kinds   Kinds
	process *child.Process
	heard   chan struct{} // an answer of the guard
	gone    chan struct{} // closed when the guard has ended

	mu     sync.Mutex // held while a change is made
	steps  []Step
	held   []func() error
	ending bool
}

// Start starts the guard, as a process of this program, which calls Handle, and waits until it
// stands. If the guard is lost afterwards, everything is taken back here, and lost is called with
// what failed at that; it must end the process.
func Start(kinds Kinds, lost func(error)) (*Guard, error) {
	p, err := child.Start(role, child.Options{Outlives: true}) // whoever reads its standard error to the end also waits for it
	if err != nil {
		return nil, fmt.Errorf("guard: %w", err)
	}
	g := &Guard{kinds: kinds, process: p, heard: make(chan struct{}, 1), gone: make(chan struct{})}
	go g.listen(p.Out)
	if err := g.answered(); err != nil {
		return nil, errors.Join(err, p.Wait())
	}
	go g.watch(lost)
	return g, nil
}

// listen reads the answers of the guard, until it is gone.
func (g *Guard) listen(out io.Reader) {
	defer close(g.gone)
	var one [1]byte
	for {
		if _, err := out.Read(one[:]); err != nil {
			return
		}
		g.heard <- struct{}{}
	}
}

func (g *Guard) watch(lost func(error)) {
	<-g.gone
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.ending {
		g.ending = true
		lost(errors.Join(ErrLost, g.take()))
	}
}

// Change makes a change. The function gets will, which it calls with what would undo the next thing
// it does, before it does it; if will fails, it must not do it.
func (g *Guard) Change(do func(will func(Step) error) error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.ending {
		return ErrLost
	}
	return do(g.will)
}

func (g *Guard) will(s Step) error {
	g.steps = append(g.steps, s)
	return g.tell(word{Step: &s})
}

// Forget tells the guard, inside of a change, that what the last step would undo was not done:
// whatever is there belongs to another process.
func (g *Guard) Forget() error {
	g.steps = g.steps[:len(g.steps)-1]
	return g.tell(word{Forget: true})
}

// Hold keeps what must be closed before the changes are taken back. It is called inside of a
// change.
func (g *Guard) Hold(closer func() error) { g.held = append(g.held, closer) }

func (g *Guard) tell(w word) error {
	line, err := json.Marshal(w)
	if err != nil {
		return err
	}
	if _, err := g.process.In.Write(append(line, '\n')); err != nil {
		return errors.Join(ErrLost, err)
	}
	return g.answered()
}

func (g *Guard) answered() error {
	select {
	case <-g.heard:
		return nil
	case <-g.gone:
		return ErrLost
	}
}

// take closes what is held and takes everything back in this process.
func (g *Guard) take() error { return errors.Join(g.release(), g.kinds.take(g.steps)) }

func (g *Guard) release() error {
	var all error
	for i := len(g.held) - 1; i >= 0; i-- {
		all = errors.Join(all, g.held[i]())
	}
	g.held = nil
	return all
}

// Close has the guard take everything back, and waits until it has. If the guard can't, it is done
// here.
func (g *Guard) Close() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.ending {
		return ErrLost
	}
	g.ending = true
	err := errors.Join(g.release(), g.process.In.Close())
	<-g.gone
	if failed := g.process.Wait(); failed != nil {
		err = errors.Join(err, fmt.Errorf("guard: %w", failed), g.kinds.take(g.steps))
	}
	return err
}
