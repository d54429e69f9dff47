//go:build darwin || dragonfly || freebsd || openbsd

package wire

import "net"

// attempts is how many names are tried, until one is found that is free.
const attempts = 16

func exists(name string) bool {
	_, err := net.InterfaceByName(name)
	return err == nil
}
