package fake

import (
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// process owns sockets.
type process struct {
	number int
	user   user
}

// user owns processes.
type user int

// The users of a machine: the one whose process measures, and somebody else.
const (
	self user = iota
	other
)

func (m *Machine) fork(u user) process {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.processes++
	return process{m.processes, u}
}

// exit closes the sockets of a process, as a kernel does.
func (m *Machine) exit(p process) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range append([]*socket(nil), m.open...) {
		if s.owner == p {
			s.close()
		}
	}
	return nil
}

// stack is what one process of a machine sees.
type stack struct {
	m     *Machine
	owner process
}

func (x stack) Name() string { return "fake " + x.m.OS }

func (x stack) Socket(f sock.Family, t sock.Type) (sock.Socket, error) {
	if f == sock.Inet6 && x.m.NoIPv6 {
		return nil, x.m.fail("socket", "EAFNOSUPPORT")
	}
	if errno, refused := x.m.Refuse[t]; refused {
		return nil, x.m.fail("socket", errno)
	}
	x.m.mu.Lock()
	defer x.m.mu.Unlock()
	return x.m.newSocket(x.owner, f, t), nil
}
