//go:build !linux

package exposure

// read returns a state that is not known: how this system opens loopback is not read yet.
func read() state { return state{} }
