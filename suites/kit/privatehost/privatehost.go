// Package privatehost makes private hosts: network namespaces with lo, cables and routes as a spec
// needs them, or in which something about loopback is deliberately wrong, to prove that the kit
// notices. A private host belongs to one child process, and the kernel removes it with that
// process, however it ends.
package privatehost

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// order tells a child process what to do in its private host.
type order struct {
	// Probe asks only whether a private host with a cable can be made, and of which kind the cable
	// is.
	Probe bool
	// Claim and Part say which part of a claim to measure; without a claim, every claim that needs
	// no private host of its own is measured.
	Claim string
	Part  int
	// Fault is the name of the fault to put in; empty for none.
	Fault string
	Seed  uint64
}

const (
	hostsFile  = "/etc/hosts"
	usualHosts = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n"
)

// role is that of a process in a private host; its argument is the order.
const role = "private-host"

func init() { child.Handle(role, serve) }

// Measure makes a private host with this fault in a child process, measures every claim there that
// needs no private host of its own, and gives the results. It works as root, and without root in a
// user namespace where the kernel allows that.
func Measure(fault string, seed uint64) ([]claim.Result, error) {
	var results []claim.Result
	return results, send(order{Fault: fault, Seed: seed}, &results)
}

// Private gives what makes private hosts for the parts of claims, with this fault in each of them.
func Private(fault string, seed uint64) host.Private {
	return func(id string, part int, result any) error {
		return send(order{Claim: id, Part: part, Fault: fault, Seed: seed}, result)
	}
}

// send starts a child process in namespaces of its own and reads its answer.
func send(o order, answer any) error {
	text, err := json.Marshal(o)
	if err != nil {
		return err
	}
	c, err := child.Command(context.Background(), role, child.Options{Argument: string(text), System: isolation()})
	if err != nil {
		return err
	}
	var out, complaints bytes.Buffer
	c.Stdout, c.Stderr = &out, &complaints
	if _, err := c.StdinPipe(); err != nil { // it ends with this process
		return err
	}
	if err := child.Run(c); err != nil {
		return fmt.Errorf("private host: %w", why(err, complaints.String()))
	}
	if err := json.Unmarshal(out.Bytes(), answer); err != nil {
		return fmt.Errorf("private host: its answer: %w", err)
	}
	return nil
}

// why is what a child process says about its end, in one line. One that was killed may have said
// something that is not the reason.
func why(err error, complaints string) error {
	said := strings.Join(strings.FieldsFunc(complaints, func(r rune) bool { return r == '\n' }), "; ")
	exit, is := errors.AsType[*exec.ExitError](err)
	switch {
	case said == "":
		return err
	case is && exit.Exited():
		return errors.New(said)
	default:
		return fmt.Errorf("%w; %s", err, said)
	}
}

// serve obeys an order, in the process that was started for it.
func serve(text string) error {
	child.ExitWithInput()
	if err := obey(text); err != nil {
		return errors.New(sock.Reason(err))
	}
	return nil
}

func obey(text string) error {
	var o order
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return fmt.Errorf("order %q: %w", text, err)
	}
	switch {
	case o.Probe:
		return serveProbe()
	case o.Claim == "":
		return serveAll(o)
	}
	for _, e := range claim.Catalogue() {
		if e.ID == o.Claim && o.Part < len(e.Parts) {
			return servePart(o, e)
		}
	}
	return fmt.Errorf("no part %d of claim %q", o.Part, o.Claim)
}

// ordinary is a host like most: it has a cable, and so addresses that are not loopback, and a hosts
// file like most. It has no default route, so that whoever asks a name server is told at once that
// there is no way.
func ordinary() host.Arrangement {
	a := host.Arrangement{Cables: 1}
	if _, err := os.Stat(hostsFile); err == nil {
		a.Files = map[string]string{hostsFile: usualHosts}
	}
	return a
}

func serveAll(o order) (err error) {
	p, err := arrange(ordinary(), o.Fault)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.leave()) }()
	under := host.This(o.Seed)
	results := []claim.Result{}
	for _, e := range claim.Catalogue() {
		if e.Spec != nil {
			ctx, end := context.WithTimeout(context.Background(), e.Limit())
			results = append(results, claim.Measure(ctx, e, under))
			end()
		}
	}
	return json.NewEncoder(os.Stdout).Encode(results)
}

func servePart(o order, e claim.Entry) (err error) {
	own := host.This(o.Seed).Own // before the kit adds addresses, which a report may show
	p, err := arrange(e.Parts[o.Part].In, o.Fault)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.leave()) }()
	under := host.This(o.Seed)
	under.Admin, under.Filter, under.Own = p.admin, filter(), own
	if len(p.cables) > 0 {
		under.Wired(p.cables)
	}
	ctx, end := context.WithTimeout(context.Background(), claim.Deadline)
	defer end()
	result, err := claim.MeasurePart(ctx, e, o.Part, under)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(result)
}

// Probe makes a private host with a cable, to see whether there can be any here, and tells the kind
// of the cable.
func Probe() (kind string, err error) { return kind, send(order{Probe: true}, &kind) }

func serveProbe() (err error) {
	p, err := arrange(host.Arrangement{Cables: 1}, "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.leave()) }()
	return json.NewEncoder(os.Stdout).Encode(p.cables[0].Kind)
}
