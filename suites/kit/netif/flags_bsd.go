//go:build darwin || dragonfly || freebsd || openbsd

package netif

import "golang.org/x/sys/unix"

const (
	rtfLocal     = unix.RTF_LOCAL
	rtfBroadcast = unix.RTF_BROADCAST
	rtfMulticast = unix.RTF_MULTICAST
)
