package targets

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/onsi/gomega"
)

// staged is a target that does what a test says.
type staged struct {
	name    string
	missing error
	measure func(context.Context) ([]Returned, error)
}

func (s staged) Name() string                  { return s.name }
func (s staged) Missing(context.Context) error { return s.missing }
func (s staged) Measure(ctx context.Context, _ Order) ([]Returned, error) {
	return s.measure(ctx)
}

// gives is a run that returns this and fails with that.
func gives(report string, err error) func(context.Context) ([]Returned, error) {
	return func(context.Context) ([]Returned, error) {
		if report == "" {
			return nil, err
		}
		return []Returned{{User: Ordinary, Report: []byte(report)}}, err
	}
}

func noOrder(Target) Order { return Order{} }

// TestOneDeadTarget has one of several that can't be measured, and one that can in part. The
// others' reports are there, all in the order that was asked for.
func TestOneDeadTarget(t *testing.T) {
	g := gomega.NewWithT(t)
	dead, cut := errors.New("no route to host"), errors.New("as root: killed")
	results, err := MeasureAll(t.Context(), []Target{
		staged{"a", nil, gives("of a", nil)},
		staged{"dead", nil, gives("", dead)},
		staged{"b", nil, gives("of b", nil)},
		staged{"half", nil, gives("of half", cut)},
		staged{"lacking", errors.New("there is no such tool"), func(context.Context) ([]Returned, error) { panic("it is not there") }},
	}, 2, noOrder)
	g.Expect(err).To(gomega.And(gomega.MatchError(dead), gomega.MatchError(cut)))
	for _, said := range []string{"dead: no route to host", "half: as root: killed", "lacking: there is no such tool"} {
		g.Expect(err.Error()).To(gomega.ContainSubstring(said))
	}
	var got []string
	for _, r := range results {
		line := fmt.Sprint(r.Target.Name(), " ", r.Err)
		for _, r := range r.Returned {
			line += " " + string(r.Report)
		}
		got = append(got, line)
	}
	g.Expect(got).To(gomega.Equal([]string{"a <nil> of a", "dead no route to host", "b <nil> of b", "half as root: killed of half",
		"lacking there is no such tool"}))
}

// TestSideBySide has as many targets as may run at once, each of which waits for all the others.
func TestSideBySide(t *testing.T) {
	const atOnce = 3
	var together sync.WaitGroup
	together.Add(atOnce)
	_, err := MeasureAll(t.Context(), several(atOnce, func(context.Context) ([]Returned, error) {
		together.Done()
		together.Wait()
		return nil, nil
	}), atOnce, noOrder)
	if err != nil {
		t.Error(err)
	}
}

// TestNoMoreAtOnce has more targets than may run at once.
func TestNoMoreAtOnce(t *testing.T) {
	const atOnce = 3
	room := make(chan struct{}, atOnce)
	_, err := MeasureAll(t.Context(), several(30, func(context.Context) ([]Returned, error) {
		select {
		case room <- struct{}{}:
		default:
			return nil, errors.New("too many at once")
		}
		runtime.Gosched() // let those begin that may
		<-room
		return nil, nil
	}), atOnce, noOrder)
	if err != nil {
		t.Error(err)
	}
}

func several(n int, measure func(context.Context) ([]Returned, error)) []Target {
	var targets []Target
	for i := range n {
		targets = append(targets, staged{fmt.Sprint(i), nil, measure})
	}
	return targets
}

// TestInterruptedTargets ends the context in the first of several targets: none of those that wait
// begins.
func TestInterruptedTargets(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	begun := 0
	measure := func(ctx context.Context) ([]Returned, error) {
		begun++
		cancel()
		cancel()
		return nil, ctx.Err()
	}
	results, err := MeasureAll(ctx, several(3, measure), 1, noOrder)
	if begun != 1 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d were begun, %v", begun, err)
	}
	for _, r := range results {
		if !errors.Is(r.Err, context.Canceled) {
			t.Errorf("%s: %v", r.Target.Name(), r.Err)
		}
	}
}
