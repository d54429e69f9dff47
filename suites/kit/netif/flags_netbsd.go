package netif

// The flags that golang.org/x/sys lacks (NetBSD 7, sys/net/route.h). There is none for multicast.
const (
	rtfLocal     = 0x40000
	rtfBroadcast = 0x80000
	rtfMulticast = 0
)
