// Package lab makes private hosts: network namespaces in which something about loopback is deliberately wrong, to prove
// that the kit notices. A private host belongs to one child process, and the kernel removes it with that process,
// however it ends.
package lab

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/host"
)

// Fault is a defect that is put into a private host before the claims are measured there.
type Fault struct {
	Name string
	// Does says in a sentence what is wrong.
	Does string
	// Turns are exactly the claims whose verdict or behaviour differs from that on a healthy private host.
	Turns []string
	// arrange makes the defect; it runs inside the private host, whose lo is not up yet.
	arrange func() error
}

// Healthy is the private host without a defect: lo is up, with the addresses that the kernel gives it.
const Healthy = "healthy"

// ErrNoFault is behind the error for a name that no fault has.
var ErrNoFault = errors.New("there is no such fault")

// Find gives the fault of this name.
func Find(name string) (Fault, error) {
	for _, f := range Faults() {
		if f.Name == name {
			return f, nil
		}
	}
	return Fault{}, fmt.Errorf("%w: %q", ErrNoFault, name)
}

// order is the environment variable that tells a child process which private host it is.
const order = "LOOPMATRIX_LAB"

// Measure makes a private host with this fault in a child process, measures every claim of the catalogue there and
// gives the results. It works as root, and without root in a user namespace where the kernel allows that.
func Measure(name string, seed uint64) ([]claim.Result, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	child := exec.Command(self)
	child.Env = append(os.Environ(), fmt.Sprintf("%s=%s %d", order, name, seed))
	child.SysProcAttr = isolation()
	runtime.LockOSThread() // the child dies with the thread that started it (PR_SET_PDEATHSIG), not with the process
	defer runtime.UnlockOSThread()
	var out, complaints bytes.Buffer
	child.Stdout, child.Stderr = &out, &complaints
	if err := child.Run(); err != nil {
		return nil, fmt.Errorf("private host %s: %w: %s", name, err, strings.TrimSpace(complaints.String()))
	}
	var results []claim.Result
	if err := json.Unmarshal(out.Bytes(), &results); err != nil {
		return nil, fmt.Errorf("private host %s: %w", name, err)
	}
	return results, nil
}

// Main is called first of all by every program that calls Measure. In a child process it measures and does not return.
func Main() {
	text, is := os.LookupEnv(order)
	if !is {
		return
	}
	if err := serve(text); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func serve(text string) error {
	var name string
	var seed uint64
	if _, err := fmt.Sscanf(text, "%s %d", &name, &seed); err != nil {
		return fmt.Errorf("%s=%q: %w", order, text, err)
	}
	if err := os.Unsetenv(order); err != nil { // it is not for the children of this child
		return err
	}
	f, err := Find(name)
	if err != nil {
		return err
	}
	if err := f.arrange(); err != nil {
		return fmt.Errorf("arrange %s: %w", name, err)
	}
	under := host.This(seed)
	var results []claim.Result
	for _, e := range claim.Catalogue() {
		results = append(results, claim.Measure(e, under))
	}
	return json.NewEncoder(os.Stdout).Encode(results)
}
