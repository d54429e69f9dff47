// Package enclosure runs a program of which nothing can stay behind: in pid, mount and network
// namespaces of its own, with a root directory put together for it. Its first process is this very
// program, which dies with whoever started it, and with that first process Linux ends every other
// one and takes every mount apart (pid_namespaces(7)). It needs root, or user namespaces.
package enclosure

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
)

// Plan says what an enclosure is like and what runs in it.
type Plan struct {
	// Base is the folder whose entries are in the enclosure, "/" for the machine's own. Its tmp,
	// proc, dev and sys are not: tmp is empty and vanishes, proc shows the processes of the
	// enclosure only, dev and sys are the machine's.
	Base string
	// Folders are put into the enclosure besides.
	Folders []Folder
	// OwnNetwork is a network with nothing but lo, which is up; else it is the machine's.
	OwnNetwork bool
	// User is the uid and gid that the program has inside. Without root it is a mere name for this
	// user.
	User int
	// Args is the program, by its path inside, and its arguments.
	Args []string
	// Env is its whole environment.
	Env []string
	// Dir is its working directory inside.
	Dir string
	// Linger keeps the enclosure until every process in it has ended, not only the program.
	Linger bool
}

// Folder is a folder of the machine that is seen in the enclosure.
type Folder struct {
	// From is its path outside.
	From string
	// To is its path inside, below /tmp.
	To string
	// Fleeting keeps what is written to it in the enclosure, where it vanishes; else it is written
	// to the machine's.
	Fleeting bool
}

// role is that of the first process of an enclosure; its argument is the plan.
const role = "enclosure"

func init() { child.Handle(role, first) }

// ErrNone is behind the error for a machine that can't make enclosures.
var ErrNone = errors.New("no enclosure can be made here")

// first is the first process of an enclosure. It ends with the exit code of the program.
func first(text string) error {
	signal.Reset(os.Interrupt, syscall.SIGTERM) // whoever started it ends it and its group by them
	var p Plan
	err := json.Unmarshal([]byte(text), &p)
	code := codeNotBegun
	if err == nil {
		code, err = serve(p)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "enclosure:", err)
	}
	os.Exit(code)
	return nil
}

// codeNotBegun is the exit code of an enclosure whose program was not started, as shells give it
// (env(1), nohup(1)).
const codeNotBegun = 125
