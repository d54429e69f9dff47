package capacity

import "runtime"

// starter starts processes, all from one thread that it keeps to the end: a process that is to die with its parent dies
// with the thread that started it (prctl(2), PR_SET_PDEATHSIG).
type starter struct {
	jobs chan func()
	how  func() (Owner, error)
}

func newStarter(how func() (Owner, error)) *starter {
	s := &starter{jobs: make(chan func()), how: how}
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		for job := range s.jobs {
			job()
		}
	}()
	return s
}

// start starts one and waits until it serves. It may be called from several goroutines.
func (s *starter) start() (o Owner, err error) {
	started := make(chan struct{})
	s.jobs <- func() {
		o, err = s.how()
		close(started)
	}
	if <-started; err != nil {
		return nil, err
	}
	if p, is := o.(*process); is {
		if err := p.greet(); err != nil {
			return nil, err
		}
	}
	return o, nil
}

func (s *starter) close() { close(s.jobs) }
