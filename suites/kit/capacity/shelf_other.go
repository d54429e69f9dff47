//go:build !unix

package capacity

import "github.com/loopmatrix/loopmatrix/suites/kit/sock"

// kernelRoom is a room of the sockets of the ordinary layer.
func kernelRoom() *Room { return NewRoom(sock.Kernel()) }
