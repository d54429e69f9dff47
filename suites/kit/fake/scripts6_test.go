package fake_test

import (
	"fmt"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// six are the rules of IPv6 and of IPv4-mapped addresses.
func six() map[string]func(*tape) {
	out := map[string]func(*tape){}
	for _, a := range []string{"::1", "::", "::2", "::ff", "0:0:0:1::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:127.0.0.2",
		"::ffff:0.0.0.0", "fe80::1", "fe80::1%1", "::1%1", "::1%77", "ff02::1"} {
		for _, only := range []int{0, 1} {
			out[fmt.Sprintf("bind and connect %s, IPV6_V6ONLY %d", a, only)] = func(x *tape) {
				server := x.open("server", sock.Inet6, sock.TCP)
				server.get(sock.V6Only)
				_ = server.bind("::", 0)
				server.set(sock.V6Only, 1)
				server.listen()
				port := x.last
				for _, k := range []sock.Type{sock.TCP, sock.UDP} {
					b := x.open("b", sock.Inet6, k)
					b.set(sock.V6Only, only)
					_ = b.bind(a, 0)
					b.names()
					c := x.open("c", sock.Inet6, k)
					c.set(sock.V6Only, only)
					_ = c.connect(a, port)
					c.names()
				}
				server.accept("accepted")
				u := x.open("u", sock.Inet6, sock.UDP)
				u.set(sock.V6Only, only)
				u.sendto("x", a, port)
			}
		}
	}
	for _, a := range []string{"127.0.0.1", "127.0.0.2", "::1", "0.0.0.0"} {
		out["dual listener and "+a] = func(x *tape) {
			server := x.open("server", sock.Inet6, sock.TCP)
			_ = server.bind("::", 0)
			server.listen()
			_ = x.open("c", familyOf(a), sock.TCP).connect(a, x.last)
			server.accept("accepted")
			u := x.open("u", sock.Inet6, sock.UDP, sock.RecvInfo, sock.RecvTTL)
			_ = u.bind("::", 0)
			x.open("c", familyOf(a), sock.UDP).sendto("hello", a, x.last)
			u.recv()
		}
	}
	return out
}
