package fake_test

import (
	"fmt"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// scripts are sequences of socket calls that tell stacks apart.
func scripts() map[string]func(*tape) {
	out := map[string]func(*tape){}
	for _, more := range []map[string]func(*tape){addresses(), conflicts(), streams(), datagrams(), six()} {
		for name, script := range more {
			out[name] = script
		}
	}
	return out
}

var everyAddress = []string{"127.0.0.1", "127.0.0.2", "127.1.2.3", "127.0.0.0", "127.255.255.255", "0.0.0.0"}

// addresses tries every call on every kind of address, as the first call of a socket.
func addresses() map[string]func(*tape) {
	out := map[string]func(*tape){}
	for _, a := range append(everyAddress, "203.0.113.1", "224.0.0.1", "0.1.2.3") {
		for _, k := range []sock.Type{sock.TCP, sock.UDP} {
			out["bind "+a+" "+k.String()] = func(x *tape) {
				s := x.open("s", sock.Inet, k)
				_ = s.bind(a, 0)
				s.names()
				_ = s.bind(a, 0)
			}
			out["privileged "+a+" "+k.String()] = func(x *tape) { _ = x.open("s", sock.Inet, k).bind(a, 987) }
		}
	}
	for _, a := range everyAddress {
		out["connect to a closed port of "+a] = func(x *tape) {
			for _, k := range []sock.Type{sock.TCP, sock.UDP} {
				s := x.open("s", sock.Inet, k)
				_ = s.connect(a, 9)
				s.names()
				s.send("1")
				s.send("2")
				s.recv()
				s.send("3")
				s.recv()
				s.recv()
			}
		}
		out["connect and listener "+a] = func(x *tape) {
			server := x.open("server", sock.Inet, sock.TCP)
			_ = server.bind("0.0.0.0", 0)
			server.listen()
			client := x.open("client", sock.Inet, sock.TCP)
			if client.connect(a, x.last) != nil {
				return
			}
			client.names()
			c := server.accept("c")
			client.send("ping")
			c.recv()
			c.send("pong")
			c.close()
			client.recv()
			client.recv()
			client.send("late")
			client.recv()
			client.send("late")
		}
		for _, broadcast := range []int{0, 1} {
			out[fmt.Sprintf("send to %s broadcast %d", a, broadcast)] = func(x *tape) {
				wild := x.open("wild", sock.Inet, sock.UDP, sock.RecvInfo, sock.RecvTTL)
				_ = wild.bind("0.0.0.0", 0)
				client := x.open("client", sock.Inet, sock.UDP)
				client.set(sock.Broadcast, broadcast)
				client.sendto("to wild", a, x.last)
				wild.recv()
				wild.recv()
				client.names()
				_ = client.connect(a, x.last)
				client.names()
				client.set(sock.TTL, 1)
				client.send("connected")
				wild.recv()
				specific := x.open("specific", sock.Inet, sock.UDP)
				_ = specific.bind(a, 0)
				client.sendto("to specific", a, x.last)
				specific.recv()
			}
		}
	}
	return out
}

// conflicts tries pairs of binds of one port.
func conflicts() map[string]func(*tape) {
	out := map[string]func(*tape){}
	options := map[string][]sock.Option{"none": nil, "reuse": {sock.ReuseAddr}, "port": {sock.ReusePort},
		"both": {sock.ReuseAddr, sock.ReusePort}}
	pairs := [][2]string{{"0.0.0.0", "127.0.0.1"}, {"127.0.0.1", "0.0.0.0"}, {"127.0.0.1", "127.0.0.1"}, {"0.0.0.0", "0.0.0.0"},
		{"127.0.0.1", "127.0.0.2"}, {"::", "127.0.0.1"}, {"127.0.0.1", "::"}, {"::1", "127.0.0.1"}, {"::", "::1"},
		{"0.0.0.0", "::"}, {"::", "0.0.0.0"}, {"::ffff:127.0.0.1", "127.0.0.1"}, {"::ffff:127.0.0.1", "::"}, {"::1", "0.0.0.0"}}
	for firstName, first := range options {
		for secondName, second := range options {
			for _, p := range pairs {
				for _, k := range []sock.Type{sock.TCP, sock.UDP} {
					out[fmt.Sprintf("%s with %s, %s with %s, %s", p[0], firstName, p[1], secondName, k)] = func(x *tape) {
						pair(x, k, p, first, second, false)
						if k == sock.TCP {
							pair(x, k, p, first, second, true)
						}
					}
				}
			}
		}
	}
	return out
}

func familyOf(a string) sock.Family { return sock.FamilyOf(to(a, 0).Addr()) }

// pair binds two sockets, and then asks who receives. Where the kernel spreads by a hash of its
// own, nobody is asked.
func pair(x *tape, k sock.Type, at [2]string, first, second []sock.Option, listening bool) {
	a := x.open("a", familyOf(at[0]), k, first...)
	port := x.free(k)
	_ = a.bind(at[0], port)
	if listening {
		a.listen()
	}
	b := x.open("b", familyOf(at[1]), k, second...)
	if b.bind(at[1], port) != nil || at[0] == at[1] && len(first) > 0 && first[len(first)-1] == sock.ReusePort {
		return
	}
	if k == sock.UDP {
		for _, target := range []string{"127.0.0.1", "::1"} {
			c := x.open("c", familyOf(target), sock.UDP)
			c.sendto("who", target, port)
			a.recv()
			b.recv()
		}
		return
	}
	a.listen()
	b.listen()
	for _, target := range []string{"127.0.0.1", "127.0.0.2", "::1"} {
		c := x.open("c", familyOf(target), sock.TCP)
		_ = c.connect(target, port)
		a.accept("from a")
		b.accept("from b")
	}
}

// streams are TCP beyond a simple connection.
func streams() map[string]func(*tape) {
	return map[string]func(*tape){
		"self-connect": func(x *tape) {
			s := x.open("s", sock.Inet, sock.TCP)
			_ = s.bind("127.0.0.1", 0)
			_ = s.connect("127.0.0.1", x.last)
			s.names()
			s.send("me")
			s.recv()
		},
		"bound client": func(x *tape) {
			server := x.open("server", sock.Inet, sock.TCP)
			_ = server.bind("127.0.0.1", 0)
			server.listen()
			port := x.last
			client := x.open("client", sock.Inet, sock.TCP)
			_ = client.bind("127.0.0.5", 0)
			_ = client.connect("127.0.0.1", port)
			server.accept("c")
		},
		"same flow twice": func(x *tape) {
			server := x.open("server", sock.Inet, sock.TCP)
			_ = server.bind("127.0.0.1", 0)
			server.listen()
			port := x.last
			a := x.open("a", sock.Inet, sock.TCP, sock.ReuseAddr)
			_ = a.bind("127.0.0.1", 0)
			mine := x.last
			b := x.open("b", sock.Inet, sock.TCP, sock.ReuseAddr)
			_ = b.bind("127.0.0.1", mine)
			_ = a.connect("127.0.0.1", port)
			_ = b.connect("127.0.0.1", port)
			a.listen()
		},
		"reset": func(x *tape) {
			server := x.open("server", sock.Inet, sock.TCP)
			_ = server.bind("127.0.0.1", 0)
			server.listen()
			port := x.last
			client := x.open("client", sock.Inet, sock.TCP)
			_ = client.connect("127.0.0.1", port)
			c := server.accept("c")
			client.send("unread")
			c.close()
			client.recv()
			client.recv()
			other := x.open("other", sock.Inet, sock.TCP)
			_ = other.connect("127.0.0.1", port)
			server.close()
			other.recv()
			other.send("?")
		},
		"wrong calls": func(x *tape) {
			s := x.open("s", sock.Inet, sock.TCP)
			s.send("?")
			s.recv()
			s.accept("c")
			s.listen()
			_ = s.connect("127.0.0.1", 9)
			u := x.open("u", sock.Inet, sock.UDP)
			u.send("?")
			u.listen()
			u.get(sock.TTL)
			u.set(sock.TTL, 0)
			u.set(sock.TTL, 256)
			u.set(sock.ExclusiveAddr, 1)
			u.close()
			u.recv()
		},
	}
}

// datagrams are UDP and multicast beyond a single datagram.
func datagrams() map[string]func(*tape) {
	return map[string]func(*tape){
		"size": func(x *tape) {
			server := x.open("server", sock.Inet, sock.UDP)
			_ = server.bind("127.0.0.1", 0)
			c := x.open("c", sock.Inet, sock.UDP)
			c.sendto(string(make([]byte, 65507)), "127.0.0.1", x.last)
			c.sendto(string(make([]byte, 65508)), "127.0.0.1", x.last)
			server.recv()
			server.recv()
		},
		"connected filter": func(x *tape) {
			s := x.open("s", sock.Inet, sock.UDP)
			_ = s.bind("127.0.0.1", 0)
			port := x.last
			peer := x.open("peer", sock.Inet, sock.UDP)
			_ = peer.bind("127.0.0.2", 0)
			_ = s.connect("127.0.0.2", x.last)
			stranger := x.open("stranger", sock.Inet, sock.UDP)
			_ = stranger.bind("127.0.0.3", 0)
			stranger.sendto("no", "127.0.0.1", port)
			peer.sendto("yes", "127.0.0.1", port)
			s.recv()
			s.recv()
			s.sendto("elsewhere", "127.0.0.3", x.last)
			stranger.recv()
			_ = s.connect("127.0.0.3", x.last)
			s.names()
		},
		"reply from a wildcard": func(x *tape) {
			server := x.open("server", sock.Inet, sock.UDP)
			_ = server.bind("0.0.0.0", 0)
			port := x.last
			for _, from := range []string{"127.0.0.1", "127.0.0.9", "0.0.0.0"} {
				client := x.open("client", sock.Inet, sock.UDP)
				_ = client.bind(from, 0)
				client.sendto("ask", "127.0.0.2", port)
				m, err := server.Recv(10, quiet)
				if err != nil {
					continue
				}
				_ = server.SendTo([]byte("answer"), m.From)
				client.recv()
			}
		},
		"multicast": func(x *tape) {
			for _, f := range []sock.Family{sock.Inet, sock.Inet6} {
				group, wild := to("224.0.0.251", 0).Addr(), "0.0.0.0"
				if f == sock.Inet6 {
					group, wild = to("ff01::114", 0).Addr(), "::"
				}
				s := x.open("s", f, sock.UDP)
				_ = s.bind(wild, 0)
				_ = x.note("s", "join", s.JoinGroup(group, 1), "ok")
				other := x.open("other", f, sock.UDP)
				_ = x.note("other", "join", other.JoinGroup(group, 77), "ok")
				c := x.open("c", f, sock.UDP)
				c.set(sock.MulticastIf, 1)
				c.set(sock.MulticastTTL, 0)
				for loop := range 2 {
					c.set(sock.MulticastLoop, loop)
					c.sendto("all", group.String(), x.last)
					m, err := s.Recv(9, quiet) // its source depends on the addresses of the host's other interfaces
					_ = x.note("s", "recv", err, string(m.Data))
				}
			}
		},
	}
}
