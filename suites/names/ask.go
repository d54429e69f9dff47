package names

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// The variants: whose answer an observation is.
const (
	system = "system"
	golang = "go"
)

// question is one question for both resolvers.
type question struct {
	op     string // "getaddrinfo AF_INET"
	target string // what is asked for, as the report names it
	put    func(resolve.Resolver) (string, error)
}

var families = map[string]string{"ip": "AF_UNSPEC", "ip4": "AF_INET", "ip6": "AF_INET6"}

// addresses asks for the addresses of a name; the family is that of resolve.Hints.
func addresses(name, family string) question {
	return question{"getaddrinfo " + families[family], name, func(r resolve.Resolver) (string, error) {
		found, err := r.Addresses(name, resolve.Hints{Family: family})
		return told(found), err
	}}
}

// each asks for the addresses of several names, in both families.
func each(names ...string) []question {
	var out []question
	for _, name := range names {
		out = append(out, addresses(name, "ip"))
	}
	return out
}

// elsewhere stands for every address that is neither loopback nor unspecified, because a report
// goes to the public and such an address is somebody's.
const elsewhere = "elsewhere"

// told writes an answer as the report keeps it: its addresses in their order, elsewhere once.
func told(found []netip.Addr) string {
	var out []string
	for _, a := range found {
		word := elsewhere
		if sock.IsLoopback(a) || a.IsUnspecified() {
			word = a.String()
		}
		if !slices.Contains(out, word) {
			out = append(out, word)
		}
	}
	return strings.Join(out, " ")
}

// ask puts all questions to both resolvers, side by side, since each may wait for a name server. If
// the system's resolver can't be asked one of them, the claim is not run.
func ask(h *host.Host, questions ...question) observation.Set {
	n := len(questions)
	seen, errs := make(observation.Set, 2*n), make([]error, 2*n)
	var all sync.WaitGroup
	for i, q := range questions {
		all.Go(func() { seen[i], errs[i] = put(h, system, h.System, q) })
		all.Go(func() { seen[n+i], errs[n+i] = put(h, golang, h.Go, q) })
	}
	all.Wait()
	for i, o := range seen[:n] {
		needAnswer(h, o, errs[i], seen[n:]...)
	}
	return seen
}

// needAnswer ends the spec if the system's resolver can't be asked a question. What was seen all
// the same, of Go's resolver, is kept, and said beside the reason as what it is.
func needAnswer(h *host.Host, o observation.Observation, err error, seen ...observation.Observation) {
	if o.Outcome == observation.Unsupported && o.Value == "" { // with a code such as EAI_FAMILY it is the system's own answer
		why := bare(err)
		if len(seen) > 0 {
			why = fmt.Errorf("%w; Go's resolver: %s", why, gos(seen))
		}
		h.NotRun(o.Op, &sock.Error{Op: o.Op, Outcome: o.Outcome, Err: why}, seen...)
	}
}

// bare is the reason in an error of package resolve, without its call and outcome.
func bare(err error) error {
	var e *resolve.Error
	if errors.As(err, &e) && e.Err != nil {
		return e.Err
	}
	return err
}

func put(h *host.Host, variant string, r resolve.Resolver, q question) (observation.Observation, error) {
	begun := time.Now()
	value, err := q.put(r)
	o := describe(observation.Observation{Op: q.op, Variant: variant, Targets: []string{q.target}, Value: value, Count: 1}, err)
	o.AtMicros = begun.Sub(h.Started).Microseconds()
	o.TookMicros = max(1, time.Since(begun).Microseconds())
	answer := o.Value
	if o.Outcome != observation.OK {
		answer = strings.TrimSpace(string(o.Outcome) + " " + o.Value)
	}
	o.Calls = []string{fmt.Sprintf("%s: %s %s = %s", r.Name(), q.op, q.target, answer)}
	return o, err
}

// describe fills outcome and value from the error of a resolver. The text of the error stays out of
// the report, because it may name the host or its name server.
func describe(o observation.Observation, err error) observation.Observation {
	var e *resolve.Error
	switch {
	case err == nil:
		o.Outcome = observation.OK
	case errors.As(err, &e):
		o.Outcome, o.Value = e.Outcome, e.Code
	default:
		o.Outcome, o.Value = observation.Failed, ""
	}
	return o
}
