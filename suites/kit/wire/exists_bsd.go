//go:build darwin || dragonfly || freebsd || openbsd

package wire

import "net"

// attempts is how many names are tried, until one is found that nobody uses.
const attempts = 16

func exists(name string) bool {
	_, err := net.InterfaceByName(name)
	return err == nil
}
