// Package guest is the kit as the first process of a virtual machine that was booted to measure its
// kernel, and nothing else. There is no other program in the machine: the kit mounts what it needs,
// loads the kernel's modules, brings lo up as an init would, runs itself as the user of its order,
// and switches the machine off.
//
// Everything that comes out is one stream of messages over the second serial port, which every
// kernel has built in.
package guest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
)

// role is that of the first process of the machine.
const role = "guest"

func init() { child.Handle(role, life) }

// Word is what stands on the kernel's command line when the first process is meant to be the kit.
// Linux passes what it does not know to the environment of the first process (init/main.c,
// unknown_bootoption).
var Word = child.Assignment(role)

// Where things lie in the machine's file system.
const (
	// Init is the kit; it is what Linux starts in a file system from memory (init/main.c,
	// ramdisk_execute_command).
	Init = "/init"
	// Orders is the file with the Order, in JSON.
	Orders = "/order.json"
	// Modules is the folder with the modules.
	Modules = "/modules"
)

// Order is what the machine is there for: one run of the kit, on a system where nothing has
// happened yet.
type Order struct {
	// Modules are files in the folder of modules, in the order to load them.
	Modules []string
	// Switches are set before the run, in this order, by their sysctl names.
	Switches []Switch
	// UID is the number of the user and of the group that runs the kit.
	UID int
	// Args are those of its command line.
	Args []string
}

// Switch is a setting of the kernel: {"net.ipv4.ping_group_range", "0 2147483647"}.
type Switch struct{ Name, Value string }

// Kind is what a message says.
type Kind string

// The kinds of messages, in the order in which they come.
const (
	// Ready: the kernel is up, and the kit is its first process.
	Ready Kind = "ready"
	// Failed: something could not be done, and the rest goes on.
	Failed Kind = "failed"
	// Done: the run has ended, nothing more comes, and the machine switches itself off.
	Done Kind = "done"
)

// Message is what the machine says.
type Message struct {
	Kind Kind
	// Text says what failed.
	Text string `json:",omitempty"`
	// Code is the exit code of the run; 128 and more are 128 and the signal that ended it.
	Code int `json:",omitempty"`
	// Output is what the run wrote to standard output, compressed by gzip: a serial port makes an
	// emulator stop and look at every single byte.
	Output []byte `json:",omitempty"`
}

// life is the whole life of the first process. Another process with that role ends with an error.
func life(string) error {
	if os.Getpid() != 1 {
		return errors.New("guest: this is not the first process of a machine")
	}
	return serve()
}

// Read gives each message to hear until the last. A stream that ends before that is an error,
// io.ErrUnexpectedEOF if it was in the middle of a message and io.EOF otherwise.
func Read(r io.Reader, hear func(Message)) error {
	for messages := json.NewDecoder(r); ; {
		var m Message
		if err := messages.Decode(&m); err != nil {
			return err
		}
		hear(m)
		if m.Kind == Done {
			return nil
		}
	}
}

// pack makes Message.Output.
func pack(output []byte) []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed) // there is such a level
	_, _ = z.Write(output)                          // nor do buffers fail
	_ = z.Close()
	return b.Bytes()
}

// Unpack gives what the run wrote to standard output, and an error if it is more than limit bytes.
func (m Message) Unpack(limit int64) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(m.Output))
	if err != nil {
		return nil, err
	}
	output, err := io.ReadAll(io.LimitReader(z, limit+1))
	if err == nil && int64(len(output)) > limit {
		err = fmt.Errorf("more than %d bytes", limit)
	}
	return output, err
}

// system is what obeying takes.
type system struct {
	load func(module string) error
	set  func(Switch) error
	run  func(Order) (code int, output []byte, err error)
}

// obey does what the order says, and sends messages about it.
func obey(o Order, tell func(Message), s system) {
	failed := func(what string, err error) {
		if err != nil {
			tell(Message{Kind: Failed, Text: fmt.Sprintf("%s: %v", what, err)})
		}
	}
	for _, m := range o.Modules {
		failed("module "+m, s.load(m))
	}
	for _, w := range o.Switches {
		failed("switch "+w.Name, s.set(w))
	}
	code, output, err := s.run(o)
	failed("run", err)
	tell(Message{Kind: Done, Code: code, Output: pack(output)})
}
