package platform

import (
	"fmt"
	"runtime/debug"
	"time"
)

// patience is the longest time that one fact may take. Files and sysctls take microseconds, the
// tools that read a packet filter milliseconds; toolPatience ends those before.
const patience = 10 * time.Second

// ask reads one fact of the platform, and is the only way to do so: whatever happens in read, the
// run goes on. An error, a panic and a read that does not end are each a fact that could not be
// read, which the findings keep. A read that does not end stays behind in its goroutine, so it must
// share nothing with the caller.
func ask[T any](f *findings, fact string, read func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	answers := make(chan answer, 1)
	go func() {
		var a answer
		defer func() {
			if p := recover(); p != nil {
				a.err = fmt.Errorf("panic: %v", p)
			}
			answers <- a
		}()
		debug.SetPanicOnFault(true) // for this goroutine: an address that is none ends the read, not the program
		if f.before != nil {
			if a.err = f.before(fact); a.err != nil {
				return
			}
		}
		a.value, a.err = read()
	}()
	limit := f.limit
	if limit == 0 {
		limit = patience
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	var a answer
	select {
	case a = <-answers:
	case <-timer.C:
		a.err = fmt.Errorf("it did not answer within %s", limit)
	}
	if a.err != nil {
		var none T
		a.value = none
		f.missing(fact, a.err)
	}
	return a.value, a.err
}
